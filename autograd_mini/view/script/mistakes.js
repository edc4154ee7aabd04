// Mistakes: what gives a wrong number, in the words of autograd_mini.stepping.missteps.

// Lists of a wrong number, what one did to get it, and why that is wrong.
function mistakesOf(frame, asked) {
  if (!isTerm(frame)) return [];
  const [adjoint, partial, earlier, total] = numbersOf(frame), term = adjoint * partial;
  const step = living?.steps[at - 1], ofRule = step ? rulesMistaken(step, partial) : [[-partial, "wrong_sign"]];
  const wrong = {
    partial: [...ofRule, [term, "ahead"]],
    product: [
      [partial, "forgot_chain"], [adjoint, "forgot_partial"], [adjoint + partial, "added_factors"],
      ...ofRule.map(([x, name]) => [adjoint * x, name]),
    ],
    sum: [[term, "overwrite"], [earlier, "overwrite"], [-total, "wrong_sign"]],
  }[asked].map(([x, name]) => [x, ...missteps[name]]);
  return asked === "sum" && step && isComplete(step.operand, at) ? [...wrong, ...leaveOutPaths(step.operand)] : wrong;
}

// What wrong rules give for a partial.
function rulesMistaken({ node: place, position, operand, more }, partial) {
  const node = living.computed[place], { wrong } = operations[node.operation];
  const rules = (wrong[position] ?? wrong[0])(...operandsOf(node, found.data), found.data[place], partial);
  const taken = Object.entries(rules).map(([name, rule]) => [attempt(rule, [], () => ""), name]);
  if (more) taken.push(...wholesOf(node, operand));
  return taken.filter(([x]) => typeof x === "number");
}

// What one gives who takes an operand that is used more than once as a whole.
function wholesOf({ place, operands }, operand) {
  const partials = found.partials[place].filter((_, i) => operands[i] === operand);
  return [[partials.reduce((x, y) => x + y), "whole_derivative"], [found.grads.get(operand), "whole_gradient"]];
}

// The sums that one finds who leaves out paths but one; those that leave out the fewest are told.
function leaveOutPaths(place) {
  const paths = (living.paths[place] ?? []).map(([route, edges]) =>
    ({ route, share: edges.reduce((x, [node, position]) => x * found.partials[node][position], 1) }));
  const choices = paths.reduce((some, path) => [...some, ...some.map(x => [...x, path])], [[]]);
  const known = new Map();
  for (const choice of choices.sort((x, y) => x.length - y.length).slice(1, -1)) {
    const kept = sumOf(paths.filter(path => !choice.includes(path))).toPrecision(9);
    const others = known.get(kept) ?? [];
    if (!others.length || others[0].length === choice.length) known.set(kept, [...others, choice]);
  }
  return [...known].map(([kept, left]) => [Number(kept), ...tellLeftOut(left)]);
}

const sumOf = paths => paths.reduce((sum, { share }) => sum + share, 0);

function tellLeftOut([first, ...others]) {
  const isOne = first.length === 1, routes = first.map(({ route }) => route).join(" and ");
  const shares = first.map(({ share }) => number(share)).join(" and ");
  const fill = (name, ...given) => missteps[name].map((text, i) => text.replace("{}", given[i]));
  if (!others.length) return fill(isOne ? "left_path" : "left_paths", routes, shares);
  return isOne ? fill("left_one", "", shares) : fill("left_some", first.length, number(sumOf(first)));
}

function tellMistakes(text, wrong, guess) {
  const named = new Map();
  for (const [x, mistake, reason] of wrong)
    if (isClose(guess, x) && !named.has(mistake)) named.set(mistake, reason);
  const made = [...named].map(([mistake, reason]) => mistake + (named.size === 1 ? reason : ""));
  if (made.length === 0) return `${text} is not it.`;
  return `${text} is not it: you ${made.join("; or you ")}.`;
}
