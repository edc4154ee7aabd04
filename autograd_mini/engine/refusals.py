"""Refusals: what learners try out of habit on a Value, and what to write here instead.

>>> import math
>>> from autograd_mini.engine import Value
>>> math.exp(Value(1.0, "a"))
Traceback (most recent call last):
    ...
TypeError: a Value is no plain number: a.data is its number, and exp(a) stays in the graph
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

NUMBER = "a Value is no plain number: {a}.data is its number, and exp({a}) stays in the graph"
WHOLE = "a Value is no whole number: as an index or a count write int({a}.data)"
ROUNDED = "a Value is no plain number: write {}({{a}}.data); a rounded Value would have no gradient"
JUMPS = "{} jumps where its derivative says nothing: for the number write {}"
POWER = "^ is no power in Python: write {a} ** 2"
MODULUS = "pow with a modulus jumps where its derivative says nothing: write {a} ** b"
OPERANDS = (
    "a Value is made of a number and a label; what it is computed from is noted by operators and "
    "functions, such as a * b and log(a): a function of your own is a Primitive"
)

NUMBER_OF = "the number is {a}.data"
ALWAYS = "every Value has a gradient; for a constant write a plain number"

KEYWORDS = {
    "_children": OPERANDS,
    "_op": OPERANDS,
    "grad": "backward finds it; a Value starts with grad 0",
    "dtype": "every Value is a float",
    "name": "it is called label",
    "requires_grad": ALWAYS,
}
"""What to write instead of arguments that numbers of other libraries are made with."""

TORCH = {
    "create_graph": "gradient(y, xs) returns derivatives that can be differentiated again",
    "gradient": "it is called seed",
    "retain_graph": "a graph is never freed; call backward again, and it adds to the grads",
}
"""What to write instead of arguments that ``backward`` has in PyTorch."""


def refuse(given: Mapping[str, object], where: str, instead: Mapping[str, str] = {}) -> None:
    """Raise TypeError if arguments were *given* that *where* does not have.

    *instead* says what to write for those that other libraries have.

    >>> refuse({}, "SGD")
    >>> refuse({"lr": 0.1}, "SGD", {"lr": "it is called rate"})
    Traceback (most recent call last):
        ...
    TypeError: SGD has no argument lr: it is called rate
    """
    for name in given:
        advice = f": {instead[name]}" if name in instead else f"; see help({where})"
        raise TypeError(f"{where} has no argument {name}{advice}")


def called(label: str) -> str:
    """Return what a remedy calls a Value: its label if that is an identifier, else ``value``.

    >>> called("w1"), called("layer1.w1"), called("")
    ('w1', 'value', 'value')
    """
    return label if label.isidentifier() else "value"


def refused(message: str) -> Callable[..., NoReturn]:
    """Return a method that raises TypeError with this message about ``{a}``, the Value."""

    def method(self: Any, *_others: object) -> NoReturn:
        raise TypeError(message.format(a=called(self.label)))

    return method


class Instead:
    """An attribute that other libraries have and a Value has not: it says what to write instead.

    Each has its own, since a ``__getattr__`` would make Python look up all attributes of a Value
    the slow way: a third of the engine's time.
    """

    def __init__(self, advice: str) -> None:
        self.advice = advice
        self.__doc__ = "Not here: " + advice.format(a="a") + "."

    def __set_name__(self, kind: type, name: str) -> None:
        self.name = name

    def __get__(self, value: Any, kind: type) -> "Instead":
        if value is not None:
            self.refuse(value)
        return self

    def __set__(self, value: Any, _other: object) -> NoReturn:
        self.refuse(value)

    def refuse(self, value: Any) -> NoReturn:
        """Raise AttributeError with the advice about *value*."""
        message = f"{type(value).__name__!r} object has no attribute {self.name!r}"
        advice = self.advice.format(a=called(value.label))
        raise AttributeError(f"{message}: {advice}", name=self.name, obj=value)


class Refusals:
    """What a Value refuses with a remedy; type checkers do not see it, and refuse it themselves."""

    __slots__ = ()

    if not TYPE_CHECKING:
        __float__ = __int__ = __complex__ = refused(NUMBER)
        __index__ = refused(WHOLE)
        __round__, __trunc__ = (refused(ROUNDED.format(x)) for x in ("round", "math.trunc"))
        __floor__, __ceil__ = (refused(ROUNDED.format(x)) for x in ("math.floor", "math.ceil"))
        __mod__ = refused(JUMPS.format("%", "{a}.data % …"))
        __rmod__ = refused(JUMPS.format("%", "… % {a}.data"))
        __floordiv__ = refused(JUMPS.format("//", "{a}.data // …"))
        __rfloordiv__ = refused(JUMPS.format("//", "… // {a}.data"))
        __divmod__ = refused(JUMPS.format("divmod", "divmod({a}.data, …)"))
        __rdivmod__ = refused(JUMPS.format("divmod", "divmod(…, {a}.data)"))
        __xor__ = __rxor__ = refused(POWER)

        _backward = Instead(
            "each operation's rule is in its Primitive; node by node: walk(y).next()"
        )
        _children = Instead("what a Value was computed from is called operands")
        clone = Instead("copy.copy({a}) is a copy, {a} + 0 a new node of the graph")
        cpu = Instead("a Value is a float of Python's: {a}.data")
        detach = Instead("Value({a}.data) is a new leaf, cut off from the graph of {a}")
        item, numpy, tolist = Instead(NUMBER_OF), Instead(NUMBER_OF), Instead(NUMBER_OF)
        pow = Instead("write {a} ** 2")
        requires_grad, requires_grad_ = Instead(ALWAYS), Instead(ALWAYS)
        retain_grad = Instead("every Value keeps its grad")
        shape = Instead("a Value is one number; several are a list of Values")

        # NumPy's names of functions: numpy.arctan(a) asks a Value for its method arctan.
        arcsin, arccos = property(attrgetter("asin")), property(attrgetter("acos"))
        arctan, arcsinh = property(attrgetter("atan")), property(attrgetter("asinh"))
        arccosh, arctanh = property(attrgetter("acosh")), property(attrgetter("atanh"))

        def __dir__(self) -> list[str]:
            """List the attributes, without those that only say what to write instead."""
            names = object.__dir__(self)
            return [x for x in names if not isinstance(getattr(type(self), x, None), Instead)]
