// Numbers: written for people, as notation/numbers.py writes them.

// A partial that does not exist, and why.
class Undefined {
  constructor(error, where) {
    Object.assign(this, { error, where });
  }
}

// Python's f"{x:.4g}", its zeros kept: of two that are as near it takes the even one.
function significant(x, digits) {
  const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
  const isOdd = mantissa.at(-1) % 2 === 1;
  const even = isOdd && isTie(x, digits) ? mantissa.slice(0, -1) + (mantissa.at(-1) - 1) : mantissa;
  return [even, Number(exponent)];
}

// A tie has one digit more, a 5, and no other: all of its digits tell, which takes long to write.
function isTie(x, digits) {
  const longer = x.toExponential(digits);
  return longer.split("e")[0].endsWith("5") && Number(longer) === x
    && /^0*$/.test(x.toExponential(100).split("e")[0].split(".")[1].slice(digits));
}

function general(x, digits, keepsZeros = false) {
  if (!isFiniteNumber(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  const [mantissa, exponent] = significant(x, digits);
  const trimmed = text => keepsZeros ? text : text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  if (exponent < -4 || exponent >= digits) return `${trimmed(mantissa)}e${exponentText(exponent)}`;
  return trimmed(shifted(mantissa, exponent));
}

function exponentText(exponent) {
  return (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(2, "0");
}

// Move the point of d.ddd by an exponent: a matter of text, so that nothing is rounded again.
function shifted(mantissa, exponent) {
  const sign = mantissa.startsWith("-") ? "-" : "", digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

const isExact = (x, text) => general(toFloat(text), 12) === general(x + 0, 12);

// Only whole numbers of up to six digits are written in full.
function shorten(x) {
  const whole = String(Math.round(x) + 0);
  return Math.abs(x) <= 999999 && isExact(x, whole) ? whole : general(x + 0, 4);
}

// Every number is written several times, on its arrow, in its line and in the list.
function remembered(f) {
  const known = new Map();
  return x => {
    if (known.size > 10_000) known.clear();
    if (!known.has(x)) known.set(x, f(x));
    return known.get(x);
  };
}

const number = remembered(writeNumber);

function writeNumber(x) {
  if (x instanceof Undefined) return "undefined";
  const short = shorten(x);
  if (isExact(x, short)) return short;
  const rounded = general(x, 4, true);
  return rounded.endsWith(".") ? oneDecimal(x) : rounded;
}

// Python's f"{x:.1f}": of two decimals that are as near the even one.
function oneDecimal(x) {
  const text = x.toFixed(1);
  return Math.abs(x) % 1 === 0.25 ? `${text.slice(0, -1)}2` : text;
}

const isHeld = remembered(x =>
  x instanceof Undefined || !isFiniteNumber(x) || isExact(x, number(x)));

// Python's repr: all digits, and an exponent above 1e16 and below 1e-4.
function repr(x) {
  if (!isFiniteNumber(x)) return general(x, 1);
  const [mantissa, exponent] = x.toExponential().split("e");
  if (Object.is(x, -0)) return "-0.0";
  if (exponent < -4 || exponent >= 16) return `${mantissa}e${exponentText(Number(exponent))}`;
  return Number.isInteger(x) ? `${BigInt(x)}.0` : shifted(mantissa, Number(exponent));
}

// A number as Python writes it.
function toFloat(text) {
  return Number(text.replace("inf", "Infinity").replace("nan", "NaN"));
}

// A number as one types it: short where that is the very number.
function typed(x) {
  const short = shorten(x);
  return toFloat(short) === x ? short : repr(x).replace(/\.0$/, "");
}
