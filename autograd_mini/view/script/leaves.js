// Leaves: number fields and sliders; whatever they say, everything follows.

const inputs = new Map($$("#leaves li").map(item => [Number(item.dataset.place), $$("input, span", item)]));
const past = []; // data before each change, for undo
const losses = []; // what L was after each step of learning
let data = []; // of the leaves
let before = null; // the run with which the present one is compared

function initialData() {
  const known = [];
  for (const [place, text] of living.leaves) known[place] = toFloat(text);
  return known;
}

const nameOf = place => living.names[place];

// Take new data, all or none: where Python refuses, everything stays, with Python's words.
function takeIn(changed) {
  const wanted = [...data];
  for (const [place, x] of changed) wanted[place] = x;
  try {
    found = run(wanted);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    complain(`${error.name}: ${error.message}`);
    return false;
  }
  data = wanted;
  complain("");
  return true;
}

const complain = text => setText($("trouble"), text);

// Change leaves and show what follows, compared with the numbers *since*.
function change(changed, since = found) {
  const isTaken = takeIn(changed);
  if (isTaken) {
    before = since;
    followLeaves();
  }
  return isTaken;
}

function followLeaves() {
  tell(found);
  frames.forEach((frame, k) => { texts[k] = rowText(frame); });
  redraw();
  for (const [place] of living.leaves) showLeaf(place);
  showPromise();
  show();
}

const headOf = ({ head, line }) => head || line[0].trimEnd();

function rowText(frame) {
  const { phase, figures, signs, answer } = frame;
  const worked = phase === "backward" ? figures.join("") : "";
  return [headOf(frame), worked, worked && answer ? signs[1] : "", answer].filter(Boolean).join(" ");
}

function showLeaf(place) {
  const [slider, field] = inputs.get(place), x = data[place];
  if (document.activeElement !== field || Number(field.value) !== x) field.value = x;
  if (!slider.max || x < Number(slider.min) || x > Number(slider.max)) Object.assign(slider, reachOf(x));
  slider.value = x;
}

// What a slider goes through from a number, as far to both sides; the largest float is 1.8e308.
function reachOf(x) {
  const far = Math.min(Math.max(4, 2 * Math.abs(x)), 1e307), most = Number.MAX_VALUE;
  const step = 10 ** (Math.ceil(Math.log10(far)) - 3);
  return { min: Math.max(x - far, -most), max: Math.min(x + far, most), step };
}

// What the derivative promised of the change, beside what happened.
function showPromise() {
  const moved = living.leaves.map(([place]) => place)
    .filter(place => before && before.data[place] !== found.data[place]);
  $("promise").hidden = moved.length === 0;
  if (moved.length === 0) return;
  const { output } = living, L = nameOf(output);
  const predicted = moved.reduce((sum, place) =>
    sum + before.grads.get(place) * (found.data[place] - before.data[place]), 0);
  const actual = found.data[output] - before.data[output];
  const which = moved.length > 3 ? `${moved.length} leaves` : moved.map(place =>
    `${nameOf(place)} ${number(before.data[place])} → ${number(found.data[place])}`).join(", ");
  setText($("promise"), `${which}. The gradient promised that ${L} changes by ${number(predicted)}; `
    + `it changed by ${number(actual)}, from ${number(before.data[output])} to ${number(found.data[output])}.`);
}

// Old and new, where a step's number is another now.
function wasText(k) {
  if (!living || !before) return "";
  const { node, operand } = living.steps[k], receipts = [before, found].map(x => x.receipts[k]);
  const numbers = receipts[0] ? receipts.map(x => x.term) : [before, found].map(x => x.data[node]);
  if (operand === null && frames[k].phase === "backward") return "";
  return number(numbers[0]) === number(numbers[1]) ? "" : numbers.map(number).join(" → ");
}

function wasOf(place, isFull) {
  const parts = [["data", before.data[place], found.data[place]]];
  if (isFull) parts.push(["grad", before.grads.get(place), found.grads.get(place)]);
  return parts.filter(([, x, y]) => number(x) !== number(y)).map(([what, x, y]) =>
    `${what} ${number(x)} → ${number(y)}`).join("\n");
}

// A change begins where a slider is taken or a field is entered, and ends where it is left.
let begun = null;

function begin() {
  begun ??= { data: [...data], found };
}

function end() {
  if (begun && begun.data.some((x, i) => x !== data[i])) {
    past.push(begun.data);
    remember();
  }
  begun = null;
  if (living) showUndo();
}

function typedIn(place, text) {
  const x = Number(text);
  if (text === "" || !isFiniteNumber(x)) return;
  begin();
  change([[place, x]], begun.found);
}

function undo() {
  const earlier = past.pop();
  if (!earlier) return;
  losses.pop();
  change(living.leaves.map(([place]) => [place, earlier[place]]));
  remember();
  showUndo();
}

function showUndo() {
  $("undo").disabled = past.length === 0;
  showTrace();
}

// Learning: steps of gradient descent.

function rate() {
  const x = Number($("rate").value);
  return $("rate").value !== "" && isFiniteNumber(x) ? x : null;
}

function learn() {
  if (rate() === null) {
    complain("The rate is a finite number, such as 0.1.");
    return;
  }
  const earlier = [...data], lossBefore = found.data[living.output];
  const moved = living.learners.map(place => [place, data[place] - rate() * found.grads.get(place)]);
  if (!moved.every(([, x]) => isFiniteNumber(x))) {
    complain("The step leads beyond all numbers: lower the rate.");
    return;
  }
  if (!change(moved)) return;
  past.push(earlier);
  if (losses.length === 0) losses.push(lossBefore);
  losses.push(found.data[living.output]);
  showUndo();
  remember();
}

// The trace of L: a line, and its ends in words.
function showTrace() {
  const shown = losses.filter(isFiniteNumber), isSome = shown.length > 1;
  $("trace").hidden = !isSome;
  if (!isSome) return;
  const low = Math.min(...shown), high = Math.max(...shown);
  const points = shown.map((y, i) =>
    `${(100 * i / (shown.length - 1)).toFixed(1)},${(24 - 22 * (y - low) / (high - low || 1)).toFixed(1)}`);
  $("trace").querySelector("polyline").setAttribute("points", points.join(" "));
  const steps = losses.length === 2 ? "1 step" : `${losses.length - 1} steps`;
  setText($("trace").querySelector("span"),
    `${nameOf(living.output)} in ${steps}: ${number(losses[0])} → ${number(losses.at(-1))}`);
}

for (const [place, [slider, field]] of inputs) {
  for (const input of [slider, field]) {
    input.addEventListener("input", () => typedIn(place, input.value));
    input.addEventListener("change", end);
    input.addEventListener("blur", end);
  }
}
