"""The quiz: right answers, named mistakes, and a real pseudo-terminal."""

import math
import os
import re
import subprocess
import sys

import pexpect
import pytest
from hypothesis import given

from autograd_mini import Value
from autograd_mini.expression import parse
from autograd_mini.lesson.terminal import hold
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.paths import why
from autograd_mini.stepping.steps import steps
from autograd_mini.teach.mistakes import live_data, right, stale_inner_grads
from autograd_mini.teach.quiz import (
    HINT,
    TO_SHOW,
    Question,
    close,
    pose_until_right,
    questions,
    quiz,
    tolerance,
)
from autograd_mini.teach.slips import AT_A_STEP, OF_A_RULE, ON_THE_WAY, Slip, leave_out_paths
from tests.graphs import graphs
from tests.pictures import chain

START = (
    "from autograd_mini import Value; from autograd_mini.teach.quiz import quiz;"
    "a, b = Value(2.0, 'a'), Value(-3.0, 'b'); y = a * b + a; quiz(y); print('after', a.grad)"
)
COMMAND = [sys.executable, "-c", START]


def graph():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    return a * b + a


def gradient_questions(y):
    """Return the questions that ask for the whole gradient of a leaf, by its name."""
    leaves = [x for x in right(y) if not x.operands]
    asked = {q.prompt: q for q in questions(y)}
    return [(x, asked[f"∂L/∂{x.label}"]) for x in leaves if f"∂L/∂{x.label}" in asked]


@given(graphs())
def test_every_answer_is_right_every_gradient_asked_for_and_no_slip_that_nobody_makes(drawn):
    leaves, y = drawn
    truth, asked = right(y), {q.prompt: q for q in questions(y)}
    for x in leaves:
        if f"∂L/∂{x.label}" in asked:
            assert math.isclose(asked[f"∂L/∂{x.label}"].answer, truth[x], abs_tol=1e-12)
        else:
            assert truth[x] == 0
    assert all(q.verdict(q.answer).startswith("Right") for q in asked.values())
    told = {slip.told for question in asked.values() for slip in question.slips}
    assert not told & {stale_inner_grads.misstep.told, live_data.misstep.told}


def assert_told(question, guess, told):
    """Check that a guess is told as this mistake, or as one of several, or is right."""
    if not math.isfinite(guess) or question.is_right(guess):
        return
    verdict = question.verdict(guess)
    assert told in verdict
    assert verdict.startswith((f"Wrong: you {told}", "Wrong (ambiguous, "))


@given(graphs())
def test_what_a_wrong_engine_finds_is_told_as_its_mistake_or_as_ambiguous(drawn):
    _, y = drawn
    for x, question in gradient_questions(y):
        for engine in ON_THE_WAY:
            assert_told(question, engine(y)[x], engine.misstep.told)


@given(graphs(most=6))
def test_a_path_left_out_is_told_or_ambiguous_wherever_there_are_up_to_six(drawn):
    _, y = drawn
    for x, question in gradient_questions(y):
        paths = why(y, x).paths
        if len(paths) <= 6:
            kept = [
                sum(p.product for j, p in enumerate(paths) if j != i) for i in range(len(paths))
            ]
            for guess in kept[: len(paths) if len(paths) > 1 else 0]:
                assert_told(question, guess, "left out ")
        for left_out in leave_out_paths(Graph(y), x):
            assert_told(question, left_out.number, left_out.told)


@given(graphs())
def test_a_wrong_partial_is_told_as_its_mistake_or_as_ambiguous(drawn):
    _, y = drawn
    asked = {q.prompt: q for q in questions(y)}
    for step in steps(y):
        question = asked.get(step.local + step.restriction)
        for engine in (*OF_A_RULE, *AT_A_STEP) if question else ():
            [wrong] = [e.partial for e in engine.edges(step.node) if e.position == step.position]
            assert_told(question, wrong, engine.misstep.told)


def test_several_paths_left_out_are_told_with_their_shares():
    a = Value(2.0, "a")
    y = a * 7.0 + a * a.exp() + a
    assert verdict(y, "∂L/∂a", 8.0).startswith(
        "Wrong: you left out the paths L → v4 → v3 → a and L → v4 → v3 → v2 → a; their shares are"
    )


def test_paths_of_the_same_share_are_told_by_their_share():
    a = Value(2.0, "a")
    y = a.sin() + a.sin() + a.sin()
    told = verdict(y, "∂L/∂a", 2 * math.cos(2.0))
    assert "left out a path" in told
    assert "→" not in told


@pytest.mark.parametrize(
    ("function", "guess", "told"),
    [
        ("tanh", "1 - a**2", "took the input for the output"),
        ("tanh", "y**2", "left out the 1 of the rule"),
        ("tanh", "1 - y", "forgot the square in the rule"),
        ("sigmoid", "a * (1 - a)", "took the input for the output"),
        ("sigmoid", "y", "gave the data of the result, not its derivative"),
        ("exp", "a * exp(a - 1)", "took the rule of a power for an exponential"),
        ("log", "1 / y", "took the output for the input"),
    ],
)
@pytest.mark.parametrize("inner", [False, True])
def test_the_usual_slips_of_a_function_are_named(function, guess, told, inner):
    a = Value(0.7, "a")
    y = getattr(a, function)()
    number = parse(guess, {"a": a.data, "y": y.data}).data
    output = y * 3.0 if inner else y
    assert verdict(output, "∂v1/∂a" if inner else "∂L/∂a", number) == (f"Wrong: you {told}.")
    assert told in verdict(output, "∂L/∂a", number * (3.0 if inner else 1.0))


def test_the_square_of_a_divisor_that_is_forgotten_is_named():
    a = Value(4.0, "a")
    assert verdict(1 / a, "∂L/∂a", -1 / 4).startswith("Wrong: you forgot the square in the rule")


def test_the_whole_derivative_of_a_product_with_itself_is_named_inside_a_graph_too():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    told = verdict(b - (a + b * b), "∂(b·b)/∂b (through operand 1 only)", 6.0)
    assert told.startswith(
        "Wrong: you gave the whole derivative: asked is the share of one operand"
    )


def test_the_adjoint_is_explained_where_it_is_first_asked_and_there_only():
    given = [q.given for q in questions(graph() * 2)]
    assert sum("is the adjoint of" in text for text in given) == 1
    first = next(q for q in questions(graph() * 2) if "+=" in q.given)
    assert "is the adjoint of" in first.given


def test_mistakes_that_give_the_same_number_are_listed_in_short():
    [(_, question), _] = gradient_questions(graph())
    assert question.verdict(1.0) == "Wrong: you left out the path L → v1 → a; its share is -3."
    assert question.verdict(-3.0) == (
        "Wrong (ambiguous, 2 mistakes give -3): you overwrote instead of adding; "
        "or left out the path L → a."
    )


def test_a_number_that_no_mistake_gives_is_said_to_be_none():
    [(_, question), _] = gradient_questions(graph())
    assert question.verdict(17.5) == "Wrong: no mistake that I know gives 17.5."


def verdict(y, prompt, guess):
    return next(q for q in questions(y) if q.prompt == prompt).verdict(guess)


def test_an_answer_to_the_next_question_is_named():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    y = a * (a * b) * 5 + a
    assert verdict(y, "∂v1/∂b", 10.0 * 2.0) == (
        "Wrong: you multiplied by the adjoint already, which comes next."
    )
    whole = "Wrong: you gave the whole gradient, of which this is one term."
    for prompt in ("∂(a·v1)/∂a", "the term ∂L/∂v2 · ∂(a·v1)/∂a", "∂(v3 + a)/∂a"):
        assert verdict(y, prompt, -59.0) == whole


def test_the_rule_of_a_product_is_named_where_there_is_a_sum():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    assert verdict(a + b, "∂L/∂a", -3.0).endswith("took the rule of a product, but this is none.")
    assert "rule of a product" not in verdict(a / b, "∂L/∂a", -3.0)


def test_a_wrong_number_that_rounds_to_the_answer_is_still_wrong():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    output = x + y.tanh()
    wrong = math.tanh(3.0)
    assert close(wrong, 1.0)
    assert "took the rule of a product" in verdict(output, "∂L/∂x", wrong)
    assert verdict(output, "∂L/∂x", 1.001).startswith("Right")


def test_the_reason_says_which_edge_it_is_about():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    edge = "∂(v1·a)/∂a"
    assert verdict((a + b) * a, edge, 5.0) == f"Right: {edge} = v1 = 5."


@pytest.mark.parametrize(
    ("guess", "told"),
    [
        (4.0, "left out the exponent as a factor"),
        (24.0, "did not lower the exponent"),
        (0.0, "took it for a constant"),
        (-12.0, "have the sign wrong"),
        (8.0, "gave the data of the result, not its derivative"),
    ],
)
def test_the_usual_slips_of_a_power_are_named(guess, told):
    assert verdict(Value(2.0, "x") ** 3, "∂L/∂x", guess) == f"Wrong: you {told}."


def test_factors_that_were_added_are_named():
    x, y = Value(3.0, "x"), Value(5.0, "y")
    term = next(q for q in questions((x * y + x) * y) if q.prompt == "the term ∂L/∂v1 · ∂(x·y)/∂x")
    assert term.answer == 25.0
    assert "you added the factors: along a path they multiply" in term.verdict(10.0)


@pytest.mark.parametrize(("apart", "is_right"), [(0.00051, False), (0.00049, True)])
def test_a_wrong_number_counts_only_where_four_digits_tell_it_from_the_answer(apart, is_right):
    question = Question("", "c", 1.0, "", [Slip(1.0 + apart, "overwrote")])
    assert question.is_right(1.0 + apart) is is_right
    assert question.is_right(1.0)
    assert not question.is_right(1.1)
    least = tolerance(0.0) / 10
    assert Question("", "c", 0.0, "", [Slip(least, "overwrote")]).is_right(least)


def test_a_guess_between_the_answer_and_a_wrong_number_is_right():
    question = Question("", "c", 1.0, "", [Slip(1 + 2**-9, "overwrote")])
    assert question.is_right(1 + 2**-10)
    assert not question.is_right(1 + 2**-10 + 2**-20)


def test_how_far_a_guess_may_be_off_depends_on_what_it_is_held_against():
    question = Question("", "c", 0.998, "", [Slip(0.0998, "overwrote")])
    assert not question.is_right(1.001)
    assert question.find_slips(0.1001) == []
    assert [x.told for x in question.find_slips(0.09984)] == ["overwrote"]


@pytest.mark.parametrize("guess", [0.45, 0.44999])
def test_a_wrong_number_that_looks_like_the_answer_does_not_make_it_wrong(guess):
    a, b = Value(0.2, "a"), Value(0.3, "b")
    y = (a + b) * (a + b) * a
    a_question = next(q for q in questions(y) if q.prompt == "∂L/∂a")
    assert a_question.is_right(guess)


def test_0_is_right_where_round_off_is_all_there_is():
    a = Value(1.0, "a")
    y = 0.1 * a + 0.2 * a - 0.3 * a
    assert verdict(y, "∂L/∂a", 0.0).startswith("Right")


def test_edited_data_is_told_before_the_questions(monkeypatch, capsys):
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a * b
    a.data = 5.0
    replies(monkeypatch)
    quiz(y)
    assert "recompute(...) brings the graph up to date" in capsys.readouterr().out


def test_a_factor_taken_for_its_product_is_named_also_beside_a_constant():
    told = "gave an operand the partial of the other one"
    assert told in verdict(3 * Value(7.0, "x"), "∂L/∂x", 7.0)


def test_a_number_that_takes_the_mistake_all_the_way_says_so():
    x, y = Value(3.0, "x"), Value(-2.0, "y")
    assert verdict((x * y) * y, "∂L/∂x", 1.0) == (
        "Wrong: you passed the adjoint on as it was: the chain rule multiplies it by the partial "
        "(at every step from L on)."
    )


def test_one_mistake_is_told_once():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    assert verdict(x**2 * y, "∂L/∂v1", 4.0) == (
        "Wrong: you gave an operand the partial of the other one."
    )


def test_an_answer_may_repeat_the_prompt(monkeypatch):
    replies(monkeypatch, "∂L/∂v1 = 2 − 1")
    assert hold(pose_until_right(next(questions(graph())), {}), input) == "first"


def test_an_engine_that_is_right_on_this_graph_is_not_blamed():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    assert verdict(a + b, "∂L/∂a", 2.0).count("you") == 0


def test_an_operand_that_stands_twice_is_asked_for_by_its_place():
    a = Value(3.0, "a")
    asked = [q.prompt for q in questions((a * a).tanh())]
    assert "∂(a·a)/∂a (through operand 1 only)" in asked
    assert "∂(a·a)/∂a (through operand 2 only)" in asked


@pytest.mark.parametrize(
    ("guess", "answer", "expected"),
    [
        (0.707, 0.70710678, True),
        (0.708, 0.70710678, False),
        (0.143, 1 / 7, True),
        (0.14, 1 / 7, False),
        (199.0, 200.0, False),
        (1023.4, 1024.0, False),
        (1023.6, 1024.0, True),
        (0.0, 0.0, True),
        (0.001, 0.0, False),
        (0.0, 1e-7, False),
        (1e300, math.inf, False),
        (0.0, math.nan, False),
        (5e-324, 5e-324, True),
    ],
)
def test_a_guess_is_right_to_three_digits(guess, answer, expected):
    assert close(guess, answer) is expected


@pytest.mark.parametrize(
    ("answer", "half"),
    [
        *((0.0, 0.0005), (5.0, 0.005), (0.5, 0.0005), (0.05, 5e-5), (-50.0, 0.05), (999.0, 0.5)),
        *((5000.0, 0.5), (1.0, 0.005), (0.999, 0.0005), (1e-20, 1e-12)),
    ],
)
def test_a_guess_may_be_off_by_half_a_unit_of_the_third_digit(answer, half):
    assert tolerance(answer) == pytest.approx(half)


def test_help_is_told_whole(monkeypatch, capsys):
    for line, hint, told in (
        (":hint", "", "There is no hint; :show tells the answer."),
        (":hint", "look at b", "look at b"),
        ("?", "", HINT),
        ("help", "look at b", HINT),
    ):
        replies(monkeypatch, line, ":show")
        assert hold(pose_until_right(next(questions(graph())), {}, hint), input) == "shown"
        assert told in capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"[A-Z][a-z]+ .*; :show tells the answer, :quit leaves\.", HINT)


@pytest.mark.parametrize("word", [":quit", ":q", "quit", "exit"])
def test_each_word_that_leaves_leaves(word, monkeypatch, capsys):
    replies(monkeypatch, word, "1")
    quiz(graph())
    assert capsys.readouterr().out.endswith("\nLeft. 0 of 7 right at the first guess, 0 later.\n")


def test_a_question_gives_what_it_is_worked_out_from():
    given = [question.given for question in questions(graph())]
    adjoint = "how fast L changes with it, on all paths; times the partial it is a term."
    assert given[0] == "L = v1 + a"
    assert f"∂L/∂v1 is the adjoint of v1: {adjoint}" in "\n".join(given).splitlines()
    assert "∂L/∂a is the sum of its terms" in given


def replies(monkeypatch, *lines):
    """Let these lines be typed, then the end of input."""
    waiting = iter(lines)

    def reply(_prompt):
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", reply)


@pytest.mark.parametrize("line", ["3/4", "2*3-1", "-(1 + 2)**2", "1e3", ".5"])
def test_a_guess_may_be_an_expression_of_numbers(monkeypatch, capsys, line):
    question = next(questions(graph()))
    replies(monkeypatch, line, ":show")
    assert hold(pose_until_right(question, {}), input) == "shown"
    assert "Answer with" not in capsys.readouterr().out


def test_a_guess_may_use_the_names_of_the_graph(monkeypatch, capsys):
    y = graph()
    question = next(q for q in questions(y) if q.prompt == "∂(a·b)/∂a")
    replies(monkeypatch, "b")
    assert hold(pose_until_right(question, {"a": 2.0, "b": -3.0}), input) == "first"
    replies(monkeypatch, "1", "a/2", "b")
    quiz(y)
    assert "Right: ∂(a·b)/∂a = b = -3." in capsys.readouterr().out


@pytest.mark.parametrize("line", ["?", ":help", ""])
def test_who_asks_for_help_gets_it_and_no_error(monkeypatch, capsys, line):
    replies(monkeypatch, line, ":show")
    assert hold(pose_until_right(next(questions(graph())), {}), input) == "shown"
    answers = [x for x in capsys.readouterr().out.splitlines() if f" = {line}" not in x or not line]
    assert answers == [HINT, "∂L/∂v1 = :show", "∂L/∂v1 = 1"]


def test_a_second_miss_is_told_how_to_see_the_answer(monkeypatch, capsys):
    replies(monkeypatch, "7", "8", "1")
    assert hold(pose_until_right(next(questions(graph())), {}), input) == "later"
    assert capsys.readouterr().out.count(TO_SHOW) == 1


def test_q_leaves(monkeypatch, capsys):
    replies(monkeypatch, ":q", "1")
    quiz(graph())
    assert "Left. 0 of 7" in capsys.readouterr().out


@pytest.mark.parametrize("line", ["", "a", "1/0", "9**9**9", "__import__('os')", "1,5", "x" * 999])
def test_what_is_no_number_is_asked_again(monkeypatch, capsys, line):
    question = next(questions(graph()))
    replies(monkeypatch, line, "1")
    assert hold(pose_until_right(question, {}), input) == "first"
    lines = capsys.readouterr().out.splitlines()
    said = [x for x in lines if not x.startswith("∂L/∂v1 = ")]
    assert len(said) == 2
    assert said[1] == "Right: ∂L/∂v1 = 1."


def test_the_score_counts_first_and_later_guesses(monkeypatch, capsys):
    y = graph()
    answers = [repr(q.answer) for q in questions(y)]
    replies(monkeypatch, "17", *answers)
    quiz(y)
    out = capsys.readouterr().out
    assert f"{len(answers) - 1} of {len(answers)} right at the first guess, 1 later." in out


def test_a_question_without_a_finite_answer_is_not_asked(monkeypatch, capsys):
    x = Value(math.inf, "x")
    y = x * 2.0 + x * x
    replies(monkeypatch)
    quiz(y)
    finite = [q for q in questions(y) if math.isfinite(q.answer)]
    assert len(finite) < len([*questions(y)])
    assert f"\n1/{len(finite)}  " in capsys.readouterr().out


def test_an_output_that_is_a_leaf_has_nothing_to_ask(capsys):
    quiz(Value(2.0, "x"))
    assert "0 of 0 right" in capsys.readouterr().out


class Learner:
    """Someone at a terminal."""

    def __init__(self, *arguments):
        environment = {**os.environ, "TERM": "dumb"}
        self.child = pexpect.spawn(
            COMMAND[0], [*arguments] or COMMAND[1:], encoding="utf-8", env=environment, timeout=60
        )
        self.child.delaybeforesend = None

    def sees(self, text):
        self.child.expect_exact(text)

    def types(self, line):
        self.child.send(line + "\r")


def test_at_a_terminal_a_wrong_guess_is_named_and_the_quiz_goes_on():
    learner = Learner()
    learner.sees("1/7  L = v1 + a")
    learner.sees("∂L/∂v1 = ")
    learner.types("1")
    learner.sees("Right: ∂L/∂v1 = 1.")
    learner.sees("∂(v1 + a)/∂a = ")
    learner.types("2/2")
    learner.sees("3/7  v1 = a·b")
    learner.types("2")
    learner.sees("you gave an operand the partial of the other one")
    learner.types(":show")
    learner.sees("∂(a·b)/∂a = b = -3")
    learner.types(":quit")
    learner.sees("Left. 2 of 7 right at the first guess, 0 later.")
    learner.sees("after 0.0")
    learner.sees(pexpect.EOF)


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_at_a_terminal_ctrl_c_and_end_of_input_leave(key):
    learner = Learner()
    learner.sees("∂L/∂v1 = ")
    learner.child.send(key)
    learner.sees("Left. 0 of 7 right")
    learner.sees("after 0.0")
    learner.sees(pexpect.EOF)


def test_the_command_asks_about_an_expression():
    learner = Learner("-m", "autograd_mini", "quiz", "a*b + a", "a=2", "b=-3")
    learner.sees("1/7  L = v1 + a")
    learner.types("oops")
    learner.sees("the name 'oops' has no number")
    learner.types("1")
    learner.sees("Right")
    learner.types("exit")
    learner.sees("Left. 1 of 7 right")
    learner.sees(pexpect.EOF)


def test_in_a_pipe_the_answers_are_echoed():
    done = subprocess.run(
        COMMAND, input="1\n1\n", capture_output=True, encoding="utf-8", check=True
    )
    assert "∂L/∂v1 = 1\nRight" in done.stdout
    assert "Left. 2 of 7" in done.stdout
    assert done.stderr == ""


def test_a_quiz_that_nobody_would_finish_is_refused_before_it_starts():
    with pytest.raises(ValueError, match=r"^10,001 steps are more than anyone answers: ask about"):
        questions(chain(10_001))
    assert next(questions(chain(10_000))).prompt


def test_a_number_is_told_for_the_fewest_paths_whose_absence_gives_it():
    a = Value(2.0, "a")
    found = [x for x in leave_out_paths(Graph(a * 3 + a + a * 2), a) if x.number == 3.0]
    assert [x.told for x in found] == ["left out the path L → v2 → v1 → a"]
