// Figures: a formula in numbers alone, as Figures of notation/text.py writes it, and what it is worth.
//
// A fraction is a pair of whole numbers, so that = is only said of what is equal exactly.

const SUM = 0, PRODUCT = 1, POWER = 2, ATOM = 3; // how tightly an operator binds
const INFIX = {
  "+": [SUM, " + ", SUM], "-": [SUM, " - ", PRODUCT],
  "*": [PRODUCT, " × ", PRODUCT], "/": [PRODUCT, " / ", POWER],
};
const BRACKETS = { above: ">", equal: "=" };
const LARGEST_EXPONENT = 400; // of a power that is worked out
const REST = "…"; // the middle of a long sum

class Figures {
  constructor(text, binding = ATOM, worth = null, held = true) {
    Object.assign(this, { text, binding, worth, isHeld: held });
  }
  inside(binding) {
    return this.binding >= binding ? this.text : `(${this.text})`;
  }
  onTheRight(binding) {
    return this.text.startsWith("-") ? `(${this.text})` : this.inside(binding);
  }
}

function figure(x) {
  const text = number(x), hasExponent = /e[+-]/.test(text);
  const binding = text.startsWith("-") ? PRODUCT : hasExponent ? POWER : ATOM;
  return new Figures(text, binding, isFiniteNumber(x) ? fraction(text) : null, isHeld(x));
}

const factor = x => figure(x).onTheRight(SUM);

// A formula is a list, its operator first; an operand is told by the place of its node, and a
// constant by its digits.
function grow(tree, data) {
  if (tree === REST) return new Figures(REST);
  if (typeof tree === "number") return figure(data[tree]);
  if (typeof tree === "string") return figure(toFloat(tree));
  const [name, ...operands] = tree;
  return combine(name, operands.map(x => grow(x, data)));
}

function combine(name, operands) {
  const written = write(name, operands);
  written.worth = workOut(name, operands.map(x => x.worth));
  written.isHeld = operands.every(x => x.isHeld);
  return written;
}

function write(name, operands) {
  const [left, right] = operands;
  if (name === "neg") return new Figures(`-${left.onTheRight(PRODUCT)}`, PRODUCT);
  if (name === "**") return writePower(left, right);
  if (name in BRACKETS) return new Figures(`[${left.text} ${BRACKETS[name]} ${right.text}]`);
  if (!(name in INFIX)) return new Figures(`${name}(${operands.map(x => x.text).join(", ")})`);
  const [binding, sign, after] = INFIX[name];
  return new Figures(left.inside(binding) + sign + right.onTheRight(after), binding);
}

function writePower(base, exponent) {
  const isWhole = exponent.worth !== null && /^-?\d+$/.test(exponent.text);
  const raised = isWhole ? superscript(exponent.text) : `^${exponent.inside(ATOM)}`;
  return new Figures(base.inside(ATOM) + raised, POWER);
}

const superscript = text => text.replace(/[-\d]/g, sign => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

// Fractions

function fraction(text) {
  const [mantissa, exponent = "0"] = text.split("e"), [whole, decimals = ""] = mantissa.split(".");
  const places = Number(exponent) - decimals.length, digits = BigInt(whole + decimals);
  const power10 = 10n ** BigInt(Math.abs(places));
  return places < 0 ? [digits, power10] : [digits * power10, 1n];
}

const ARITHMETIC = {
  "+": ([a, b], [c, d]) => [a * d + c * b, b * d],
  "-": ([a, b], [c, d]) => [a * d - c * b, b * d],
  "*": ([a, b], [c, d]) => [a * c, b * d],
  "/": ([a, b], [c, d]) => c === 0n ? null : [a * d, b * c],
  neg: ([a, b]) => [-a, b],
  "**": raise,
};

function raise([a, b], [c, d]) {
  if (c % d) return null;
  const n = c / d;
  if (a * a === b * b) return [n % 2n ? a : b, b];
  if (a !== 0n && Math.abs(Number(n)) > LARGEST_EXPONENT) return null;
  if (n < 0n) return a === 0n ? null : [b ** -n, a ** -n];
  return [a ** n, b ** n];
}

function workOut(name, worths) {
  return name in ARITHMETIC && !worths.includes(null) ? ARITHMETIC[name](...worths) : null;
}

const isSame = (x, y) => x !== null && y !== null && x[0] * y[1] === y[0] * x[1];

// The sign between two sides in figures, and between letters and figures: = where the printed
// numbers make it true, else ≈.
const signBetween = (left, right) => isSame(left.worth, right.worth) ? "=" : "≈";
const signAfter = (areLettersHeld, right) => areLettersHeld && right.isHeld ? "=" : "≈";

const add = (x, y) => combine("+", [x, y]);

// As captions.py writes the sum in a box: of many terms the middle is left out.
function writeSum(terms, total) {
  const whole = terms.map(figure).reduce(add), sum = figure(total), sign = signBetween(whole, sum);
  const some = [number(terms[0]), factor(terms[1]), REST, factor(terms.at(-1))].join(" + ");
  return `${terms.length > living.looks.meet ? some : whole.text} ${sign} ${sum.text}`;
}
