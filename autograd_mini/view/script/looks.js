// Looks: how a number looks in the picture, as view/style.py says.

const isAlarming = x => !isFiniteNumber(x) || Math.abs(x) >= living.looks.exploding;
const flagged = (x, isFlagged) => isFlagged ? `${number(x)} !` : number(x);

function tone(x) {
  const name = isAlarming(x) ? "alarm" : x === 0 ? "zero" : x > 0 ? "positive" : "negative";
  return { name, ...living.looks.tones[name] };
}

// Sizes as 0 to 1, logarithmic, down from the largest; what is not finite is a decade above.
function scale(numbers) {
  const sizes = numbers.map(Math.abs), finite = sizes.filter(x => x > 0 && isFiniteNumber(x));
  const largest = finite.length ? finite.reduce((x, y) => Math.max(x, y)) : 1;
  const top = sizes.every(isFiniteNumber) ? largest : Math.min(10 * largest, Number.MAX_VALUE);
  return x => {
    if (x === 0 || !isFiniteNumber(x)) return x === 0 ? 0 : 1;
    const decades = Math.log10(Math.abs(x)) - Math.log10(top);
    return Math.max(0.05, Math.min(1, 1 + decades / living.looks.decades));
  };
}

// A colour mixed with white.
function tint(colour, depth) {
  const hues = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
  const mixed = hues.map(hue => halfEven(255 + (hue - 255) * living.looks.depth * depth));
  return `#${mixed.map(hue => hue.toString(16).padStart(2, "0")).join("")}`;
}

// Python's round.
function halfEven(x) {
  const nearest = Math.round(x);
  return Math.abs(x) % 1 === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}
