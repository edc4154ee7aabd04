"""The stepping page as text: its numbers, its policy, and what a hostile label cannot do."""

import base64
import hashlib
import html
import math
import re
import runpy
import shutil
import subprocess
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

from autograd_mini import Value, sigmoid, sqrt, steps, topological_order, total, walk
from autograd_mini.engine.primitives import Primitive, above
from autograd_mini.nn import MLP
from autograd_mini.stepping import names, number
from autograd_mini.view import files, film, generate, style
from autograd_mini.view.captions import Given
from autograd_mini.view.draw import draw_fitting
from autograd_mini.view.files import read_generated, read_resource
from autograd_mini.view.generate import list_stale, sources
from autograd_mini.view.legend import ALARM_TOLD, SHAPES_TOLD, SIGNS_TOLD
from autograd_mini.view.options import Options
from autograd_mini.view.page import page
from tests.graphs import graphs
from tests.injector import interrupted
from tests.pictures import chain
from tests.view.living import read_data
from tests.view.living import read_frames as frames

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><!--",
    "a\\nb",
    "a\nb",
    "{x|y}",
    "{{frames}}{{policy}}",
    "\"'`$&",
    "x" * 10_000,
    "\U0001f469\u200d\U0001f467",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u202eabc",
    "\ud800",
]


def neuron():
    """Return a sigmoid neuron with its half squared error."""
    w, x, b = Value(0.5, "w"), Value(-2.0, "x"), Value(0.25, "b")
    return 0.5 * (sigmoid(w * x + b) - Value(1.0, "target")) ** 2


def rows(made):
    """Read the list of steps back out of a page."""
    return [html.unescape(x) for x in re.findall(r"<li><button>(.*?)<", made.html)]


def text(parts):
    return "".join(parts)


def exact(frame):
    return float(frame["exact"] or frame["answer"])


@settings(max_examples=30)
@given(graphs())
def test_data_and_terms_on_the_page_are_the_engine_s_to_the_last_digit(drawn):
    _, output = drawn
    told = [exact(x) for x in frames(page(output))]
    data = [x.data for x in topological_order(output) if x.operands]
    assert told == [*data, 1.0, *(step.term for step in steps(output))]


@settings(max_examples=30)
@given(graphs())
def test_the_last_text_of_every_box_is_the_finished_gradient(drawn):
    _, output = drawn
    last = {x["box"]: x["text"] for x in frames(page(output)) if x["phase"] == "backward"}
    shown = {box: re.sub("grad .* [=≈] ", "grad ", text) for box, text in last.items()}
    output.backward()
    finished = {f"n{i}": f"grad {number(x.grad)}" for i, x in enumerate(topological_order(output))}
    assert {box: said.removesuffix(" !") for box, said in shown.items()} == finished


@settings(max_examples=30)
@given(graphs())
def test_the_figures_put_in_are_adjoint_and_partial(drawn):
    _, output = drawn
    back = [x for x in frames(page(output)) if x["phase"] == "backward"][1:]
    for frame, step in zip(back, steps(output), strict=True):
        assert (
            f"{text(frame['figures'])} {frame.get('signs', '==')[1]} {frame['answer']}"
            == step.figures
        )
        assert text(frame["line"]) == step.rule
        assert step.sum in frame["sum"]
        assert (frame["why"] + frame["here"]).startswith(step.reason)


@settings(max_examples=30)
@given(graphs())
def test_the_picture_s_numbers_are_the_engine_s(drawn):
    _, output = drawn
    markup, order = page(output).html, topological_order(output)
    boxes = re.findall(r'<g id="n(\d+)" class="node.*?</g>', markup, re.S)
    found = re.findall(r">data ([^<]*)</text>\n<text[^>]*>grad ([^<]*)<", markup)
    output.backward()
    written = [(number(x.data), number(x.grad)) for x in (order[int(i)] for i in boxes)]
    told = [(a, re.split(" [=≈] ", b)[-1].removesuffix(" !")) for a, b in map(unescaped, found)]
    assert told == written


def unescaped(texts):
    return [html.unescape(x) for x in texts]


def test_the_steps_are_those_of_a_walk_and_numbered_alike():
    y = neuron()
    told = [text(x["line"]) for x in frames(page(y))]
    assert told == [
        str(walk(y).to(i + 1).step).split("\n")[0][: len(x)] for i, x in enumerate(told)
    ]
    assert len(frames(page(y))) == len(rows(page(y))) == len(walk(y))


ROWS = """\
v1 = w·x = -1
v2 = v1 + b = -0.75
v3 = sigmoid(v2) ≈ 0.3208
v4 = v3 - target ≈ -0.6792
v5 = v4² ≈ 0.4613
L = 0.5·v5 ≈ 0.2306
∂L/∂L = 1
∂L/∂v5 += 1 × 0.5 = 0.5
∂L/∂v4 += 0.5 × (-1.358) ≈ -0.6792
∂L/∂v3 += -0.6792 × 1 = -0.6792
∂L/∂target += -0.6792 × (-1) = 0.6792
∂L/∂v2 += -0.6792 × 0.2179 ≈ -0.1480
∂L/∂v1 += -0.1480 × 1 = -0.1480
∂L/∂b += -0.1480 × 1 = -0.1480
∂L/∂w += -0.1480 × (-2) = 0.2960
∂L/∂x += -0.1480 × 0.5 ≈ -0.07399"""
FIGURES = [
    ("0.5 × (-2)", "=="),
    ("-1 + 0.25", "=="),
    ("sigmoid(-0.75)", "=≈"),
    ("0.3208 - 1", "≈="),
    ("(-0.6792)²", "≈≈"),
    ("0.5 × 0.4613", "≈≈"),
]


def test_the_rows_of_a_neuron_and_the_figures_put_in_are_these():
    made = page(neuron())
    assert rows(made) == ROWS.splitlines()
    forward = [x for x in frames(made) if x["phase"] == "forward"]
    assert [(text(x["figures"]), text(x["signs"])) for x in forward] == FIGURES
    assert [x["head"][-1] for x in forward] == list("==≈≈≈≈")
    order = topological_order(neuron())
    ends = [
        (f"n{i}", [f"e{i}_{k}" for k, x in enumerate(node.operands) if isinstance(x, Value)])
        for i, node in enumerate(order)
        if node.operands
    ]
    assert [(x["box"], x["arrows"]) for x in forward] == ends


def test_making_a_page_changes_no_grad():
    y = neuron()
    y.backward()
    y.backward()
    before = [x.grad for x in topological_order(y)]
    page(y)
    assert [x.grad for x in topological_order(y)] == before


def test_a_page_shows_one_pass_however_many_were_made_before():
    y = neuron()
    fresh = page(y).html
    y.backward(3.0)
    y.backward(3.0)
    assert page(y).html == fresh


@pytest.mark.parametrize("later", [0, 2])
def test_grads_stay_as_they_are_whenever_ctrl_c_comes_once_or_twice(later):
    point, stopped = 1, True
    while stopped:
        y = neuron()
        y.backward()
        before = [(node.grad, node.reached) for node in topological_order(y)]
        stopped = interrupted(lambda y=y: page(y), point, later)
        assert [(node.grad, node.reached) for node in topological_order(y)] == before, point
        point += point // 2 + 1  # closely where the page begins, and here and there in the drawing
    assert point > 100_000


def test_no_grad_is_another_while_the_page_draws(monkeypatch):
    y = neuron()
    y.backward()
    before = [x.grad for x in topological_order(y)]
    found = []

    def look(*_, **__):
        found.extend(x.grad for x in topological_order(y))
        raise ZeroDivisionError

    monkeypatch.setattr(film, "draw_fitting", look)
    with pytest.raises(ZeroDivisionError):
        page(y)
    assert found == before


def test_a_page_finds_the_values_that_its_options_name():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a * b + a
    only = iter([b])
    assert page(y, parameters=only, hide=iter([])).html == page(y, parameters=[b]).html
    assert page(y, parameters=[b]).html != page(y).html
    assert page(y, why=a).html != page(y).html


def test_a_node_used_more_than_once_shows_its_running_sum():
    a = Value(3.0, "a")
    sums = [x["sum"] for x in frames(page(a * a)) if x["phase"] == "backward"][1:]
    assert sums == [
        "a is used more than once: more terms will come",
        "a is used more than once: 3 + 3 = 6",
    ]


def test_a_derivative_that_does_not_exist_ends_the_steps_with_its_reason():
    a = Value(0.0, "a")
    made = page(sqrt(a) + a)
    assert rows(made)[-4:] == [
        "∂L/∂L = 1",
        "∂L/∂v1 += 1 × 1 = 1",
        "∂L/∂a += 1 × 1 = 1",
        "The backward pass stops here.",
    ]
    assert frames(made)[-1]["why"].startswith("ZeroDivisionError: sqrt(a) with a = 0 has")


def test_data_edited_since_is_said_at_the_start():
    a = Value(2.0, "a")
    y = a * 3
    a.data = 10.0
    assert "a was 2 when L = a·3 was computed, now 10" in page(y).html


def edited():
    a = Value(2.0, "a")
    y = a * 3
    a.data = 10.0
    return page(y)


def doubtful():
    a = Value(0.0, "a")
    return page(sqrt(a) * Value(0.0, "b"))


def unscripted():
    ceiling = Primitive("ceiling", math.ceil, lambda a, y: 0 * a * y)
    return page(ceiling(Value(2.5, "a")))


@pytest.mark.filterwarnings("ignore::autograd_mini.UndefinedWarning")
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (edited, "data was edited after the forward pass"),
        (lambda: page(sqrt(Value(0.0, "a"))), "the backward pass stops"),
        (doubtful, "a partial does not exist at this point"),
        (
            lambda: page(sqrt(Value(0.0, "a")).maximum(1.0)),
            "a partial does not exist at this point",
        ),
        (lambda: page(sqrt(above(Value(0.0, "a"), 1.0))), "a partial does not exist at this point"),
        (
            lambda: page(MLP(2, [4, 4, 1], seed=1)([0.5, 1.0]), max_nodes=30),
            "several values share a box; detail='full' gives each its own",
        ),
        (lambda: page(neuron(), hide="grad"), "numbers are hidden"),
        (lambda: page(Value(math.inf, "a") * 2), "a leaf is not a finite number"),
        (unscripted, "ceiling has no JavaScript"),
    ],
)
def test_a_page_whose_numbers_cannot_be_changed_says_why(make, reason):
    made = make()
    told = f'<p class="note">The numbers cannot be changed here: {html.escape(reason)}.</p>\n'
    assert told in made.html
    assert read_data(made, "living") is None
    assert 'type="number"' not in made.html
    assert "const makeOperations" not in made.html


def test_a_page_that_is_to_be_still_says_that_it_is():
    told = '<p class="note">This page shows the numbers that it was made with.</p>'
    assert told in page(neuron(), live=False).html
    assert read_data(page(neuron(), live=False), "living") is None
    assert 'class="note"' not in page(neuron()).html


def test_a_page_has_the_data_that_its_script_reads_and_no_other():
    script = "\n".join(read_resource(f"script/{part}.js") for part in generate.SCRIPT)
    data = read_data(page(neuron()), "living")
    read = {*re.findall(r"\bliving(?:\?)?\.(\w+)", script)}
    assert {*data} == read - {"computed"}  # which the script makes itself
    assert {*data["looks"]} == {*re.findall(r"living\.looks\.(\w+)", script)}
    assert {*data["words"]} == {*re.findall(r"\bwords\.(\w+)", script)}
    for name, tone in style.TONES.items():
        told = data["looks"]["tones"][name]
        dash = {"solid": "", "dashed": "5,2", "dotted": "1,5"}[tone.line]
        assert told.pop("onArrow") == tone.on_arrow
        assert told.pop("dash") == dash
        assert told == {part: getattr(tone, part) for part in told}
        assert {*told} == {"colour", "fill", "text", "frame", "width"}


HOLDERS = {"title", "style", "script", "h1", "h2", "button", "p", "label", "li", "span", "desc"}


class LooseText(HTMLParser):
    """Collects the text that stands in an element that is to hold other elements alone."""

    def __init__(self):
        super().__init__()
        self.inside, self.loose = ["page"], []

    def handle_starttag(self, tag, _):
        if tag == "li" and self.inside[-1] == "li":
            self.inside.pop()  # each ends the one before
        if tag not in ("meta", "input", "br"):
            self.inside.append(tag)

    def handle_startendtag(self, *_):
        pass

    def handle_endtag(self, tag):
        del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data):
        if data.strip() and self.inside[-1] not in HOLDERS | {"text"}:
            self.loose.append(data)


def test_a_box_of_a_page_has_room_for_usual_numbers_and_for_sums_of_up_to_three_terms():
    a, b, c, d = (Value(2.0, name) for name in "abcd")
    y = a + total([b] * 2) + total([c] * 3) + total([d] * 4)
    picture = draw_fitting(y, Options.of(detail="full"), Given(is_page=True))
    widths = dict(re.findall(r"^\t(n\d+) .* width=([\d.]+)\]", picture.source, re.M))
    one, two, three, four = (float(widths[picture.nodes[x]]) for x in (a, b, c, d))
    usual = ["-8.888", "-8.888 + (-8.888) = -8.888", "-8.888 + (-8.888) + (-8.888) = -8.888"]
    for width, text in zip((one, two, three), usual, strict=True):
        letters = 72 * width / len(f"grad {text}")
        assert 5 < letters < 7  # points for each
    assert four == three


def test_a_label_on_an_arrow_of_a_page_has_room_for_usual_numbers():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = (a * b).tanh() * 2.5
    picture = draw_fitting(y, Options.of(), Given(is_page=True, grads={y: 1.0}))
    found = re.findall(r'label="(.*?)\\l.* id=(e\d_\d)', picture.source)
    labels = {key: label for label, key in found}
    wide = "-8.888 × (-8.888)"
    usual = {"e4_0": "1 × 2.5", "e3_0": wide, "e2_0": wide, "e2_1": wide}
    spaces = {key: text.count("&#160;") - 4 for key, text in labels.items()}
    shown = {key: len(text.replace("&#160;", "")) for key, text in labels.items()}
    assert {key: shown[key] + n / 2 for key, n in spaces.items()} == {
        key: len(text) for key, text in usual.items()
    }


@pytest.mark.parametrize("options", [{}, {"live": False}, {"max_nodes": 4}])
def test_no_text_stands_loose_between_the_elements_of_a_page(options):
    parser = LooseText()
    parser.feed(page(neuron(), **options).html)
    assert parser.loose == []


def test_a_page_is_headed_by_what_it_shows_and_its_steps_by_their_pass():
    y = neuron()
    made = page(y).html
    assert "<h1>The gradient of L, step by step</h1>" in made
    assert '<p id="why">First the values flow forward, then the gradients flow back.</p>' in made
    assert "<desc>The steps are told above it and listed beside it.</desc>" in made
    assert "<h2>Forward: values</h2>\n<ol>\n<li><button>" in made
    assert "<h2>Backward: gradients</h2>\n<ol>\n<li><button>∂L/∂L = 1</button>" in made
    assert 'title="L, step by step"' in page(y)._repr_html_()
    [seed] = [x for x in frames(page(y)) if text(x["line"]) == "∂L/∂L"]
    assert seed["why"] == "the start of the way back: when L changes, L changes just as much"
    assert (seed["text"], seed["head"], seed["answer"]) == ("grad 1", "∂L/∂L =", "1")


def test_the_button_that_learns_names_the_leaves_that_it_changes():
    y = neuron()
    w, x, *_ = (node for node in topological_order(y) if not node.operands)
    fields = ", ".join(re.findall(r'<label for="leaf\d+">(\w+)', page(y).html))
    assert sorted(fields.split(", ")) == ["b", "target", "w", "x"]
    assert f'title="one step of gradient descent for {fields}"' in page(y).html
    assert 'title="one step of gradient descent for w"' in page(y, parameters=[w]).html
    at = topological_order(y).index(x)
    assert read_data(page(y, parameters=[x]), "living")["learners"] == [at]
    names = ", ".join(f"x{i}" for i in range(1, 9))
    for count, more in ((8, ""), (9, ", …")):
        many = page(total(Value(1.0, f"x{i + 1}") for i in range(count))).html
        assert f'descent for {names}{more}"' in many
    assert '"∂L/∂x1 += "' in many


SIGNS = ("positive", "negative", "zero")


def test_the_legend_of_a_page_tells_every_sign_and_what_it_says_of_signs_is_as_in_a_picture():
    made = page(neuron()).html
    legend = made[made.index('<ul id="legend" class="legend">\n<li') :].partition("\n</ul>")[0]
    found = re.findall('<li data-shows="([^"]*)">(.*)', legend)
    assert legend.count("<li") == len(found)  # and nothing of values that share a box
    told = {html.unescape(selector): html.unescape(text) for selector, text in found}
    signs = SIGNS_TOLD.split(";  ")[:3]
    assert told == {
        ".edge.plain": "grey arrow, forward: values",
        ".edge:not(.plain, .constant, .more)": (
            "coloured arrow, back: adjoint × partial = share; thick: large"
        ),
        **{f".edge.{x}:not(.plain)": sign for x, sign in zip(SIGNS, signs, strict=True)},
        ".alarm:not(.plain, .todo)": ALARM_TOLD,
        ".node.now": "gold: computed or added to now",
        ".node.from": "purple: gives the adjoint",
        **{f".node.{kind}": text for kind, text in SHAPES_TOLD.items()},
    }


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_text(label):
    y = Value(2.0, label) * Value(3.0, label)
    y.label = label
    made = page(y, title=label)
    tags = re.findall(r"<(script|img|title|style|!--)\b", made.html)
    assert sorted(tags) == [*["script"] * 4, "style", "style", "title", "title"]
    assert len(frames(made)) == len(rows(made)) == 4


def test_an_overlong_label_is_cut_everywhere():
    y = Value(2.0, "x" * 10_000) * 3
    assert len(page(y).html) < 90_000


def test_an_overlong_label_that_begins_like_another_is_cut_too():
    made = page(Value(2.0, "x" * 100) * Value(3.0, "x" * 200))
    assert "x" * 61 not in "".join(rows(made))


def test_braces_in_a_label_are_not_filled_in():
    made = page(Value(2.0, "{{frames}}") * 3, title="{{policy}}")
    assert "<title>{{policy}}</title>" in made.html
    assert "∂L/∂{{frames}} += 1 × 3 = 3" in rows(made)


def test_the_policy_allows_the_page_s_own_styles_and_script_and_nothing_else():
    made = page(neuron()).html
    policy = re.search(r'Policy" content="([^"]*)"', made)[1]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    inline = {
        f"{kind}-src": re.findall(f"<{kind}>(.*?)</{kind}>", made, re.S)
        for kind in ("style", "script")
    }
    for rule, texts in inline.items():
        assert rules.pop(rule).split() == [fingerprint(x) for x in texts]
    assert rules.pop("img-src") == "blob:"  # the script's own, for the button that saves a PNG
    assert set(rules.values()) == {"'none'"}
    assert len(inline["style-src"]) == 2
    assert "default-src" in rules


def fingerprint(content):
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def test_a_page_names_no_address_but_those_of_its_markup():
    found = set(re.findall(r"https?://[^\"'\s<]*", page(neuron()).html))
    assert found <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_no_part_is_styled_or_scripted_where_the_policy_forbids_it():
    markup = re.sub(r"<(style|script).*?</\1>", "", page(neuron()).html, flags=re.S)
    assert not re.search(r'\s(style|on\w+)="', markup)


def test_tooltips_do_not_tell_the_gradients():
    made = page(neuron()).html
    assert made.count("<title>") == 2
    assert "∂L/∂w = " not in made


def test_where_nothing_can_draw_the_page_says_so_and_steps(monkeypatch):
    def nothing(*_, **__):
        raise RuntimeError("no Graphviz <here>")

    monkeypatch.setattr(film, "draw_fitting", nothing)
    made = page(neuron())
    assert "no Graphviz &lt;here&gt;" in made.html
    assert 'class="node' not in made.html
    assert len(rows(made)) == len(walk(neuron()))
    assert [arrow for frame in frames(made) for arrow in frame["arrows"]] == []


def test_a_picture_becomes_part_of_its_page_and_its_boxes_buttons():
    given = '<svg class="autograd_mini" role="img" width="12.5pt" height="3pt" viewBox="0 0 9 9">'
    given += '<style>.autograd_mini .node{fill:red}</style><g id="m1&#45;n4"><g class="node"/></g>'
    assert film.fit_into_page(given) == (
        '<svg class="autograd_mini" role="group" width="12.5" height="3" viewBox="0 0 9 9">'
        '<style>.node{fill:red}</style><g id="m1-n4"><g class="node"/></g>'
    )


def test_a_large_graph_is_folded_as_draw_folds_it():
    net = MLP(2, [4, 4, 1], seed=1)
    y = net([Value(0.5, "x1"), Value(1.0, "x2")])
    made = page(y, max_nodes=30)
    assert f"<li>{len(names(y))} values in " in made.html
    boxes = set(re.findall(r'id="(m\d+|n\d+)"', made.html))
    assert {frame["box"] for frame in frames(made)} <= boxes
    arrows = set(unescaped(re.findall(r'<g id="([^"]*)" class="edge', made.html)))
    assert {arrow for frame in frames(made) for arrow in frame["arrows"]} <= arrows


def test_what_has_no_box_is_told_at_the_box_of_all_that_is_left_out():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    made = page((a * b).tanh() * 2.0, depth=1)
    assert [x["box"] for x in frames(made)] == [
        "more",
        "n3",
        "n4",
        "n4",
        "n3",
        "more",
        "more",
        "more",
    ]
    assert [x["source"] for x in frames(made)][-3:] == ["n3", "more", "more"]
    assert 'id="more"' in made.html


def test_too_many_steps_are_refused_with_the_keyword_that_allows_them():
    y = chain(1000)
    with pytest.raises(ValueError, match=r"2,001 steps .* raise max_steps=2000"):
        page(y)
    assert len(frames(page(y, max_steps=2001))) == 2001
    assert page(y.operands[0]).html  # of 1,999 steps


def test_a_title_is_a_string_and_the_most_steps_a_whole_number():
    y = chain(2)
    with pytest.raises(TypeError, match=r"^a title is a string, got int 3$"):
        page(y, title=3)
    with pytest.raises(TypeError, match=r"^max_steps is a whole number, got '9'$"):
        page(y, max_steps="9")


def test_what_is_no_value_is_refused():
    with pytest.raises(TypeError, match="need one Value"):
        page([Value(1.0)])


def test_a_leaf_alone_has_a_page():
    assert rows(page(Value(2.0, "a"))) == ["∂a/∂a = 1"]


def test_nan_and_infinity_are_said_as_they_are():
    a = Value(float("inf"), "a")
    made = frames(page(a * 0.0))
    assert [x["answer"] for x in made] == ["nan", "1", "0"]
    assert made[0]["text"] == "data nan !"


def test_save_writes_the_page_and_leaves_nothing_beside_it(tmp_path):
    made = page(neuron())
    made.save(tmp_path / "steps.html")
    assert (tmp_path / "steps.html").read_text("utf-8") == made.html
    assert [x.name for x in tmp_path.iterdir()] == ["steps.html"]


def test_in_a_notebook_the_same_page_is_in_a_closed_frame():
    made = page(neuron())
    frame = made._repr_html_()
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', frame)[1]) == made.html
    assert re.findall(r'sandbox="([^"]*)"', frame) == ["allow-scripts"]


def test_a_page_is_the_same_every_time():
    assert page(neuron()).html == page(neuron()).html


def luminance(colour):
    """Return the relative luminance of WCAG 2.2."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("frame", ["gold", "purple"])
def test_the_frames_of_a_step_stand_out_from_every_fill_and_from_the_page(mode, frame):
    light, dark = read_resource("page.css").split("@media (prefers-color-scheme: dark)")[:2]
    colours = dict(re.findall(r"--(\w+): (#\w{6})", dark if mode == "dark" else light))
    deepest = [look.tinted(1.0) for look in (style.POSITIVE, style.NEGATIVE, style.ALARM)]
    page_ = colours.get("page", "#ffffff")
    for ground in (*deepest, style.ZERO.fill, "#ffffff", page_, colours["panel"]):
        assert contrast(colours[frame], ground) >= 3


def test_what_make_generate_wrote_for_the_page_belongs_to_its_sources():
    assert list_stale() == [], "type make generate"


def test_sources_changed_since_make_generate_are_noticed(monkeypatch):
    place, source = sources()["page.min.css"]
    changed = sources() | {"page.min.css": (place, f"{source} ")}
    monkeypatch.setattr(generate, "sources", lambda: changed)
    assert list_stale() == ["page.min.css"]


def test_what_was_written_and_changed_by_hand_is_noticed(monkeypatch):
    given = sources()
    monkeypatch.setattr(generate, "sources", lambda: given)
    monkeypatch.setattr(generate, "read_resource", lambda name: f"{read_resource(name)} ")
    monkeypatch.setattr(generate, "read_generated", lambda name: f"{read_generated(name)} ")
    assert list_stale() == ["page.min.js", "page.min.css"]


def test_make_generate_has_esbuild_write_what_is_stale(monkeypatch, tmp_path):
    asked = []

    def run(command, **options):
        asked.append((command, options))
        return SimpleNamespace(stdout="less")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda program: program if program == "npm" else None)
    monkeypatch.setattr(generate, "__file__", str(tmp_path / "generate.py"))
    monkeypatch.setattr(generate, "sources", lambda: {"x.css": ("script/x.css", "a {}")})
    monkeypatch.setattr(generate, "list_stale", list)
    generate.main()
    assert not asked
    monkeypatch.setattr(generate, "list_stale", lambda: ["x.css"])
    generate.main()
    program = f"npm exec --yes --package={generate.ESBUILD} -- esbuild".split()
    options = {"input": "a {}", "stdout": subprocess.PIPE, "encoding": "utf-8", "check": True}
    assert asked == [([*program, "--minify", "--charset=utf8", "--loader=css"], options)]
    assert re.fullmatch(r"esbuild@\d+\.\d+\.\d+", generate.ESBUILD)
    head, rest = (tmp_path / "x.css").read_text("utf-8").split("\n")
    told = 'Written by "make generate" from script/x.css: change that, not this file.'
    assert re.fullmatch(rf"/\* {told} \w{{64}} \*/", head)
    assert rest == "less"


def test_make_generate_without_npm_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(files, "read_generated", lambda _: "")
    told = r"^npm, which fetches esbuild to write page.min.js, is not here: install Node.js$"
    with pytest.raises(SystemExit, match=told):
        runpy.run_path(generate.__file__, run_name="__main__")
    runpy.run_path(generate.__file__, run_name="generate")  # imported it does nothing


def test_the_page_of_readme_s_expression_is_smaller_than_60_kilobytes():
    a, b, c, f = Value(2, "a"), Value(-3, "b"), Value(10, "c"), Value(-2, "f")
    e = a * b
    e.label = "e"
    d = e + c
    d.label = "d"
    assert len(page(d * f).html.encode()) < 60 * 1024


def test_a_name_from_right_to_left_does_not_turn_the_line():
    name, isolated = "\u05d0\u05d1", "\u2068\u05d0\u05d1\u2069"
    text = page((Value(2.0, name) * 3).log()).html
    _, told = text.split("</svg>", 1)
    assert isolated in told
    assert name not in told.replace(isolated, "")
