"""Can a GPT be made of scalars?

A transformer, small but whole, learns the names of the chemical elements letter by letter, and
then invents elements of its own. All it knows is 1,280 Values.
"""

# %% The elements, and what is asked for
import argparse
import sys
from functools import reduce
from itertools import chain, pairwise
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from timeit import timeit

ELEMENTS = """hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium
magnesium aluminium silicon phosphorus sulfur chlorine argon potassium calcium scandium titanium
vanadium chromium manganese iron cobalt nickel copper zinc gallium germanium arsenic selenium
bromine krypton rubidium strontium yttrium zirconium niobium molybdenum technetium ruthenium rhodium
palladium silver cadmium indium tin antimony tellurium iodine xenon caesium barium lanthanum cerium
praseodymium neodymium promethium samarium europium gadolinium terbium dysprosium holmium erbium
thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum gold mercury
thallium lead bismuth polonium astatine radon francium radium actinium thorium protactinium uranium
neptunium plutonium americium curium berkelium californium einsteinium fermium mendelevium nobelium
lawrencium rutherfordium dubnium seaborgium bohrium hassium meitnerium darmstadtium roentgenium
copernicium nihonium flerovium moscovium livermorium tennessine oganesson""".split()  # noqa: SIM905
parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--seed", type=int, default=1, help="of weights, lessons and inventions")
parser.add_argument("--steps", type=int, default=500, help="how many in all, one name each")
parser.add_argument("--longest", type=int, default=13, help="letters of a name; 5 learns at once")
parser.add_argument("--file", type=Path, default=Path("build/gpt.json"), help="where it is saved")
parser.add_argument("--resume", action="store_true", help="go on from the file")
options = parser.parse_args([] if "get_ipython" in globals() else None)  # a notebook has none
options.file.parent.mkdir(parents=True, exist_ok=True)

# %% Parameters
# A letter is a row of zeros with a single one; "." stands before and after each name.
from autograd_mini import Value, exp, log, maximum, relu, total, weighted_sum

LETTERS = sorted({".", *"".join(ELEMENTS)})
SIZE, HEADS, LONGEST = 8, 4, max(map(len, ELEMENTS)) + 1
SHAPES = dict.fromkeys(("query", "key", "value", "mix"), (SIZE, SIZE))
SHAPES |= {"letter": (SIZE, len(LETTERS)), "place": (LONGEST, SIZE), "next": (len(LETTERS), SIZE)}
SHAPES |= {"widen": (4 * SIZE, SIZE), "narrow": (SIZE, 4 * SIZE)}
draw = Random(options.seed).gauss
weights = {
    name: [[Value(draw(0, 0.2), f"{name}_{i}_{j}") for j in range(columns)] for i in range(rows)]
    for name, (rows, columns) in SHAPES.items()
}
parameters = [*chain(*chain(*weights.values()))]


def spelled(name):
    """Return the letters of a name as rows of zeros and ones."""
    return [[float(letter == x) for x in LETTERS] for letter in f".{name}."]


# %% The transformer
def linear(matrix, xs):
    """Multiply a matrix by a vector."""
    return [weighted_sum(row, xs) for row in matrix]


def normalised(xs):
    """Divide by the root of the mean square (Zhang and Sennrich 2019)."""
    scale = (weighted_sum(xs, xs) / len(xs) + 1e-5) ** -0.5
    return [x * scale for x in xs]


def log_sum(zs):
    """Return log(Σ exp z), whatever the size of the largest z."""
    largest = reduce(maximum, zs)
    return log(total([exp(z - largest) for z in zs])) + largest


def softmax(zs):
    """Return the probabilities exp z / Σ exp z."""
    whole = log_sum(zs)
    return [exp(z - whole) for z in zs]


def attention(w, xs, past):
    """Read from all letters so far: each head what its query asks for (Vaswani et al. 2017)."""
    past.append((linear(w["key"], xs), linear(w["value"], xs)))
    query, read = linear(w["query"], xs), []
    for start in range(0, SIZE, SIZE // HEADS):
        head = slice(start, start + SIZE // HEADS)
        scores = [weighted_sum(query[head], k[head]) for k, _ in past]
        shares = softmax([score / (SIZE // HEADS) ** 0.5 for score in scores])
        read += linear(zip(*(v[head] for _, v in past), strict=True), shares)
    return linear(w["mix"], read)


def logits(w, letter, past):
    """Score every letter as the next; the past grows by a letter's keys and values."""
    rows = zip(w["letter"], w["place"][len(past)], strict=True)
    xs = normalised([weighted_sum(row, letter, place) for row, place in rows])
    xs = [x + y for x, y in zip(xs, attention(w, normalised(xs), past), strict=True)]
    wide = [relu(x) for x in linear(w["widen"], normalised(xs))]
    return linear(w["next"], [x + y for x, y in zip(xs, linear(w["narrow"], wide), strict=True)])


def loss(w, letters):
    """Return the mean of -log softmax of the right letter, over the letters to foretell."""
    past, pairs = [], pairwise(letters)
    answers = [(logits(w, letter, past), right) for letter, right in pairs]
    return total([log_sum(zs) - weighted_sum(right, zs) for zs, right in answers]) / len(answers)


# %% What the next step depends on: the file holds it, and --resume reads it back
from autograd_mini.optim import Adam
from autograd_mini.saving import read_parameters, write_parameters

optimiser, model, n = Adam(parameters), f"GPT of seed {options.seed}", len(parameters)
keys = [f"{kind} of {w.label}" for kind in ("data", "mean", "square") for w in parameters]
if options.resume:
    try:
        saved = read_parameters(options.file, model, [*keys, "steps"])
    except (OSError, ValueError) as error:
        parser.error(str(error))
    numbers = [saved[key] for key in keys]
    for w, number in zip(parameters, numbers[:n], strict=True):
        w.data = number
    optimiser.means, optimiser.squares = numbers[n : 2 * n], numbers[2 * n :]
    optimiser.steps = int(saved["steps"])


def state():
    """Return the parameters and what the optimiser remembers."""
    numbers = [*(w.data for w in parameters), *optimiser.means, *optimiser.squares]
    return dict(zip(keys, numbers, strict=True)) | {"steps": optimiser.steps}


# %% A program for each length: the graph is the same for all names that have it
from autograd_mini.program import Training, record

short = [name for name in ELEMENTS if len(name) <= options.longest]
course = [Random(f"{options.seed} {step}").choice(short) for step in range(options.steps)]
left, programs, losses = course[optimiser.steps :], {}, []
for name in {len(name): name for name in left}.values():
    rows = [[Value(x) for x in row] for row in spelled(name)]
    program = programs[len(name)] = record(loss(weights, rows), inputs=chain(*rows))
    program.backward(*chain(*spelled(name)))  # the first time, it is compiled
    seconds = [
        timeit(way, timer=process_time, number=3, globals=globals()) / 3
        for way in ("loss(weights, rows).backward()", "program.backward(*chain(*spelled(name)))")
    ]
    print("{:>13}: graph {:.4f} s, program {:.4f} s,".format(name, *seconds), end=" ")
    print(f"{seconds[0] / seconds[1]:4.1f} times as fast", flush=True)

# %% Learning: Ctrl-C stops at once, and saves how things stood after the last whole step
# In the block parameters and optimiser live in arrays; at its end the Values get the numbers.
begun = perf_counter()
try:
    with Training(optimiser) as training:
        for step, name in enumerate(left, optimiser.steps + 1):
            optimiser.rate = 0.02 / (1 + step / 500)
            losses.append(training.step(programs[len(name)], chain(*spelled(name))))
            if step % 50 == 0 or step == options.steps:
                wait = (perf_counter() - begun) / len(losses) * (options.steps - step)
                mean = sum(losses[-50:]) / len(losses[-50:])
                print(f"step {step:4}  loss {mean:.3f}  {wait:3.0f} s left", flush=True)
except KeyboardInterrupt:
    sys.exit(f"stopped after step {optimiser.steps}; --resume goes on")
finally:
    write_parameters(options.file, model, state())

# %% New elements, letter by letter, each drawn by its probability
# The same functions, now on plain numbers.
numbers = {name: [[w.data for w in row] for row in matrix] for name, matrix in weights.items()}
rng = Random(options.seed)
for _ in range(10):
    name, past = "", []
    while len(past) < LONGEST and not name.endswith("."):
        zs = logits(numbers, spelled(name)[-2], past)
        name += rng.choices(LETTERS, softmax([z / 0.7 for z in zs]))[0]
    print(name.strip("."))
