// Mistakes: what gives a wrong number, named as in the museum of autograd_mini.teach.

const SIGN = ["have the sign wrong"];
const CHAIN = ["gave the partial alone", ": the chain rule multiplies it by the adjoint"];
const PARTIAL = ["passed the adjoint on as it was", ": the chain rule multiplies it by the partial"];
const ADDED = ["added the factors", ": along a path they multiply"];
const OVERWROTE = ["overwrote instead of adding", ": the terms of several paths add up"];
const AHEAD = ["multiplied by the adjoint already", ", which comes next"];
const OTHER = ["gave an operand the partial of the other one"];
const RESULT = ["gave the data of the result", ", not its derivative"];
const CONSTANT = ["took it for a constant"];
const PRODUCT_RULE = ["took the rule of a product", ", but this is none"];
const NO_EXPONENT = ["left out the exponent as a factor"];
const SAME_EXPONENT = ["did not lower the exponent"];
const INPUT = ["took the input for the output"];
const OUTPUT = ["took the output for the input"];

// Pairs of a wrong number and what one did to get it.
function mistakesOf(frame, asked) {
  if (!isTerm(frame)) return [];
  const [adjoint, partial, earlier, total] = numbersOf(frame), term = adjoint * partial;
  const ofRule = rulesMistaken(living?.steps[at - 1], partial);
  const times = ofRule.map(([x, ...rest]) => [adjoint * x, ...rest]);
  return {
    partial: [[-partial, ...SIGN], ...ofRule, [term, ...AHEAD]],
    product: [
      [partial, ...CHAIN], [adjoint, ...PARTIAL], [adjoint + partial, ...ADDED], [-term, ...SIGN],
      ...times,
    ],
    sum: [[term, ...OVERWROTE], [earlier, ...OVERWROTE], [-total, ...SIGN]],
  }[asked];
}

// What a derivative in a hurry gives; it needs the data of the nodes.
function rulesMistaken(step, partial) {
  if (!step || !found) return [];
  const node = living.computed[step.node], numbers = operandsOf(node, found.data);
  const { name } = operations[node.operation], { position } = step;
  const own = numbers[position], other = numbers[1 - position], y = found.data[step.node];
  const others = found.partials[step.node].filter((_, i) => numbers.length === 2 && i !== position);
  const wrong = others.filter(x => typeof x === "number").map(x => [x, ...OTHER]);
  if (name === "*") wrong.push([own, ...OTHER]);
  if (name === "+" || name === "-") wrong.push([other, ...PRODUCT_RULE]);
  if (name === "**" && typeof node.operands[1] === "string" && other)
    wrong.push([partial / other, ...NO_EXPONENT], [partial * own, ...SAME_EXPONENT]);
  if (numbers.length === 1) wrong.push(...swappedInRule(node, own, y));
  return [...wrong, [y, ...RESULT], [0, ...CONSTANT]];
}

function swappedInRule(node, a, y) {
  const { partials: [rule], books: [book] } = operations[node.operation];
  const pairs = [[[a, a], INPUT], [[y, y], OUTPUT]];
  return pairs.map(([operands, mistake]) => [attempt(book ?? rule, operands, () => ""), ...mistake])
    .filter(([x]) => typeof x === "number");
}

function tellMistakes(text, wrong, guess) {
  const named = new Map();
  for (const [x, mistake, reason = ""] of wrong)
    if (isClose(guess, x) && !named.has(mistake)) named.set(mistake, reason);
  const made = [...named].map(([mistake, reason]) => mistake + (named.size === 1 ? reason : ""));
  if (made.length === 0) return `${text} is not it.`;
  return `${text} is not it: you ${made.join("; or you ")}.`;
}
