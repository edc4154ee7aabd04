"""Expressions typed as text: what is read, what is refused and in which words."""

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_mini
from autograd_mini import Value, topological_order
from autograd_mini.expression import FUNCTIONS, ExpressionError, assignments, parse
from tests.messages import opening

GIVEN = {"a": 2.0, "b": -3.0, "c": 10.0, "alpha": 1.0, "β": 1.0}

REFUSED = [
    # what reaches out of the expression
    ("__import__('os')", ExpressionError, "no function is called '__import__' (column 1: "),
    ("__import__('os').system('ls')", ExpressionError, "no function is called 'system'"),
    ("eval('1')", ExpressionError, "no function is called 'eval'"),
    ("print(a)", ExpressionError, "no function is called 'print'"),
    ("a.__class__", ExpressionError, "an attribute is not allowed (column 1: 'a.__class__')"),
    ("a.exp().__init__", ExpressionError, "an attribute is not allowed"),
    ("exp.__call__(a)", ExpressionError, "no function is called '__call__'"),
    ("b + a.data", ExpressionError, "an attribute is not allowed (column 5: 'a.data')"),
    ("a.backward()", ExpressionError, "no function is called 'backward'"),
    ("(a*b).zero_grad()", ExpressionError, "no function is called 'zero_grad'"),
    ("a.exp", ExpressionError, "an attribute is not allowed"),
    # other parts of Python
    ("lambda: a", ExpressionError, "a lambda is not allowed (column 1: 'lambda: a'); allowed are"),
    (
        "(lambda: a)()",
        ExpressionError,
        "a call of something without a name (a product has a *) is not allowed",
    ),
    ("[x for x in (1, 2)]", ExpressionError, "a comprehension is not allowed"),
    ("exp(x for x in a)", ExpressionError, "a comprehension is not allowed (column 4: "),
    ("{x for x in a}", ExpressionError, "a comprehension is not allowed"),
    ("{x: x for x in a}", ExpressionError, "a comprehension is not allowed"),
    ("a[0]", ExpressionError, "a subscript is not allowed"),
    ("[a, b]", ExpressionError, "a list is not allowed"),
    ("(a, b)", ExpressionError, "a comma (2.5 has a point) is not allowed"),
    ("a,", ExpressionError, "a comma (2.5 has a point) is not allowed"),
    ("{a}", ExpressionError, "a set is not allowed"),
    ("{}", ExpressionError, "a dictionary is not allowed"),
    ("f'{a}'", ExpressionError, "a string is not allowed"),
    ("a < b", ExpressionError, "a comparison is not allowed"),
    ("a == b", ExpressionError, "a comparison is not allowed"),
    ("a and b", ExpressionError, "a logical operator is not allowed"),
    ("not a", ExpressionError, "the operator not is not allowed"),
    ("a if b else c", ExpressionError, "a condition is not allowed"),
    ("(z := 2)", ExpressionError, "an assignment is not allowed"),
    ("await a", ExpressionError, "a word of Python is not allowed"),
    ("exp(a=1)", ExpressionError, "a keyword argument is not allowed (column 5: 'a=1')"),
    ("exp(**a)", ExpressionError, "a keyword argument is not allowed"),
    ("exp(*a)", ExpressionError, "a starred operand is not allowed"),
    # operators that are not in the table
    ("a % b", ExpressionError, "the operator % is not allowed (column 1: 'a % b')"),
    ("a // b", ExpressionError, "the operator // is not allowed"),
    ("a @ b", ExpressionError, "the operator @ is not allowed"),
    ("a & b", ExpressionError, "the operator & is not allowed"),
    ("a | b", ExpressionError, "the operator | is not allowed"),
    ("a << b", ExpressionError, "the operator << is not allowed"),
    ("a >> b", ExpressionError, "the operator >> is not allowed"),
    ("~a", ExpressionError, "the operator ~ is not allowed"),
    ("a^2", ExpressionError, "for ^ type ** (in 'a^2')"),
    ("a·b", ExpressionError, "for · type * (in 'a·b')"),
    ("tanh(a)²", ExpressionError, "for ² type **2"),
    ("a − b", ExpressionError, "for − type -"),
    # what is no real number
    ("a + 'b'", ExpressionError, "what is no real number is not allowed (column 5: \"'b'\")"),
    ("b'x'", ExpressionError, "what is no real number is not allowed"),
    ("1j", ExpressionError, "what is no real number is not allowed"),
    ("True", ExpressionError, "what is no real number is not allowed"),
    ("None", ExpressionError, "what is no real number is not allowed"),
    ("...", ExpressionError, "what is no real number is not allowed"),
    ("1e999", ExpressionError, "a number too large for a float (column 1: '1e999')"),
    ("9" * 400, ExpressionError, "a number too large for a float"),
    ("9" * 5000, ExpressionError, "'999…is no expression (Exceeds the limit"),
    # names
    ("x", ExpressionError, "the name 'x' has no number (column 1: 'x'); given are a, b, c, alpha"),
    (
        "a*alpa",
        ExpressionError,
        "the name 'alpa' has no number (column 3: 'alpa'); did you mean alpha? given are a, b",
    ),
    ("é + x", ExpressionError, "the name 'é' has no number"),
    ("a*β*x[0]", ExpressionError, "a subscript is not allowed (column 5: 'x[0]')"),
    ("exp + 1", ExpressionError, "exp is a function (column 1: 'exp'); write exp(…)"),
    ("a(b)", ExpressionError, "a is a number (column 1: 'a(b)'); for a product write a*(…)"),
    (
        "2(a)",
        ExpressionError,
        "a call of something without a name (a product has a *) is not allowed",
    ),
    (
        "max(a, b)",
        ExpressionError,
        "no function is called 'max' (column 1: 'max(a, b)'); did you mean maximum? there are abs",
    ),
    ("maximum(a)", ExpressionError, "maximum got 1 operands (column 1: 'maximum(a)'); it takes 2"),
    ("a.maximum(b, c)", ExpressionError, "maximum got 3 operands"),
    ("exp()", ExpressionError, "exp got 0 operands"),
    ("a.exp(b)", ExpressionError, "exp got 2 operands (column 1: 'a.exp(b)'); it takes 1"),
    # texts that cannot be parsed
    ("", ExpressionError, "the expression is empty"),
    (" \n ", ExpressionError, "the expression is empty"),
    ("2a", ExpressionError, "'2a' is no expression (for 2a type 2*a, column 1)"),
    (
        "1 + 2.5rate*3",
        ExpressionError,
        "'1 + 2.5rate*3' is no expression (for 2.5rate type 2.5*rate",
    ),
    ("1e5a", ExpressionError, "'1e5a' is no expression (for 1e5a type 1e5*a, column"),
    ("1_000a", ExpressionError, "'1_000a' is no expression (for 1_000a type 1_000*a, column"),
    ("0x1g", ExpressionError, "'0x1g' is no expression (invalid hexadecimal literal"),
    ("a2 b", ExpressionError, "'a2 b' is no expression (invalid syntax"),
    ("a#b", ExpressionError, "# is not allowed (in 'a#b'); allowed are numbers"),
    ("a # b", ExpressionError, "# is not allowed (in 'a # b')"),
    ("a b", ExpressionError, "'a b' is no expression (invalid syntax, column 3)"),
    ("(a", ExpressionError, "'(a' is no expression ('(' was never closed"),
    ("a)", ExpressionError, "'a)' is no expression (unmatched ')', column 2"),
    ("a = 2", ExpressionError, "'a = 2' is no expression (an expression has no =, column 3"),
    (
        "ab",
        ExpressionError,
        "the name 'ab' has no number (column 1: 'ab'); for a product type a*b",
    ),
    ("math.exp(a)", ExpressionError, "math has no number (column 1: 'math.exp(a)'); write exp(…)"),
    ("tahn(a)", ExpressionError, "no function is called 'tahn' (…; did you mean tanh? there are"),
    ("min(a, b)", ExpressionError, "no function is called 'min' (…; did you mean minimum? there"),
    ("log10(a)", ExpressionError, "no function is called 'log10' (…; write log(…)/log(10); there"),
    ("a⋅b", ExpressionError, "for ⋅ type * (in 'a⋅b')"),
    ("a⁴", ExpressionError, "for ⁴ type **4 (in 'a⁴')"),
    ("import os", ExpressionError, "'import os' is no expression (invalid syntax"),
    ("a; b", ExpressionError, "'a; b' is no expression (invalid syntax"),
    ("a\nb", ExpressionError, "'a\\nb' is no expression"),
    ("*a", ExpressionError, "'*a' is no expression"),
    (
        "0x1for x in y",
        ExpressionError,
        "'0x1for x in y' is no expression (invalid hexadecimal literal",
    ),
    ("'\\d'", ExpressionError, "\"'\\\\d'\" is no expression ("),
    ("a\0", ExpressionError, "'a\\x00' is no expression (…null bytes"),
    ("a\udcff", ExpressionError, "'a\\udcff' is no expression (…surrogates not allowed"),
    # too much of a good thing
    (
        "(" * 10_000 + "a" + ")" * 10_000,
        ExpressionError,
        "the expression has 20001 characters, more than 10000",
    ),
    ("(" * 300 + "a" + ")" * 300, ExpressionError, "'(((((((…too many nested parentheses"),
    ("-" * 9_000 + "a", ExpressionError, "the expression … is nested too deeply"),
    ("a+" * 4_000 + "a", ExpressionError, "the expression … is nested too deeply"),
    ("a" + ".exp()" * 1_600, ExpressionError, "the expression … is nested too deeply"),
    (
        "9**9**9**9",
        OverflowError,
        "…: the result is too large for a float",
    ),
    (
        "exp(c*c*c)",
        OverflowError,
        "exp(c * c * c) with c * c * c = 1000: the result is too large for a float",
    ),
    ("a/0", ZeroDivisionError, "a / 0 with a = 2:"),
    ("log(0*a)", ValueError, "log(0 * a) with 0 * a = 0: a pole"),
    ("b**0.5", ValueError, "b ** 0.5 with b = -3:"),
]

MISASSIGNED = [
    ("a", "need name=number, such as a=2, got 'a'"),
    ("", "need name=number, such as a=2, got ''"),
    ("=2", "'' in '=2' cannot be a name"),
    ("2=a", "'2' in '2=a' cannot be a name"),
    ("a b=2", "'a b' in 'a b=2' cannot be a name"),
    ("w.x=2", "'w.x' in 'w.x=2' cannot be a name"),
    (
        "lambda=0.1",
        "'lambda' in 'lambda=0.1' cannot be a name: … is no word of Python's such as lambda",
    ),
    ("a=", "a needs a number, got 'a=': the expression is empty"),
    ("a==2", "a needs a number, got 'a==2'"),
    ("a=b", "a needs a number, got 'a=b': the name 'b' has no number (…; a number is needed here,"),
    ("a=two", "a needs a number, got 'a=two'"),
    ("a=1,5", "a needs a number, got 'a=1,5': a comma (2.5 has a point) is not allowed"),
    ("a=nan", "a needs a number, got 'a=nan': the name 'nan' has no number"),
    ("a=1e999", "a needs a number, got 'a=1e999': a number too large for a float"),
    ("a=1/0", "a needs a number, got 'a=1/0': 1 / 0: the divisor must not be 0"),
    (
        "a=9**9**9",
        "a needs a number, got 'a=9**9**9': …: the result is too large for a float",
    ),
    ("a=open('x')", "a needs a number, got \"a=open('x')\": no function is called 'open'"),
]


@pytest.mark.parametrize(("text", "kind", "message"), REFUSED)
def test_what_is_no_arithmetic_is_refused_in_one_line_that_says_why(
    text: str, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=opening(message)) as refusal:
        parse(text, GIVEN)
    assert type(refusal.value) is kind
    assert "\n" not in str(refusal.value)


def test_a_refusal_is_a_value_error() -> None:
    assert issubclass(ExpressionError, ValueError)


@pytest.mark.parametrize(("text", "message"), MISASSIGNED)
def test_an_assignment_that_gives_no_number_to_a_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=opening(message)) as refusal:
        assignments([text])
    assert "\n" not in str(refusal.value)


def test_a_name_is_given_once() -> None:
    with pytest.raises(ExpressionError, match=r"^a is given twice, the second time as 'a=3'"):
        assignments(["a=2", "b=1", "a=3"])


def test_an_assignment_may_compute_its_number() -> None:
    texts = ["a=2", " b = -3", "third=1/3", "r=sqrt(2)/2", "tiny=1e-9", "µ=5"]
    expected = {"a": 2, "b": -3, "third": 1 / 3, "r": math.sqrt(2) / 2, "tiny": 1e-9, "μ": 5}
    assert assignments(texts) == expected


def test_a_value_that_is_no_number_is_a_type_error() -> None:
    with pytest.raises(TypeError, match=r"^need one real number, got str '2'"):
        parse("a", {"a": "2"})  # type: ignore[dict-item]


def test_the_same_name_is_the_same_value_and_its_label() -> None:
    y = parse("a*b + a.exp() + a", GIVEN)
    leaves = [node for node in topological_order(y) if not node.operands]
    assert [leaf.label for leaf in leaves] == ["a", "b"]


def test_the_neuron_of_the_help_has_its_gradients() -> None:
    y = parse("(a*b + c)*f", {"a": 2, "b": -3, "c": 10, "f": -2})
    y.backward()
    grads = {node.label: node.grad for node in topological_order(y) if node.label}
    assert (y.data, grads) == (-8, {"a": 6, "b": -4, "c": -2, "f": 4})


def test_numbers_are_floats_and_constants() -> None:
    y = parse("a ** 3 + 0x10 + 1_000", GIVEN)
    assert y.data == 1024
    assert [node.label for node in topological_order(y) if not node.operands] == ["a"]


def test_an_expression_of_numbers_alone_is_a_leaf() -> None:
    y = parse("2**10 / 3", {})
    assert (y.data, y.operands) == (2**10 / 3, ())


def test_two_kinds_of_mu_are_one_name_as_in_python() -> None:
    micro, greek = "\u00b5", "\u03bc"
    assert parse(f"{micro} + {greek}", {micro: 2}).data == 4


def test_every_function_of_the_table_is_known_as_function_and_as_method() -> None:
    assert set(FUNCTIONS) - {"abs"} <= set(autograd_mini.__all__)
    for name, op in FUNCTIONS.items():
        x, *others = ["x", "y"][: len(op.rules)]
        given = {"x": 1.5 if name == "acosh" else 0.5, "y": 0.25}
        function = parse(f"{name}({', '.join([x, *others])})", given)
        method = parse(f"{x}.{name}({', '.join(others)})", given)
        assert function.op is method.op is op
        assert function.data == method.data


def test_text_over_several_lines_and_with_spaces_around_is_read() -> None:
    assert parse("  (a\n + b)  ", GIVEN).data == -1


def test_a_plus_in_front_changes_nothing_and_a_minus_the_sign() -> None:
    assert (parse("+a", GIVEN).data, parse("-+a", GIVEN).data, parse("+-+-a", GIVEN).data) == (
        2,
        -2,
        2,
    )


def test_parsing_warns_of_nothing_and_leaves_the_filter_of_warnings_as_it_was() -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        with pytest.raises(ExpressionError):
            parse("'\\d'", GIVEN)
        assert warnings.filters == before
    assert not seen


# The same text through Python's own eval ----------------------------------------------------------

SMOOTH = ["tanh", "sin", "cos", "sigmoid", "atan", "softplus", "relu", "abs"]


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts one operation larger."""
    infix = st.tuples(inner, st.sampled_from(["+", "-", "*", " - ", " * "]), inner)
    return st.one_of(
        infix.map(lambda parts: "({}{}{})".format(*parts)),
        infix.map(lambda parts: "{}{}{}".format(*parts)),
        inner.map("-({})".format),
        inner.map("({})**2".format),
        inner.map("(a + {}) / 4".format),
        st.tuples(st.sampled_from(SMOOTH), inner).map("{0[0]}(a*{0[1]})".format),
        st.tuples(inner, st.sampled_from(SMOOTH)).map("(b + {0[0]}).{0[1]}()".format),
        st.tuples(inner, inner).map("maximum(a - {0[0]}, {0[1]})".format),
    )


ATOMS = ["a", "b", "c", "2", "0.5", "1e-1"]


@given(st.recursive(st.sampled_from(ATOMS), joined, max_leaves=12))
def test_parse_gives_what_python_gives_for_the_same_text(text: str) -> None:
    given = {"a": 0.7, "b": -1.3, "c": 0.4}
    leaves = {name: Value(number, name) for name, number in given.items()}
    functions = {name: getattr(autograd_mini, name) for name in FUNCTIONS if name != "abs"}
    expected = eval(text, {**functions, **leaves})
    found = parse(text, given)
    assert found.data == (expected.data if isinstance(expected, Value) else expected)
    if isinstance(expected, Value):
        found.backward()
        expected.backward()
        grads = {n.label: n.grad for n in topological_order(found) if n.label}
        assert all(grads.get(name, 0.0) == leaf.grad for name, leaf in leaves.items())
