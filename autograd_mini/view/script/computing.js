// Computing: the forward and the backward pass over the nodes, which are data.

// Compute all nodes from the data of the leaves, and then the adjoints; change nothing.
function run(leaves) {
  const data = [...leaves], partials = [];
  for (const node of living.nodes) {
    const { name, forward, partials: rules } = operations[node.operation];
    const numbers = operandsOf(node, data), call = () => callOf(node, data);
    const y = evaluate(name, forward, numbers, call);
    data[node.place] = y;
    partials[node.place] = rules.map(rule => rule && attempt(rule, [...numbers, y], call));
  }
  return { data, partials, ...accumulate(partials) };
}

// The operation of a node, and the numbers of its operands, as an error tells them.
function callOf({ call, told: named }, data) {
  const known = named.map(([text, place]) => `${text} = ${typed(data[place])}`);
  const some = known.length > 8 ? [known[0], known[1], "...", known.at(-1)] : known;
  return known.length ? `${call} with ${some.join(", ")}` : call;
}

const operandsOf = (node, data) => node.operands.map(x => typeof x === "string" ? toFloat(x) : data[x]);

function attempt(rule, operands, where) {
  try {
    return rule(...operands);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const divides = error.name === "ZeroDivisionError";
    return new Undefined(divides ? new Failure(error.name, words.slope) : error, where());
  }
}

// Reverse accumulation, in the order of the steps: each step's share, and what was there before.
function accumulate(partials) {
  const grads = new Map([[living.output, 1]]), receipts = [], still = findStill(partials);
  for (const { node, position, operand } of living.steps) {
    if (position === null) {
      receipts.push(null);
      continue;
    }
    const adjoint = grads.get(node), partial = partials[node][position];
    const term = partial instanceof Undefined ? demand(adjoint, partial, still[operand])
      : multiply(adjoint, partial, isFlat(node, position));
    const before = grads.get(operand) ?? (living.computed[operand] ? -0 : 0), total = before + term;
    grads.set(operand, total);
    receipts.push({ adjoint, partial, term, before, total });
  }
  return { grads, receipts };
}

const isFlat = (place, position) => operations[living.computed[place].operation].isFlat[position];

// A term: 0 behind a branch that is off, whatever adjoint arrives there.
function multiply(adjoint, partial, flat) {
  return flat && partial === 0 && !isFiniteNumber(adjoint) ? 0 : adjoint * partial;
}

// The nodes that may stand still while the leaves move a little: no operand has a partial but 0.
function findStill(partials) {
  const still = [];
  for (const { place, operands } of living.nodes)
    still[place] = operands.every((x, i) =>
      typeof x === "string" || still[x] || partials[place][i] === 0);
  return still;
}

// Whether 0 · undefined may count as 0, and whether an operand that may stand still does, is known
// to Python alone, which looks around the point.
function demand(adjoint, { where, error }, isStill) {
  const reached = `the adjoint ${repr(adjoint)} reaches it`;
  if (adjoint !== 0 && !isStill)
    throw new Failure(error.name, `${where} has no derivative there, but ${reached}: ${error.message}`);
  throw new Failure("UndefinedWarning", `${where} has no derivative there, and ${reached}: `
    + "make the page at this point to see more");
}
