// Film: what each step says, for the numbers of a run, as view/film.py says it for the first ones.

function tell(found) {
  const terms = new Map();
  living.steps.forEach((step, k) => {
    const node = living.computed[step.node];
    const frame = frames[k], receipt = found.receipts[k];
    if (receipt) Object.assign(frame, tellTerm({ ...frame, ...step }, found, receipt, terms));
    else if (frame.phase === "forward") Object.assign(frame, tellData(node, frame, found.data));
  });
}

function tellData(node, { line }, data) {
  const y = data[node.place], answer = figure(y), figures = grow(node.figures, data);
  const isShown = figures.text !== answer.text, sign = signAfter(node.held, answer);
  return {
    figures: isShown ? [figures.text] : [],
    answer: answer.text,
    exact: repr(y),
    head: `${line[0]} ${sign}`,
    signs: [signAfter(node.held, figures), isShown ? signBetween(figures, answer) : sign],
    text: writeData(node.place, data),
  };
}

// The first that is not finite is where the trouble comes from.
function writeData(place, data) {
  const x = data[place], isFirst = data.findIndex(y => !isFiniteNumber(y)) === place;
  return `data ${flagged(x, !isFiniteNumber(x))}${isFirst ? " first" : ""}`;
}

function tellTerm(step, found, { adjoint, partial, term, before, total }, terms) {
  const received = [...terms.get(step.operand) ?? [], term], answer = figure(term);
  terms.set(step.operand, received);
  return {
    figures: ["", number(adjoint), " × ", factor(partial)],
    answer: answer.text,
    exact: repr(term),
    here: tellHere(step, partial, found),
    sum: received.length > 1 ? tellSum(step.operand, [before, term], total) : step.more,
    signs: ["=", signBetween(combine("*", [figure(adjoint), figure(partial)]), answer)],
    text: `grad ${writeGrad(received, total)}`,
    numbers: [...[adjoint, partial, before, total].map(digits), received.length],
  };
}

const digits = x => x instanceof Undefined ? "nan" : repr(x);

function tellHere(step, partial, found) {
  const text = number(partial), book = inBook(step, found);
  const remark = book === null || number(book) === text ? "" : step.remark;
  return remark + (step.formula === text ? "" : `, here ${text}`);
}

// The partial by the formula of the book, where another is computed; it may lose its digits.
function inBook({ node: place, position }, { data }) {
  const node = living.computed[place], { books } = operations[node.operation];
  if (!books[position]) return null;
  return attempt(books[position], [...operandsOf(node, data), data[place]], () => "");
}

function tellSum(operand, terms, total) {
  const sum = terms.map(figure).reduce(add), answer = figure(total);
  const equation = `${sum.text} ${signBetween(sum, answer)} ${answer.text}`;
  return `${living.names[operand]} is used more than once: ${equation}`;
}

// A gradient is written as the sum that it is, unless it explodes.
function writeGrad(terms, total) {
  if (terms.length > 1 && !isAlarming(total) && addsUp(total, terms)) return writeSum(terms, total);
  return flagged(total, isAlarming(total));
}

function addsUp(total, terms) {
  const sum = terms.reduce((x, y) => x + y), size = terms.reduce((x, y) => x + Math.abs(y), 0);
  return Math.abs(total - sum) <= 1e-9 * size || !isFiniteNumber(sum);
}
