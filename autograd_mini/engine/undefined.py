"""Undefined: the partial that does not exist, such as that of sqrt at 0."""

from collections.abc import Callable
from typing import Any, NoReturn


class UndefinedWarning(RuntimeWarning):
    """A backward pass met 0 · undefined and counted it as 0, which may be wrong.

    The adjoint is 0 at this point only: the derivative of ``sqrt(x)**2`` at 0 is 1, and the chain
    rule cannot say so. Turn it into an error with
    ``warnings.simplefilter("error", UndefinedWarning)``.
    """


class Undefined(float):
    """A partial that does not exist: to multiply an adjoint by it raises an error.

    It is a NaN that remembers why, and the *numbers* for which there is none. In
    ``adjoint * partial`` Python asks the class of the right factor first, if that is a subclass of
    the left one's, so a backward pass needs no check of its own.
    """

    error: Exception
    numbers: tuple[float, ...]

    def __new__(cls, error: Exception, numbers: tuple[float, ...] = ()) -> "Undefined":
        """Make a NaN that remembers the error, without the frames in which it was raised."""
        self = super().__new__(cls, "nan")
        self.error, self.numbers = error.with_traceback(None), numbers
        error.__context__ = None
        return self

    def demand(self, adjoint: float, where: str = "an operation") -> NoReturn:
        """Raise the primitive's own class of error, since an adjoint needs this partial."""
        message = f"{where} has no derivative there, but the adjoint {adjoint} reaches it"
        doubt = ", which may be 0 at this point only" if adjoint == 0 else ""
        raise type(self.error)(f"{message}{doubt}: {self.error}")

    def __rmul__(self, adjoint: float) -> float:
        self.demand(adjoint)

    def __reduce__(self) -> tuple[Any, ...]:
        return Undefined, (self.error, self.numbers)


def multiply(adjoint: float, partial: float) -> float:
    """Return adjoint · partial, and 0 where the adjoint is 0 and the partial does not exist."""
    return 0.0 if isinstance(partial, Undefined) and adjoint == 0 else adjoint * partial


DIVIDES = (
    "its rule divides by 0, since the slope is infinite there or jumps; "
    "keep the operands a little away, such as 1e-9"
)


def attempt(rule: Callable[..., Any], *arguments: Any) -> Any:
    """Apply a rule to operands and their result; return why it cannot be applied, if it cannot."""
    try:
        return rule(*arguments)
    except ZeroDivisionError:  # Python's message differs between its versions, and tells no cause
        return Undefined(ZeroDivisionError(DIVIDES), arguments[:-1])
    except (ArithmeticError, ValueError) as error:
        return Undefined(error, arguments[:-1])
