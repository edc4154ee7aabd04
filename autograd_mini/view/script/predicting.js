// Predicting: first the partial, then the product, then the sum, each before it is shown.

let predicting = false;
let seen = 0; // the steps whose numbers are known
let stage = 0; // which question of the step is next
let isFirstTry = true;
const score = { asked: 0, first: 0 };

// What is asked at a step. Where the adjoint is that of the output, 1, the product is the partial.
function questionsOf(frame) {
  if (!frame || frame.answer === "") return [];
  if (!isTerm(frame)) return ["answer"];
  const [adjoint, , , , arrival] = frame.numbers;
  return ["partial", ...(adjoint === "1.0" ? [] : ["product"]), ...(arrival > 1 ? ["sum"] : [])];
}

const isTerm = frame => frame.numbers?.length > 0;
const isVeiled = () => predicting && at > seen && stage < questionsOf(frames[at - 1]).length;
const question = () => isVeiled() ? questionsOf(frames[at - 1])[stage] : "";

// What of a step may be said as long as a question is open.
function veil(frame) {
  switch (question()) {
    case "partial": {
      const figures = [...frame.figures.slice(0, 3), "?"];
      return { ...frame, figures, answer: "?", why: frame.given, here: "", sum: "", signs: ["=", "="] };
    }
    case "product": return { ...frame, answer: "?", sum: "", signs: ["=", "="] };
    case "sum": return { ...frame, sum: frame.sum.replace(/ [=≈] \S+$/, " = ?") };
    case "answer": return { ...frame, answer: "?", sum: "" };
    default: return frame;
  }
}

function answerTo(frame) {
  const [, partial, , sum] = numbersOf(frame), answer = toFloat(frame.exact || frame.answer);
  return { partial, product: answer, sum, answer }[question()];
}

const numbersOf = frame => (frame.numbers ?? []).map(x => toFloat(String(x)));

const PROMPTS = {
  answer: () => "Your prediction",
  partial: frame => `Your prediction: the partial ${frame.line.at(-1)}`,
  product: () => "Your prediction: the product",
  sum: () => "Your prediction: the sum",
};

// A formula as an answer: numbers, names, functions, + − · / and powers, read by descent. What
// cannot be read is NaN.
class Reader {
  constructor(text, names) {
    this.names = names;
    this.tokens = tokensIn(text, [...names.keys()]);
  }
  whole() {
    const x = this.sum();
    return this.tokens.length ? NaN : x;
  }
  sum() {
    return this.chain(() => this.product(), { "+": (x, y) => x + y, "-": (x, y) => x - y });
  }
  product() {
    return this.chain(() => this.signed(), { "*": (x, y) => x * y, "/": (x, y) => x / y });
  }
  chain(part, signs) {
    let x = part();
    while (this.tokens[0] in signs) x = signs[this.tokens.shift()](x, part());
    return x;
  }
  signed() {
    if (!this.takes("-")) return this.raised();
    return -this.signed();
  }
  raised() {
    const base = this.atom();
    return this.takes("^") ? base ** this.signed() : base;
  }
  atom() {
    if (this.takes("(")) return this.closed();
    const token = this.tokens.shift();
    if (this.names.has(token)) return this.names.get(token);
    if (token in functions && this.takes("(")) return functions[token](this.closed());
    return /^[\d.]/.test(token) ? Number(token) : NaN;
  }
  closed() {
    const x = this.sum();
    return this.takes(")") ? x : NaN;
  }
  takes(sign) {
    const isNext = this.tokens[0] === sign;
    if (isNext) this.tokens.shift();
    return isNext;
  }
}

function formulaIn(text) {
  const known = living ? living.names.map((name, i) => [name, found.data[i]]) : [];
  return new Reader(text, new Map(known)).whole();
}

const lower = sign => "-0123456789"["⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)];

// The longest name first: a name may hold signs.
function tokensIn(text, names) {
  const plain = text.replaceAll("−", "-").replaceAll(/[·×]/g, "*").replaceAll("**", "^")
    .replaceAll(/[⁻⁰¹²³⁴-⁹]+/g, raised => `^(${[...raised].map(lower).join("")})`);
  const sorted = [...names].sort((a, b) => b.length - a.length);
  const tokens = [];
  for (let rest = plain.trim(); rest; rest = rest.trim()) {
    const name = sorted.find(x => rest.startsWith(x));
    const token = name ?? rest.match(/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|^\w+|^./iu)[0];
    tokens.push(token);
    rest = rest.slice(token.length);
  }
  return tokens;
}

function guessIn(text) {
  const written = text.split("=").at(-1), decimal = written.replace(/^(\s*[-−]?\d*),(\d+\s*)$/, "$1.$2");
  try {
    return formulaIn(decimal);
  } catch {
    return NaN;
  }
}

// Half a unit of the third digit, as the quiz allows.
function isClose(guess, answer) {
  const size = Math.abs(answer), third = size ? 10 ** (Math.floor(Math.log10(size)) - 2) : 0.001;
  return guess === answer || Math.abs(guess - answer) < Math.max(Math.min(third, 1) / 2, 1e-12);
}

function isRight(text, frame) {
  const answer = answerTo(frame), bare = written => written.replaceAll(" ", "");
  const isFormula = question() === "partial" && bare(text) === bare(frame.formula);
  return text === number(answer) || isFormula || isClose(guessIn(text), answer);
}

function check() {
  const text = $("guess").value.trim(), frame = frames[at - 1], guess = guessIn(text);
  if (isRight(text, frame)) unveil("right", "Right.");
  else if (!isFiniteNumber(guess)) judge("wrong", unreadable());
  else {
    isFirstTry = false;
    judge("wrong", `${tellMistakes(text, mistakesOf(frame, question()), guess)} Try again, or reveal.`);
  }
}

function unreadable() {
  const formula = question() === "partial" ? ", or a formula of the names" : "";
  return `Type a number, such as -0.5 or 3/4${formula}.`;
}

function unveil(kind, text) {
  score.asked += 1;
  if (isFirstTry && kind === "right") score.first += 1;
  isFirstTry = true;
  stage += 1;
  if (!isVeiled()) seen = at;
  show();
  const isEnd = seen === at && at === last;
  judge(kind, isEnd ? `${text} ${score.first} of ${score.asked} right at the first try.` : text);
  $(isVeiled() ? "guess" : at === last ? "back" : "next").focus();
}

function reveal() {
  isFirstTry = false;
  const x = answerTo(frames[at - 1]);
  unveil("", `It is ${question() === "answer" ? frames[at - 1].answer : number(x)}.`);
}

const judge = (className, textContent) => Object.assign($("verdict"), { className, textContent });

function togglePredicting() {
  [predicting, seen, stage] = [!predicting, at, 0];
  Object.assign(score, { asked: 0, first: 0 });
  jump(at);
}
