"""Readers: LaTeX and MathML are read back and worked out, by a parser that knows their grammar."""

import math
import re
from xml.etree import ElementTree

from autograd_mini.engine.primitives import TABLE

CALLS = {"arcsin": "asin", "arccos": "acos", "arctan": "atan", "max": "maximum", "min": "minimum"}
TOKEN = re.compile(
    r"\\left\||\\right\||\\left\(|\\right\)|\\frac|\\sqrt|\\cdot|\\times|\\infty|\\mathrm\{e\}"
    r"|\\operatorname\{(?P<function>[^}]*)\}|\\(?P<known>arc\w+|cosh?|sinh?|tanh?|log|max|min)\b"
    r"|\d+(?:\.\d+)?|[-+^{}\[\],<>=]"
)


class Latex:
    """A formula of LaTeX, read from left to right; letters stand for numbers."""

    def __init__(self, text, letters):
        self.text, self.letters = text, letters
        self.found = re.compile("|".join(map(re.escape, sorted(letters, key=len, reverse=True))))
        self.place = 0

    def look(self):
        """Return the next token, a letter before anything else, and its match."""
        while self.text[self.place : self.place + 1].isspace():
            self.place += 1
        letter = self.letters and self.found.match(self.text, self.place)
        return (letter or TOKEN.match(self.text, self.place)), bool(letter)

    def take(self, *wanted):
        """Take one of the tokens; return it, or nothing if another one follows."""
        match, _ = self.look()
        if match and match[0] in wanted:
            self.place = match.end()
            return match[0]
        return ""

    def need(self, wanted):
        """Take a token that must be there."""
        assert self.take(wanted), f"{wanted} at {self.place} in {self.text}"

    def total(self):
        """Read a sum."""
        found = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            found = found + self.product() if sign == "+" else found - self.product()
        return found

    def product(self):
        """Read a product."""
        found = self.power()
        while self.take("\\cdot", "\\times"):
            found *= self.power()
        return found

    def power(self):
        """Read a power, or a base alone."""
        base = self.atom()
        return base ** self.braced() if self.take("^") else base

    def braced(self):
        """Read what stands in braces."""
        self.need("{")
        found = self.total()
        self.need("}")
        return found

    def atom(self):
        """Read what no operator splits."""
        match, is_letter = self.look()
        assert match, f"unread: {self.text[self.place :]}"
        self.place = match.end()
        if is_letter:
            return self.letters[match[0]]
        if name := match["function"] or match["known"]:
            return TABLE[CALLS.get(name, name.replace("\\_", "_"))](*self.operands())
        return self.others(match[0])

    def operands(self):
        """Read operands in parentheses."""
        self.need("\\left(")
        found = [self.total()]
        while self.take(","):
            found.append(self.total())
        self.need("\\right)")
        return found

    def others(self, token):
        """Read what begins with a sign."""
        worth = {"\\mathrm{e}": math.e, "\\infty": math.inf}
        enclosed = {"\\left(": ("\\right)", float), "\\left|": ("\\right|", abs)}
        if token in enclosed:
            end, function = enclosed[token]
            return function(self.until(end))
        if token == "\\frac":
            return self.braced() / self.braced()
        if token == "\\sqrt":
            return math.sqrt(self.braced())
        return self.bracket() if token == "[" else worth.get(token) or float(token)

    def until(self, end):
        """Read a sum and the sign that closes it."""
        found = self.total()
        self.need(end)
        return found

    def bracket(self):
        """Read Iverson's bracket."""
        left, sign = self.total(), self.take("<", ">", "=")
        right = self.until("]")
        return float({"<": left < right, ">": left > right, "=": left == right}[sign])


def read_latex(text, letters):
    """Return what a formula is worth."""
    reader = Latex(text, letters)
    found = reader.total()
    assert not reader.text[reader.place :].strip(), f"unread: {reader.text[reader.place :]}"
    return found


SHAPES = {"mfrac": r"\frac{{{}}}{{{}}}", "msqrt": r"\sqrt{{{}}}", "msup": "{}^{{{}}}"}
SIGNS = {"−": "-", "·": "\\cdot ", "×": "\\times ", "(": "\\left(", ")": "\\right)"}


def read_mathml(text, letters):
    """Return what a formula of MathML is worth."""
    row = ElementTree.fromstring(f"<mrow>{text.replace('&#x2061;', '')}</mrow>")
    return read_latex(as_latex(row, letters), {f"<{x}>": y for x, y in letters.items()})


def as_latex(element, letters):
    """Turn an element of MathML into LaTeX, whose grammar is the same."""
    text, parts = element.text or "", [*element]
    assert not (text and parts), f"stray text: {text}"
    assert not element.tail, f"stray text: {element.tail}"
    texts = [as_latex(x, letters) for x in parts]
    if element.tag in SHAPES:
        return SHAPES[element.tag].format(*texts)
    if element.tag in ("mi", "mtext"):
        return word_as_latex(element, letters)
    return SIGNS.get(text, text) if text else bars_as_latex("".join(texts))


def word_as_latex(element, letters):
    """Turn a word into a letter, Euler's number or a function."""
    text = element.text or ""
    if element.get("mathvariant") == "normal" and text == "e":
        return r"\mathrm{e}"
    return f"<{text}>" if text in letters else rf"\operatorname{{{text}}}"


def bars_as_latex(text):
    """Turn the bars around a row into those that LaTeX tells apart."""
    is_absolute = len(text) > 2 and text[0] == text[-1] == "|"
    return rf"\left|{text[1:-1]}\right|" if is_absolute else text
