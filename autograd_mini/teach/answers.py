"""Answers: what people write into a paper, read as they mean it, whatever system they wrote it on.

>>> [read_answer(text).number for text in ("−2,0", "2·(-1)", "$-2$", "= -1 + (-1) = -2", "½")]
[-2.0, -2.0, -2.0, -2.0, 0.5]
>>> read_answer("2 or 3").kind, read_answer("  ").kind
('unreadable', 'blank')
"""

import codecs
import math
import re
import unicodedata
from typing import NamedTuple

from autograd_mini.expression import FUNCTIONS, parse

MINUS = dict.fromkeys("−–—‐‑‒﹣－", "-")
SIGNS_READ = MINUS | dict.fromkeys("·×⋅∙∗", "*") | dict.fromkeys("÷∕", "/") | {"^": "**", "∶": ":"}
FRACTIONS = {c: f"({unicodedata.normalize('NFKC', c)})" for c in "¼½¾"}
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
LATEX = (
    (r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"(\1)/(\2)"),
    (r"\\(?:cdot|times)\s*", "*"),
    (r"\\(?:left|right|,|;|!|displaystyle)\s*", ""),
    (r"\\approx\s*", "≈"),
    (r"\{,\}", ","),
)
ANSWER_WORD = re.compile(r"[^\W\d_]+")
LONGEST_ANSWER = 200  # characters of an answer that are looked at


class Answer(NamedTuple):
    """What stands behind a question: its text, and its number if it has one.

    *kind* is "number", "blank", or "unreadable": something for a person to look at.
    """

    text: str
    kind: str
    number: float = math.nan


def read_answer(text: str) -> Answer:
    """Read an answer: a number, a fraction or an expression of numbers, as people write them.

    Typeset signs, ``½``, LaTeX, Markdown around the number, a decimal comma where one comma alone
    stands between digits, ``≈`` before it and words behind it are understood; the last of several
    equal sides counts. Words that hold another number are not: that may be a second answer.
    """
    shown = text.strip()
    plain = tidy(shown[:LONGEST_ANSWER])
    if not plain:
        return Answer(shown, "blank")
    try:
        return Answer(shown, "number", parse(without_words(last_side(plain)), {}).data)
    except (ArithmeticError, ValueError):
        return Answer(shown, "unreadable")


def tidy(text: str) -> str:
    r"""Return a text in plain signs: no Markdown, no LaTeX, no typeset minus, comma or fraction.

    >>> tidy("**–2,5**"), tidy(r"$\frac{1}{2}$"), tidy("____")
    ('-2.5', '(1)/(2)', '')
    """
    text = text.translate(INVISIBLE).partition(" #")[0]
    for pattern, plain in LATEX:
        text = re.sub(pattern, plain, text)
    text = "".join(FRACTIONS.get(x, SIGNS_READ.get(x, x)) for x in text)
    text = unicodedata.normalize("NFKC", re.sub("([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", r"**\1", text))
    text = "".join(SIGNS_READ.get(x, x) for x in text).replace("⁄", "/")
    text = re.sub(r"[`$_]|\*\*(?=\W*$)|^\s*\*\*", "", text).strip()
    return re.sub(r"(?<![\d.,])(\d+),(\d+)(?![\d.,])", r"\1.\2", text).strip()


def last_side(text: str) -> str:
    """Return what stands behind the last sign of equality; nothing where that sign is another one.

    >>> last_side("-1 + -1 = -2"), last_side("a := 1"), last_side("≈ -2")
    ('-2', '', '-2')
    """
    if re.search(r"[:<>!]=|==", text):
        return ""
    words = re.search(r"(?<=[\d)])[\s(,;]+[^\W\d_]", text)  # an equation in words proves nothing
    head, rest = (text[: words.start()], text[words.start() :]) if words else (text, "")
    *_, side = re.split(r"[=≈~]", head)
    return (side + rest).strip()


def without_words(text: str) -> str:
    """Return the expression at the start of a text; nothing where no number stands alone there.

    >>> without_words("-5 (because 1-6)"), without_words("2 or 3"), without_words("minus 2")
    ('-5', '', '-2')
    """
    text = re.sub(r"^minus\s+", "-", text)
    words = [x for x in ANSWER_WORD.finditer(text) if not is_part_of_number(x, text)]
    if not words:
        return text.rstrip(" .,;:")
    head, rest = text[: words[0].start()], text[words[0].start() :]
    remark = re.sub(r"^[^()]*\)", "", rest) if head.rstrip().endswith("(") else rest
    doubtful = re.search(r"\d", re.sub(r"\([^()]*\)", "", remark)) or re.search(r"\bor\b|\?", rest)
    ending = " .,;:(-" if head.rstrip().endswith("(") else " .,;:("
    return "" if doubtful else head.rstrip(ending)


def is_part_of_number(word: re.Match[str], text: str) -> bool:
    """Tell whether a word is a function of the table, or the e of a number such as ``-2e0``."""
    exponent = word[0] in "eE" and re.match(r"[+-]?\d", text[word.end() :])
    return word[0] in FUNCTIONS or bool(exponent and re.search(r"\d\.?$", text[: word.start()]))


# Files and lines ----------------------------------------------------------------------------------


def decode(content: bytes) -> str:
    """Return the text of a file written on any system: UTF-8, UTF-16 or Windows' cp1252.

    >>> decode("∂L/∂a = ½".encode("utf-16")), decode("c·d".encode("cp1252"))
    ('∂L/∂a = ½', 'c·d')
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def find_answer(section: str, prompt: str) -> str:
    r"""Return what a section has behind the prompt or on the next line, or nothing.

    >>> find_answer("- c = 5\n- dL/da =\n  -2\n- dL/db = 1", "∂L/∂a")
    '-2'
    """
    lines = section.splitlines()
    for i, line in enumerate(lines):
        found, answer = find_label(line, canonical(prompt))
        if found:
            following = lines[i + 1] if i + 1 < len(lines) else ""
            return answer or (following.strip() if is_answer_alone(following) else "")
    return ""


def find_label(line: str, prompt: str) -> tuple[bool, str]:
    """Tell whether the prompt stands before a line's first = or ≈; return what is behind it."""
    label, *answers = re.split("≈|~?=", line, maxsplit=1)
    label = re.sub(r"^\s*(?:[-*+•−–—‐]|\d+[.)])?\s*", "", label)
    opened = label[: len(label) - len(label.lstrip("`$*"))]  # Markdown that the answer closes
    inside = "".join(answers).strip().removesuffix(opened[::-1]).strip()
    return bool(answers) and canonical(label) == prompt, inside


def is_answer_alone(line: str) -> bool:
    """Tell whether a line holds an answer and no prompt, heading or list item with a label."""
    is_labelled = re.search("[=≈]", line) or line.lstrip().startswith(("#", "- "))
    return bool(line.strip()) and not is_labelled


def canonical(label: str) -> str:
    r"""Return a label in the one spelling in which labels are compared.

    >>> canonical("∂L/∂a"), canonical(r"\frac{\partial L}{\partial a}"), canonical("?L/?a")
    ('dL/da', 'dL/da', 'dL/da')
    """
    text = re.sub(r"\\[dt]?frac\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{([^{}]*)\}", r"\1/\2", label)
    text = re.sub(r"\\partial\s*|∂|\?", "d", text)
    text = "".join(SIGNS_READ.get(x, x) for x in text.translate(INVISIBLE))
    return re.sub(r"[\s`${}]", "", unicodedata.normalize("NFKC", text)).strip("*_")
