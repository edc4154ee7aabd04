// Floats: Python's functions of numbers, and Python's errors where there is no result.
//
// What the table calls by a name is here under that name. A function that a browser has is
// guarded: where it gives NaN or Infinity of proper numbers, Python raises an error.

class Failure extends Error {
  constructor(name, message) {
    super(message);
    this.name = name; // Python's class of error
  }
}

const isNumber = x => !Number.isNaN(x), isFiniteNumber = Number.isFinite;

function guarded(f, beyond = "ValueError") {
  return (...operands) => {
    const y = f(...operands);
    if (Number.isNaN(y) && operands.every(isNumber)) throw new Failure("ValueError", words.domain);
    if (Math.abs(y) === Infinity && operands.every(isFiniteNumber)) throw new Failure(beyond, words.domain);
    return y;
  };
}

function divide(a, b) {
  if (b === 0) throw new Failure("ZeroDivisionError", words.division);
  return a / b;
}

// Python's math.pow: 1 to whatever power is 1, and so is -1 to an infinite one.
function pow(a, b) {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  return guarded(Math.pow, a === 0 ? "ValueError" : "OverflowError")(a, b);
}

// The operator ** of a rule.
function power(a, b) {
  if (a === 0 && b < 0) throw new Failure("ZeroDivisionError", words.power);
  try {
    return pow(a, b);
  } catch (error) {
    throw new Failure(error.name, words.overflow);
  }
}

const exponential = a => Math.exp(-Math.abs(a));

// The series of Abramowitz and Stegun 7.1.6, all of whose terms are positive, from the last term
// to the first; beyond 1.5 one minus the continued fraction 7.1.14 of what is left to 1.
function erfSeries(a) {
  let sum = 1;
  for (let n = 50; n > 0; n--) sum = 1 + sum * (2 * a * a) / (2 * n + 1);
  return 2 / Math.sqrt(Math.PI) * a * Math.exp(-a * a) * sum;
}

function erfRest(a) {
  let rest = 0;
  for (let n = 120; n > 0; n--) rest = n / 2 / (a + rest);
  return Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + rest);
}

const functions = {
  exp: guarded(Math.exp, "OverflowError"),
  expm1: guarded(Math.expm1, "OverflowError"),
  log: guarded(Math.log),
  log1p: guarded(Math.log1p),
  sqrt: guarded(Math.sqrt),
  hypot: guarded(Math.hypot, "OverflowError"),
  sin: guarded(Math.sin),
  cos: guarded(Math.cos),
  tan: guarded(Math.tan),
  asin: guarded(Math.asin),
  acos: guarded(Math.acos),
  atan: Math.atan,
  sinh: guarded(Math.sinh, "OverflowError"),
  cosh: guarded(Math.cosh, "OverflowError"),
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: guarded(Math.acosh),
  atanh: guarded(Math.atanh),
  abs: Math.abs,
  erf: a => Math.abs(a) < 1.5 ? erfSeries(a) : Math.sign(a) * (1 - erfRest(Math.abs(a))),
  sech: a => 2 * exponential(a) / (1 + exponential(a) ** 2),
  circle: guarded(a => Math.sqrt((1 - a) * (1 + a))),
  power_log: (a, b) => a === 0 && b > 0 ? 0 : pow(a, b) * guarded(Math.log)(a),
  sigmoid: a => (a > 0 ? 1 : exponential(a)) / (1 + exponential(a)),
  softplus: a => (a > 0 ? a : 0) + Math.log1p(exponential(a)),
  logaddexp: (a, b) => (a > b ? a : b) + Math.log1p(exponential(a === b ? 0 : a - b)),
  portion: (a, b) => (a > b ? 1 : exponential(a === b ? 0 : a - b)) / (1 + exponential(a === b ? 0 : a - b)),
  relu: a => a <= 0 ? 0 : a,
  leaky_relu: a => a > 0 ? a : 0.01 * a,
  above: (a, b) => a > b ? 1 : a <= b ? 0 : a + b,
  equal: (a, b) => a === b ? 1 : a < b || a > b ? 0 : a + b,
  through: (a, b) => b === 0 ? 0 : a * b,
  maximum: (a, b) => a > b ? a : a <= b ? b : a + b,
  minimum: (a, b) => a < b ? a : a >= b ? b : a + b,
};

// What is wrong with the operands of a function, as Python's engine says it.
function explain(error, name, numbers, call) {
  if (!(error instanceof Failure)) return error;
  const needs = living.needs[name] ?? {}, remedy = needs[numbers[0]] ?? needs.otherwise;
  const cause = error.name === "OverflowError" ? words.large : remedy || error.message;
  return new Failure(error.name, `${call}: ${cause}`);
}

function evaluate(name, f, numbers, call) {
  try {
    return f(...numbers);
  } catch (error) {
    throw explain(error, name, numbers, call());
  }
}

// A function within a rule is told by its numbers.
const telling = ([name, f]) => [name, (...numbers) =>
  evaluate(name, f, numbers, () => `${name}(${numbers.map(typed).join(", ")})`)];
// What the operations of a page call.
const library = { pow, power, divide, ...Object.fromEntries(Object.entries(functions).map(telling)) };
