"""Living pages: the graph as data and its operations in JavaScript, so that a page can recompute.

>>> from autograd_mini.engine.primitives import mul
>>> print(write_operation_script(mul, ()))
{ name: "*", forward: (a, b) => a * b, isFlat: [false, false],
  partials: [(a, b, y) => b, (a, b, y) => a], books: [],
  wrong: [(a, b, y, p) => ({ wrong_sign: () => -p, swapped_operands: () => a, \
result: () => y, took_for_constant: () => 0 }), \
(a, b, y, p) => ({ wrong_sign: () => -p, swapped_operands: () => b, \
result: () => y, took_for_constant: () => 0 })] }

One function stands for each kind of operation, written from the table; ``script/floats.js`` has
what the table calls by a name. A primitive of one's own is written out, if its function is made of
what has JavaScript; if not, the page says so and shows the numbers that it was made with.
"""

import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, NamedTuple, Self

from autograd_mini.engine import Value
from autograd_mini.engine.messages import failure
from autograd_mini.engine.primitives import TABLE, Primitive, Quantity, power
from autograd_mini.engine.steady import flat_partials
from autograd_mini.engine.sums import Variadic, affine_sum, sum_of
from autograd_mini.engine.undefined import DIVIDES, Undefined
from autograd_mini.notation.algebra import write_operation
from autograd_mini.notation.javascript import BookScript, JavaScript
from autograd_mini.notation.screen import EXPLODES
from autograd_mini.notation.telling import Teller, Typed
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping.missteps import (
    AT_ANY_STEP,
    AT_SEVERAL,
    OF_PATHS,
    OF_RULES,
    Constants,
    Misstep,
    constants_of,
    read_part,
    write_misstep,
)
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.paths import MOST_LEFT_OUT, count_paths, find_paths
from autograd_mini.stepping.steps import Step
from autograd_mini.stepping.walking import Event
from autograd_mini.view import style
from autograd_mini.view.captions import MEET
from autograd_mini.view.files import read_resource
from autograd_mini.view.scopes import is_parameter
from autograd_mini.view.text import isolate

OPERATORS = {"+", "-", "*", "/", "**", "neg"}
LETTERS = "abcdefgh"
NULL = "null"  # in JavaScript: for a constant, which has no partial
POLES = (0.0, 1.0, -1.0)  # of the functions in the table


class NoScriptError(Exception):
    """A primitive whose function cannot be written in JavaScript."""


# Operations in JavaScript ------------------------------------------------------------------------


@cache
def known_functions() -> frozenset[str]:
    """Return the names of the functions that the page's script has."""
    _, listed = read_resource("script/floats.js").split("const functions = {\n")
    return frozenset(re.findall(r"^  (\w+): ", listed, re.M))


def names_called(script: str) -> list[str]:
    """Return the functions of the page's script that operations call.

    >>> names_called("(a, y) => power(sech(a), 2)")
    ['power', 'sech']
    """
    known = known_functions() | {"pow", "power", "divide"}
    return sorted(known.intersection(re.findall(r"\w+(?=\()", script)))


def is_known(op: Primitive) -> bool:
    """Tell whether the page's script knows a primitive by its name."""
    known = op.name in OPERATORS or op.name in known_functions()
    return known and TABLE.get(op.name) is op


class Traced(JavaScript):
    """JavaScript in which a primitive that the page does not know is written out."""

    __slots__ = ()

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> Self:
        """Write an operation by its name, or apply the function behind it."""
        if is_known(op) or isinstance(op, Variadic):
            return super().apply(op, *operands)
        return cls.of(op.forward(*operands))


class TracedBook(BookScript, Traced):
    """The same by the book."""

    __slots__ = ()


class Letters(NamedTuple):
    """What a function of JavaScript calls its operands, their result and the right partial."""

    operands: list[str]
    y: str = "y"
    partial: str = "p"

    @classmethod
    def of(cls, count: int) -> Self:
        """Choose the letters for so many operands: ``a``, ``b``, … for few, else a list's parts."""
        if count <= len(LETTERS):
            return cls([*LETTERS[:count]])
        *operands, y, partial = (f"x[{i}]" for i in range(count + 2))
        return cls(operands, y, partial)

    def write(self, text: str, *more: str) -> str:
        """Write a function of the operands, and of *more*.

        >>> Letters.of(2).write("a * y", "y"), Letters.of(9).write("x[8] * x[9]", "x[9]")
        ('(a, b, y) => a * y', '(...x) => x[8] * x[9]')
        """
        few = ", ".join([*self.operands, *more])
        return f"({few if len(self.operands) <= len(LETTERS) else '...x'}) => {text}"

    def write_all(self, texts: Sequence[str], *more: str) -> str:
        """Write a list of functions; what is no function is null."""
        written = [text if text == NULL else self.write(text, *more) for text in texts]
        return f"[{', '.join(written)}]"


def write_operation_script(op: Primitive, constants: Constants) -> str:
    """Write a primitive of so many operands as functions of JavaScript.

    *constants* has the exponent of a power: the derivative of x⁰ is 0 everywhere. Empty, it stands
    for as many operands as there are rules. Raises NoScriptError.
    """
    constants = constants or (None,) * len(op.rules)
    letters = Letters.of(len(constants))
    try:
        forward = write_forward(op, [*map(Traced, letters.operands)])
        partials, books = (
            write_partial_rules(kind, op, constants, letters) for kind in (Traced, TracedBook)
        )
    except TypeError as error:
        raise NoScriptError(f"{op.name} has no JavaScript") from error
    shown = [book if book != own else NULL for book, own in zip(books, partials, strict=True)]
    wrong = write_all_wrong(op, constants, [*zip(partials, books, strict=True)])
    return (
        f"{{ name: {json.dumps(op.name)}, forward: {letters.write(forward.text)}, "
        f"isFlat: {json.dumps(flat_partials(op, len(constants)))},\n"
        f"  partials: {letters.write_all(partials, 'y')}, "
        f"books: {letters.write_all(shown if {*shown} != {NULL} else [], 'y')},\n"
        f"  wrong: {letters.write_all(wrong, 'y', 'p')} }}"
    )


def write_forward(op: Primitive, operands: Sequence[Traced]) -> Traced:
    """Write the function, nothing of it simplified."""
    if op is power:  # which raises other errors than the operator does in a rule
        return Traced.write_call("pow", operands)
    if is_known(op):
        return Traced.write(op.name, *operands)
    if isinstance(op, Variadic) and op not in (sum_of, affine_sum):
        raise TypeError(f"{op.name} takes any number of operands")
    return Traced.of(op.forward(*operands))


def write_partial_rules(
    kind: type[JavaScript], op: Primitive, constants: Constants, letters: Letters
) -> list[str]:
    """Write the rule of each operand; that of a constant is not needed."""
    pairs = zip(letters.operands, constants, strict=True)
    operands = [kind(letter) if x is None else x for letter, x in pairs]
    found = op.partials(operands, kind(letters.y), [x is None for x in constants])
    return [NULL if x is None else kind.of(x).text for x in found]


def write_all_wrong(
    op: Primitive, constants: Constants, right: Sequence[tuple[str, str]]
) -> list[str]:
    """Write for each operand what wrong rules give in place of its partial ``p``.

    *right* has the rules of each. Where all that is the same, as in a long sum, it is written once.
    """
    wrong = [
        write_wrong(op, constants, i, rules) if rules[0] != NULL else NULL
        for i, rules in enumerate(right)
    ]
    return wrong[:1] if len({*wrong}) == 1 else wrong


def write_wrong(op: Primitive, constants: Constants, position: int, right: tuple[str, str]) -> str:
    """Write the wrong numbers for one operand, each by its name, and as a function: it may fail."""
    letters = Letters.of(len(constants))
    operands, y, partial = [*map(Traced, letters.operands)], letters.y, letters.partial
    found: dict[tuple[str, str], str] = {}
    for misstep in OF_RULES:
        formula = write_misstep(misstep, op, position, constants)
        read = read_part(formula, operands, Traced(y), Traced(partial))
        text = "" if read is None else Traced.of(read).text
        if text not in ("", partial, *right):
            found.setdefault((misstep.told, text), f"{misstep.name}: () => {text}")
    return f"({{ {', '.join(found.values())} }})"


def needs_of(op: Primitive) -> dict[str, str]:
    """Return what a primitive needs, and what it says at a pole, by the first operand.

    >>> needs_of(TABLE["log1p"])
    {'otherwise': 'needs a number above -1', '-1': 'a pole, where the result would be infinite; \
needs a number above -1'}
    """
    if not callable(needs := op.needs):
        return {"otherwise": needs}
    count = len(op.rules)
    usual = needs(*[-0.5] * count)
    told = {f"{x:g}": needs(*[x] * count) for x in POLES}
    return {"otherwise": usual} | {x: text for x, text in told.items() if text != usual}


# The graph as data -------------------------------------------------------------------------------


class NestedFormula(Symbol):
    """A formula as nested lists: the operator, then the operands."""

    __slots__ = ("tree",)

    tree: Any

    @classmethod
    def of(cls, x: Quantity) -> Self:
        """Return a constant, told by its digits."""
        return x if isinstance(x, cls) else cls(repr(float(x)))

    @classmethod
    def write(cls, name: str, *operands: Self) -> Self:
        """Return an operation on formulas."""
        return cls([name, *(x.tree for x in operands)])

    def __init__(self, tree: Any) -> None:
        super().__init__("")
        self.tree = tree


class NodeRecord(NamedTuple):
    """A computed node as data: operands are told by their places, and constants by their digits."""

    place: int
    operation: int
    operands: list[int | str]
    figures: Any
    """The formula as nested lists."""
    call: str = ""
    """What an error calls the operation, and each operand that it has *told* by a name."""
    told: Sequence[list[Any]] = []
    held: bool = True
    """Whether the constants of the formula are written with all their digits."""


class StepRecord(NamedTuple):
    """A step as data: what of it stays the same whatever the numbers are."""

    node: int
    position: int | None = None
    operand: int | None = None
    more: str = ""
    """That more terms will come, if they will."""
    remark: str = ""
    """What is computed in place of the book's formula, if that is another."""


def tabulate(kind: type[NamedTuple], records: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return the names of the fields, the default of each, and the fields of each record.

    >>> tabulate(StepRecord, [StepRecord(1), StepRecord(2, more="…")])
    [('node', 'position', 'operand', 'more', 'remark'), [None, None, None, '', ''], \
[1], [2, None, None, '…']]
    """
    usual = [kind._field_defaults.get(name) for name in kind._fields]
    return [kind._fields, usual, *(leave_out_usual(record, usual) for record in records)]


def leave_out_usual(record: tuple[Any, ...], usual: list[Any]) -> list[Any]:
    """Return the fields of a record: None in place of each default, and no None at the end."""
    parts = [None if x == y else x for x, y in zip(record, usual, strict=True)]
    while parts and parts[-1] is None:
        del parts[-1]
    return parts


class Living:
    """What a page needs to follow its leaves, written for its script."""

    def __init__(self, graph: Graph, events: Sequence[Event], said: Iterable[Value] = ()) -> None:
        self.graph, self.events = graph, events
        given = {*said}
        parameters = [x for x in graph.leaves if x in given or is_parameter(graph.labels[x])]
        self.learners = parameters or graph.leaves  # what a step of learning changes
        self.place = {node: i for i, node in enumerate(graph)}
        self.grown = {node: NestedFormula(i) for node, i in self.place.items()}
        found = dict.fromkeys((node.op, constants_of(node)) for node in graph.computed)
        self.kinds = {kind: place for place, kind in enumerate(found)}

    @property
    def lacks_a_partial(self) -> bool:
        """Tell whether a step meets a partial that does not exist, and counts as 0."""
        taken = [event for event in self.events if isinstance(event, Step)]
        return any(isinstance(step.partial, Undefined) for step in taken)

    def tell_missing(self) -> str:
        """Say what the page has no JavaScript or no field for; else nothing."""
        if not all(math.isfinite(leaf.data) for leaf in self.graph.leaves):
            return "a leaf is not a finite number"
        try:
            return self.script and ""
        except NoScriptError as error:
            return str(error)

    @cached_property
    def operations(self) -> list[str]:
        """The operations in JavaScript. Raises NoScriptError."""
        return [write_operation_script(op, constants) for op, constants in self.kinds]

    @cached_property
    def script(self) -> str:
        """The operations in JavaScript, made from the functions that they call."""
        written = ",\n".join(self.operations)
        return (
            f"const makeOperations = ({{ {', '.join(names_called(written))} }}) => [\n{written}\n];"
        )

    @property
    def data(self) -> dict[str, Any]:
        """The graph as data."""
        return {
            "names": [*self.graph.values()],
            "leaves": [[self.place[x], repr(x.data)] for x in self.graph.leaves],
            "learners": [self.place[x] for x in self.learners],
            "output": self.place[self.graph.output],
            "nodes": tabulate(NodeRecord, map(self.node, self.graph.computed)),
            "steps": tabulate(StepRecord, map(self.step, self.events)),
            "paths": self.paths(),
            "needs": self.needs(),
            "words": WORDS_OF_PYTHON,
            "looks": LOOKS_IN_SCRIPT,
        }

    def node(self, node: Value) -> "NodeRecord":
        """Describe a computed node."""
        kind = self.kinds[node.op, constants_of(node)]
        call, told = self.tell(node) if names_called(self.operations[kind]) else ("", [])
        return NodeRecord(
            self.place[node],
            kind,
            [self.place[x] if isinstance(x, Value) else repr(x) for x in node.operands],
            write_operation(node.op, node.operands, NestedFormula, self.grown.__getitem__).tree,
            call,
            told,
            self.graph.algebra(node).is_held,
        )

    def tell(self, node: Value) -> tuple[str, list[list[Any]]]:
        """Say what an error calls an operation; one that calls no function has no errors."""
        teller = Teller(node.operands)
        teller.named = {x: isolate(name) for x, name in teller.named.items()}
        told = {x: teller.write(x) for x in self.graph.reads[node]}
        call = write_operation(node.op, node.operands, Typed, told.__getitem__).text
        return call, [[told[x].text, self.place[x]] for x in told if teller.is_named(x)]

    def step(self, event: Event) -> "StepRecord":
        """Describe a step."""
        node = self.place[event.node]
        if not isinstance(event, Step):
            return StepRecord(node)
        computed = event.computed_as
        remark = "" if computed == f" (computed as {event.formula})" else computed
        operand = self.place[event.operand]
        return StepRecord(node, event.position, operand, more_to_come(event), remark)

    def needs(self) -> dict[str, dict[str, str]]:
        """Return what the primitives that occur need where they fail."""
        called = [op for name, op in TABLE.items() if f"{name}(" in self.script]
        used = [*called, *(op for op, _ in self.kinds)]
        return {op.name: needs_of(op) for op in used if op.needs}

    def paths(self) -> dict[int, list[Any]]:
        """Return the few paths to each node that is used more than once, to leave some out."""
        found = {}
        for node in [x for x, count in self.graph.uses.items() if count > 1]:
            ways = count_paths(self.graph, node)
            if ways[self.graph.output] <= MOST_LEFT_OUT:
                paths = find_paths(self.graph, node, ways)
                found[self.place[node]] = [
                    [path.route, [(self.place[x.node], x.position) for x in path.edges]]
                    for path in paths
                ]
        return found

    def missteps(self) -> list[Misstep]:
        """Return what one may do wrong at a step of this graph."""
        script = self.script
        of_rules = [x for x in OF_RULES if f"{x.name}: ()" in script]
        several = AT_SEVERAL if any(count > 1 for count in self.graph.uses.values()) else ()
        return [*of_rules, *several, *(OF_PATHS if self.paths() else ())]


def words_of(living: Living | None) -> dict[str, list[str]]:
    """Return the words for each misstep that the script may have to tell, by its name."""
    told = [*AT_ANY_STEP, *(living.missteps() if living else ())]
    return {x.name: [x.told, x.reason] for x in told}


def more_to_come(step: Step) -> str:
    """Announce at the first term of a node that others will come; nothing if none will."""
    name = step.graph[step.operand]
    several = step.graph.uses[step.operand] > 1
    return f"{name} is used more than once: more terms will come" if several else ""


# What the script takes from Python ---------------------------------------------------------------


def said_by(fails: Callable[[], object]) -> str:
    """Return what Python says where it has no result.

    >>> said_by(lambda: math.sqrt(-1.0)).split()[-1] in ("error", "-1.0")
    True
    """
    try:
        return f"there is a result: {fails()}"
    except (ArithmeticError, ValueError) as error:
        return str(error)


WORDS_OF_PYTHON = {
    "division": said_by(lambda: operator.truediv(1.0, 0.0)),
    "power": said_by(lambda: operator.pow(0.0, -1.0)),
    "overflow": said_by(lambda: operator.pow(1e300, 2.0)),
    "domain": said_by(lambda: math.sqrt(-1.0)),
    "slope": DIVIDES,
    "large": failure(TABLE["exp"], [1.0], [1.0], OverflowError()).partition(": ")[2],
}


PATTERNS = {"solid": "", "dashed": "5,2", "dotted": "1,5"}  # as Graphviz draws these lines
LOOKS_IN_SCRIPT = {
    "exploding": EXPLODES,
    "decades": style.DECADES,
    "depth": style.DEPTH,
    "meet": MEET,
    "tones": {
        name: {part: getattr(tone, part) for part in ("colour", "fill", "text", "frame", "width")}
        | {"dash": PATTERNS[tone.line], "onArrow": tone.on_arrow}
        for name, tone in style.TONES.items()
    },
}
