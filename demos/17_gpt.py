"""Can a GPT be made of scalars?

A transformer, small but whole: it reads the names of the chemical elements, learns which letter
follows which, and invents elements of its own. Every number in it is a Value, or a plain float.

Options: --seed, --steps (in all), --file to save to, --resume to go on from there.
"""

# %% The names, and what is asked for
import argparse
import math
import sys
import time
from functools import reduce
from itertools import pairwise
from pathlib import Path
from random import Random

ELEMENTS = """hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium
magnesium aluminium silicon phosphorus sulfur chlorine argon potassium calcium scandium titanium
vanadium chromium manganese iron cobalt nickel copper zinc gallium germanium arsenic selenium
bromine krypton rubidium strontium yttrium zirconium niobium molybdenum technetium ruthenium
rhodium palladium silver cadmium indium tin antimony tellurium iodine xenon caesium barium
lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium dysprosium
holmium erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum
gold mercury thallium lead bismuth polonium astatine radon francium radium actinium thorium
protactinium uranium neptunium plutonium americium curium berkelium californium einsteinium fermium
mendelevium nobelium lawrencium rutherfordium dubnium seaborgium bohrium hassium meitnerium
darmstadtium roentgenium copernicium nihonium flerovium moscovium livermorium tennessine
oganesson""".split()

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--file", type=Path, default=Path("build", "gpt.json"))
parser.add_argument("--resume", action="store_true")
options = parser.parse_args()

# %% Parameters
# A letter is a row of zeros with a single one; "." stands before and after each name.
from autograd_mini import Value, exp, log, maximum, relu, total, weighted_sum

LETTERS = sorted({".", *"".join(ELEMENTS)})
WIDTH, HEADS, LONGEST = 8, 4, max(map(len, ELEMENTS)) + 1
SHAPES = {
    "letters": (WIDTH, len(LETTERS)),
    "places": (LONGEST, WIDTH),
    "query": (WIDTH, WIDTH),
    "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH),
    "mix": (WIDTH, WIDTH),
    "widen": (4 * WIDTH, WIDTH),
    "narrow": (WIDTH, 4 * WIDTH),
    "choose": (len(LETTERS), WIDTH),
}
draw = Random(options.seed).gauss
weights = {
    name: [
        [Value(draw(0, 0.2), f"{name}_{i}_{j}") for j in range(columns)] for i in range(rows)
    ]
    for name, (rows, columns) in SHAPES.items()
}
parameters = [w for matrix in weights.values() for row in matrix for w in row]


def spelled(name):
    """Return a name as rows of zeros and ones."""
    return [[float(letter == x) for x in LETTERS] for letter in f".{name}."]


# %% The transformer
# Plain functions of weights: Values to learn with, or, once it has learnt, floats.
def linear(matrix, xs):
    """Multiply a matrix by a vector."""
    return [weighted_sum(row, xs) for row in matrix]


def normalised(xs):
    """Divide by the root of the mean square (Zhang and Sennrich 2019)."""
    scale = (weighted_sum(xs, xs) / len(xs) + 1e-5) ** -0.5
    return [x * scale for x in xs]


def shifted(logits):
    """Subtract the largest, so that no exponential overflows; softmax stays the same."""
    largest = reduce(maximum, logits)
    return [z - largest for z in logits]


def softmax(logits):
    """Turn numbers into probabilities, in proportion to their exponentials."""
    exponentials = [exp(z) for z in shifted(logits)]
    whole = total(exponentials)
    return [e / whole for e in exponentials]


def attention(w, xs, keys, values):
    """Read from the letters so far, each head what its query asks for (Vaswani et al. 2017)."""
    keys.append(linear(w["key"], xs))
    values.append(linear(w["value"], xs))
    query, size, found = linear(w["query"], xs), WIDTH // HEADS, []
    for start in range(0, WIDTH, size):
        head = slice(start, start + size)
        scores = [weighted_sum(query[head], key[head]) / math.sqrt(size) for key in keys]
        shares = softmax(scores)
        found += [weighted_sum(shares, xs) for xs in zip(*[v[head] for v in values], strict=True)]
    return linear(w["mix"], found)


def logits(w, letter, place, keys, values):
    """Say how likely each letter is to follow; remember this one's key and value."""
    both = zip(w["letters"], w["places"][place], strict=True)
    xs = normalised([weighted_sum(row, letter, p) for row, p in both])
    read = attention(w, normalised(xs), keys, values)
    xs = [x + r for x, r in zip(xs, read, strict=True)]
    wide = [relu(x) for x in linear(w["widen"], normalised(xs))]
    xs = [x + n for x, n in zip(xs, linear(w["narrow"], wide), strict=True)]
    return linear(w["choose"], xs)


def loss(w, letters):
    """Return the mean surprise, -log softmax, at each next letter."""
    keys, values, surprises = [], [], []
    for place, (letter, following) in enumerate(pairwise(letters)):
        zs = shifted(logits(w, letter, place, keys, values))
        surprises.append(log(total([exp(z) for z in zs])) - weighted_sum(following, zs))
    return total(surprises) / len(surprises)
