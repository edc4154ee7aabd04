"""Letters: names as books write them.

>>> [str(read_letter(name)) for name in ("w1", "theta_1", "layer2.neuron4.w2", "x_max", "rate")]
['w₁', 'θ₁', 'w⁽²⁾₄₂', 'x_max', 'rate']
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

NAMES_OF_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
GREEK: dict[str, str] = dict(
    zip(NAMES_OF_LETTERS.split(), "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", strict=True)
)

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")

IN_LAYER = re.compile(r"layer(\d+)\.(?:neuron(\d+)\.)?(\w+)")  # as a network labels its values
IN_LIST = re.compile(r"([^\W\d_]+)((?:\[\d+\])+)")  # w[0][1]
NUMBERED = re.compile(r"([^\W\d_]+)_?(\d+)")
INDEXED = re.compile(r"([^\W\d_])_([^\W_]{1,3})")  # w_ij, x_max
WORD = re.compile(r"[^\W\d_]+")


class Letter(NamedTuple):
    """A name taken apart: a word, its indices, and the layer that it belongs to."""

    word: str  # the letter or word itself, Greek where it is the name of a Greek letter
    lower: tuple[str, ...] = ()  # the indices below it
    upper: str = ""  # the number of the layer, which stands above it in parentheses
    is_text: bool = False  # whether it is no letter with indices but any text, shown as it is

    @property
    def indices(self) -> str:
        """The indices in one: with commas between them where they would run together.

        >>> Letter("w", ("4", "2")).indices, Letter("w", ("4", "12")).indices
        ('42', '4,12')
        """
        return ("" if all(len(x) == 1 for x in self.lower) else ",").join(self.lower)

    def __str__(self) -> str:
        above = f"({self.upper})".translate(SUPERSCRIPTS) if self.upper else ""
        below = self.indices.translate(SUBSCRIPTS) if self.indices.isdigit() else f"_{self.indices}"
        return f"{self.word}{above}{below if self.lower else ''}"


def read_letter(name: str) -> Letter:
    """Take a name apart; one that is no letter with indices stays a text.

    >>> read_letter("w[0][1]").lower, read_letter("layer2.neuron4.w2").upper
    (('0', '1'), '2')
    >>> read_letter("a + b").is_text
    True
    """
    inside = IN_LAYER.fullmatch(name)
    layer, neuron, last = inside.groups("") if inside else ("", "", name)
    word: str = last
    indices: tuple[str, ...] = ()
    if found := IN_LIST.fullmatch(last):
        word, indices = found[1], tuple(re.findall(r"\d+", found[2]))
    elif found := NUMBERED.fullmatch(last) or INDEXED.fullmatch(last):
        word, indices = found[1], (found[2],)
    elif not WORD.fullmatch(last):
        return Letter(name, is_text=True)
    lower = (neuron, *indices) if neuron else indices
    return Letter(GREEK.get(word, word), lower, layer)


def choose_letters(names: Iterable[str]) -> dict[str, Letter]:
    """Return the letter of each name; names that would be one and the same letter stay texts.

    >>> {name: str(letter) for name, letter in choose_letters(["w1", "w_1", "b"]).items()}
    {'w1': 'w1', 'w_1': 'w_1', 'b': 'b'}
    """
    letters = {name: read_letter(name) for name in names}
    count = Counter(map(str, letters.values()))
    return {
        name: letter if count[str(letter)] == 1 else Letter(name, is_text=True)
        for name, letter in letters.items()
    }
