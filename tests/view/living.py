"""What the page's script computes, run by node without a browser, and by Python beside it."""

import json
import random
import re
import subprocess
from contextlib import suppress

from autograd_mini import Value, recompute, topological_order, total, weighted_sum
from autograd_mini.engine import primitives
from autograd_mini.engine.primitives import TABLE
from autograd_mini.view.files import read_resource
from autograd_mini.view.generate import PURE
from autograd_mini.view.page import page

SCRIPT = "\n".join(read_resource(f"script/{part}.js") for part in PURE)

# What a page does with new data for its leaves, without a picture.
FOLLOW = """
const follow = leaves => {
  const data = [];
  for (const [place, x] of leaves) data[place] = x;
  try { tell(run(data)); } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.name}: ${error.message}`;
  }
  return frames;
};
living.computed = [];
for (const node of living.nodes) living.computed[node.place] = node;
const operations = makeOperations(library);
"""


# Each case has names of its own; frames that change are copied before the next change.
RUN = """
const vm = require("vm");
const given = JSON.parse(require("fs").readFileSync(0));
const script = new vm.Script(given.script);
const answers = given.cases.map(known => {
  const context = vm.createContext(known);
  script.runInContext(context);
  return vm.runInContext(known.asks, context);
});
process.stdout.write(`[${answers.join(",")}]`);
"""


def run_node(cases):
    """Run the part of the script that needs no page; each case *asks* for a text of JSON."""
    done = subprocess.run(
        ["node", "-e", RUN],
        input=json.dumps({"script": SCRIPT, "cases": cases}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def read_data(made, name):
    """Read data for the script back out of a page."""
    return json.loads(re.search(f'id="{name}">(.*?)</script>', made.html, re.S)[1])


def read_frames(made):
    """Read the frames back out of a page, whole."""
    return read_table(read_data(made, "frames")[1])


def read_table(table):
    """Read the records of a table back, whole."""
    names, usual, *records = table
    rows = [record + [None] * (len(names) - len(record)) for record in records]
    whole = [[y if x is None else x for x, y in zip(row, usual, strict=True)] for row in rows]
    return [dict(zip(names, row, strict=True)) for row in whole]


def parts_of(made):
    """Read the data and the operations back out of a page."""
    operations = re.search(r"<script>\n(const makeOperations.*?)</script>", made.html, re.S)[1]
    living = read_data(made, "living")
    living |= {name: read_table(living[name]) for name in ("nodes", "steps")}
    return read_frames(made), living, operations


def follow_all(cases):
    """Return what the script of each page says for each of its inputs; cases are (page, inputs)."""
    given = []
    for made, inputs in cases:
        frames, living, operations = parts_of(made)
        asks = f"{operations}\n{FOLLOW}\n`[${{inputs.map(x => JSON.stringify(follow(x)))}}]`"
        known = {"frames": frames, "living": living, "words": living["words"], "inputs": inputs}
        given.append(known | {"asks": asks})
    return run_node(given)


def follow_in_python(y, leaves, place):
    """Return what Python's page says with this data, or the error that Python raises."""
    nodes = {place[x]: x for x in place}
    for at, x in leaves:
        nodes[at].data = x
    try:
        recompute(y)
        made = page(y, live=False)
    except (ArithmeticError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    frames = read_frames(made)
    stops = frames[-1]["line"] == ["The backward pass stops here."]
    return frames[-1]["why"] if stops else frames


UNARY = [op for op in TABLE.values() if len(op.rules) == 1]
BINARY = [op for op in TABLE.values() if len(op.rules) == 2]
EXPONENTS = (2.0, 3.0, -1.0, 0.5, -2.0, 0.0, 1.0, 1 / 3)


def random_graph(rng):
    """Return an expression over the whole table, and its leaves."""
    leaves = [Value(round(rng.uniform(-3, 3), 2), name) for name in "abc"]
    pool = [*leaves]
    while len(pool) < 9:
        with suppress(ArithmeticError, ValueError):
            pool.append(random_operation(rng, pool))
    return pool[-1]


def random_operation(rng, pool):
    """Apply some primitive to nodes of the pool."""
    a, b = rng.choice(pool), rng.choice([*pool, round(rng.uniform(-3, 3), 2)])
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(UNARY)(a)
    if kind < 0.5:
        return a ** rng.choice(EXPONENTS)
    if kind < 0.55:
        return total([a, *rng.sample(pool, 2), 1.5])
    if kind < 0.6:
        return weighted_sum(pool[:3], [a, 2.0, rng.choice(pool)], rng.choice([0.0, a]))
    return rng.choice([*BINARY, *ARITHMETIC])(a, b)


ARITHMETIC = 2 * [primitives.add, primitives.sub, primitives.mul, primitives.div]


def random_cases(seed, count, inputs=3):
    """Yield expressions that can be followed, each with its page and some data for its leaves."""
    rng = random.Random(seed)
    while count:
        y = random_graph(rng)
        made = page(y)
        if "const makeOperations" not in made.html:
            continue
        place = {x: i for i, x in enumerate(topological_order(y))}
        leaves = [x for x in place if not x.operands]
        given = [[[place[x], choose_number(rng)] for x in leaves] for _ in range(inputs)]
        yield y, made, given, place
        count -= 1


def choose_number(rng):
    """Return a number as one types it, now and then one at a corner."""
    return (
        rng.choice([0.0, 1.0, -1.0, 2.0, 1e3, 1e-5])
        if rng.random() < 0.2
        else round(rng.uniform(-3, 3), 3)
    )
