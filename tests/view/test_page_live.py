"""The living page in Chromium: a leaf is changed, and everything follows."""

import math
import random
import re
import warnings

import pytest

from autograd_mini import Value, draw, nudge, recompute, topological_order
from autograd_mini.nn import MLP
from autograd_mini.teach.quiz import questions
from autograd_mini.view.page import page
from tests.view.living import random_cases, random_graph
from tests.view.test_page import neuron
from tests.view.test_page_browser import Keys, shared

pytestmark = pytest.mark.browser


def types(reader, place, x):
    """Type a number into the field of a leaf."""
    field = reader.finds(f"#leaf{place}")
    field.clear()
    field.send_keys(str(x), Keys.TAB)


# What one sees of every box and arrow: its class, its colours, its line, its text.
SEEN = """
const seen = {}, root = arguments[0];
for (const part of root.querySelectorAll('.node:not(.constant), .edge:not(.constant)')) {
  const shape = part.querySelector('path:not(.forward), polygon');
  const looks = ['stroke', 'fill', 'stroke-width', 'stroke-dasharray'];
  const names = [...part.classList].filter(name => !/todo|plain|coming|now|from/.test(name));
  seen[part.id] = [names.sort().join(' '), ...looks.map(look => shape.getAttribute(look) || ''),
    ...[...part.querySelectorAll('text')].map(x => x.textContent + x.getAttribute('fill'))];
  if (!seen[part.id][3]) seen[part.id][3] = '1';
}
return seen"""
PARSED = "const root = new DOMParser().parseFromString(arguments[0], 'image/svg+xml');"


def looks_of(reader, y):
    """Return what is seen on the page, and what Python draws."""
    drawn = re.sub("<style>.*?</style>", "", draw(y, legend=False, detail="full").svg(), flags=re.S)
    parsed = SEEN.replace(
        "arguments[0]", "new DOMParser().parseFromString(arguments[0], 'text/html')"
    )
    return reader.runs(SEEN, reader.finds("#pane")), reader.runs(parsed, drawn)


def change_leaves(reader, rng, leaves):
    """Type new numbers, and write them in Python; what is refused stays."""
    for place, leaf in leaves:
        before, leaf.data = leaf.data, round(rng.uniform(-3, 3), 2)
        types(reader, place, leaf.data)
        if reader.finds("#trouble").text:
            types(reader, place, before)
            leaf.data = before


def test_everything_in_the_picture_is_what_python_draws(reader):
    rng, parts = random.Random(8), 0
    for _ in range(3):
        y = random_graph(rng)
        reader.opens(page(y, detail="full"))
        leaves = [(i, x) for i, x in enumerate(topological_order(y)) if not x.operands]
        change_leaves(reader, rng, leaves)
        recompute(y).zero_grad()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y.backward()
        reader.presses(Keys.END)
        found, drawn = looks_of(reader, y)
        assert found == drawn
        parts += len(found)
    assert parts > 20


def test_a_change_shows_old_and_new_and_what_was_promised(reader):
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a * a * b
    promised = nudge(y, a, 0.5)
    reader.opens(page(y), "#step=1")
    types(reader, 0, 2.5)
    said = reader.finds("#promise").text
    assert said.startswith(
        "a 2 → 2.5. The gradient promised that L changes by 6; it changed by 6.75"
    )
    assert (promised.predicted, promised.actual) == (6.0, 6.75)
    assert reader.reads("li .was")[0] == "4 → 6.25"
    assert reader.finds("#n0 title").get_attribute("textContent") == "data 2 → 2.5"
    assert reader.reads("#n0 text")[1] == "data 2.5"


def test_what_python_refuses_the_page_refuses_with_the_same_words(reader):
    a = Value(2.0, "a")
    reader.opens(page((a - 1).log()))
    types(reader, 0, -5)
    with pytest.raises(ValueError, match=r"^log") as refused:
        (Value(-5.0, "a") - 1).log()
    assert reader.finds("#trouble").text == f"ValueError: {refused.value}"
    assert reader.reads("li button")[1] == "L = log(v1) = 0"
    types(reader, 0, 3)
    assert reader.finds("#trouble").text == ""


def test_a_step_of_learning_is_gradient_descent_and_is_undone(reader):
    w, x = Value(1.0, "w"), Value(2.0, "x")
    reader.opens(page((w * x - 6) ** 2, parameters=[w]))
    reader.clicks("#learn")
    assert reader.finds("#leaf0").get_property("value") == "2.6"
    assert reader.finds("#leaf1").get_property("value") == "2"
    assert reader.finds("#trace span").text == "L in 1 step: 16 → 0.64"
    reader.clicks("#undo")
    assert reader.finds("#leaf0").get_property("value") == "1"
    assert not reader.finds("#undo").is_enabled()


def test_a_slider_moves_its_leaf_and_keeps_its_own_keys(reader):
    reader.opens(page(shared()), "#step=3")
    reader.presses(Keys.ARROW_RIGHT, on="#leaves [type=range]")
    assert reader.step == 3
    assert float(reader.finds("#leaf0").get_property("value")) > 2


def test_the_link_holds_the_state_and_back_leads_back(reader):
    reader.opens(page(shared()), "#step=5&a=2.5&rate=0.2")
    assert (reader.step, reader.finds("#rate").get_property("value")) == (5, "0.2")
    assert reader.reads("#n0 text")[1] == "data 2.5"
    types(reader, 1, 4)
    assert reader.driver.current_url.endswith("#step=5&a=2.5&b=4&rate=0.2")
    reader.driver.back()
    reader.waits(lambda: reader.reads("#n1 text")[1] == "data -3")
    assert reader.reads("#n0 text")[1] == "data 2.5"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("#step=2&a=x", "a = x: a leaf is a finite number"),
        ("#q=2", "q = 2: no leaf is called so"),
        ("#step=two", "step = two: the steps are 0 to 7"),
        ("#a=1e999", "a = 1e999: a leaf is a finite number"),
        ("#rate=", "rate = : the rate is a finite number"),
    ],
)
def test_what_a_link_says_wrong_is_told_and_left_aside(reader, address, words):
    reader.opens(page(shared()), address)
    assert words in reader.finds("#trouble").text
    assert reader.reads("#n0 text")[1] == "data 2"


def test_no_number_is_in_the_page_before_it_is_revealed(reader):
    a = Value(1234.5, "a")
    reader.opens(page((a + 3.0).sin() * 2), "#step=1&predict")
    everything = reader.runs("return document.documentElement.outerHTML")
    assert "1237.5" not in everything
    reader.clicks("#reveal")
    assert "1237.5" in reader.runs("return document.documentElement.outerHTML")


def test_a_wrong_answer_is_told_the_mistake_as_in_the_quiz(reader):
    a, b = Value(2.0, "a"), Value(5.0, "b")
    y = (a * b) ** 2 + a
    quizzed = [x for x in questions(y) if "∂(a·b)/∂a" in x.prompt]
    reader.opens(page(y), "#step=8&predict")
    for asked, guess in zip(quizzed, ("2", "25"), strict=True):
        reader.presses(guess, Keys.ENTER, on="#guess")
        told = reader.finds("#verdict").text.partition(": you ")[2].partition(" Try again")[0]
        assert told
        assert told in asked.verdict(float(guess))
        reader.clicks("#reveal")


SIZES = [(1280, 720), (1920, 1080), (420, 800), (900, 480), (640, 360)]  # the last: at 200 %
IN_SIGHT = """
const pane = document.getElementById("pane"), rows = document.querySelectorAll("#list button");
const inside = selector => {
  const part = document.querySelector(selector)?.getBoundingClientRect();
  const {left, right, top, bottom} = pane.getBoundingClientRect();
  return !part || (part.left >= left - 1 && part.right <= right + 1 && part.top >= top - 1
    && part.bottom <= Math.min(bottom, innerHeight) + 1);
};
const lost = [];
rows.forEach((row, k) => {
  row.click();
  if (!inside(".node.now") || !inside(".node.from")) lost.push(k + 1);
});
const {a: scale} = new DOMMatrix(getComputedStyle(pane.querySelector("svg")).transform);
return [lost, 10 * scale / innerHeight]"""
SCALE = "return new DOMMatrix(getComputedStyle(document.querySelector('#pane svg')).transform).a"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_both_boxes_of_a_step_are_in_sight_and_arrows_can_be_read(reader, width, height):
    reader.opens(page(neuron()), width=width, height=height)
    lost, letters = reader.runs(IN_SIGHT)
    assert lost == []
    assert letters >= 0.02


def test_both_boxes_of_a_step_are_in_sight_in_a_network_too(reader):
    y = MLP(2, [4, 4, 1], seed=1)([Value(0.5, "x1"), Value(1.0, "x2")])
    reader.opens(page(y, max_nodes=30))
    for width, height in ((1280, 720), (420, 800)):
        reader.has(width=width, height=height)
        lost, _ = reader.runs(IN_SIGHT)
        assert lost == [], (width, height)


WHOLE = """
await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
const inner = document.querySelector("#pane svg").getBoundingClientRect();
const outer = document.getElementById("pane").getBoundingClientRect();
return inner.left >= outer.left && inner.top >= outer.top
  && inner.right <= outer.right && inner.bottom <= outer.bottom"""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_fit_shows_the_whole_picture_and_again_what_can_be_read(reader, width, height):
    reader.opens(page(neuron()), "#step=16", width=width, height=height)
    followed = reader.runs(SCALE)
    reader.clicks("#fit")
    assert reader.runs(WHOLE)
    reader.presses(Keys.ARROW_LEFT)
    assert reader.runs(WHOLE)
    reader.presses("0", Keys.ARROW_RIGHT)
    assert reader.runs(SCALE) == followed


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1366, 757), (1920, 1080)])
def test_a_graph_of_seven_boxes_is_whole_and_can_be_read_at_every_step(reader, width, height):
    y = readme()
    reader.opens(page(y), width=width, height=height)
    seen = []
    for _ in range(11):
        seen.append(reader.runs(WHOLE) and 10 * reader.runs(SCALE) / height >= 0.02)
        reader.presses(Keys.ARROW_RIGHT)
    assert seen == [True] * 11


def test_what_learns_and_the_legend_are_never_cut_off(reader):
    within = """const [part, whole] = [...arguments].map(x => document.querySelector(x));
        const inner = part.getBoundingClientRect(), outer = whole.getBoundingClientRect();
        return inner.top >= outer.top && inner.bottom <= Math.min(outer.bottom, innerHeight)
            && whole.scrollWidth <= whole.clientWidth"""
    reader.opens(page(readme()), "#step=10")
    for width, height in ((1366, 625), (1280, 720), (420, 800), (390, 700)):
        reader.has(width=width, height=height)
        for part, whole in (("#learn", "#side"), ("#legend li:last-child", "#legend")):
            assert reader.runs(within, part, whole), (part, width, height)


def readme():
    """Return the expression of README: seven boxes."""
    a, b, c, f = (Value(x, name) for name, x in zip("abcf", (2.0, -3.0, 10.0, -2.0), strict=True))
    return (a * b + c) * f


# The texts that leave their boxes, and the pairs of an arrow's label and what it meets.
CROWDED = """
const place = text => {
  const seen = text.textContent.trimEnd(), first = text.getExtentOfChar(seen.search(/\\S/));
  const last = text.getExtentOfChar(seen.length - 1);
  return [first.x, first.y + 2, last.x + last.width, first.y + first.height - 2];
};
const box = part => {
  const {x, y, width, height} = part.querySelector("path, polygon").getBBox();
  return [x, y, x + width, y + height];
};
const texts = part => [...part.querySelectorAll("text")].filter(x => x.textContent.trim());
const nodes = [...document.querySelectorAll("#pane .node:not(.constant)")];
const meets = ([a, b, c, d], [e, f, g, h]) => a < g && e < c && b < h && f < d;
const left = nodes.flatMap(part => texts(part).map(place).filter(([a, , c]) =>
  a < box(part)[0] || c > box(part)[2]).map(() => part.id));
const labels = [...document.querySelectorAll("#pane .edge:not(.constant)")]
  .flatMap(part => texts(part).map(text => [part.id, place(text)]));
const all = [...nodes.map(part => [part.id, box(part)]), ...labels];
return [left, labels.flatMap(([id, x]) => all.filter(([other, y]) => id !== other && meets(x, y))
  .map(([other]) => `${id} ${other}`))]"""
TAKES = """for (const [place, x] of arguments[0]) {
  const field = document.getElementById(`leaf${place}`);
  field.value = x;
  field.dispatchEvent(new Event("input"));
}"""


def test_new_numbers_stay_in_their_boxes_and_clear_of_one_another(reader):
    rng, changed = random.Random(5), 0
    for y, made, inputs, _ in random_cases(5, 4, inputs=4):
        reader.opens(made).presses(Keys.END)
        left, met = reader.runs(CROWDED)
        assert left == []
        for given in inputs:
            scaled = [[place, x * 10 ** rng.choice([0, 0, 4, -4])] for place, x in given]
            reader.runs(TAKES, scaled)
            left, meeting = reader.runs(CROWDED)
            assert left == [], y
            assert {*meeting} <= {*met}, y
            changed += len(reader.reads("li .was"))
    assert changed > 40


def test_usual_numbers_are_not_squeezed_and_what_is_squeezed_gets_its_shape_back(reader):
    squeezed = "return document.querySelectorAll('#pane [textLength]').length"
    reader.opens(page(readme()), "#step=10&a=-7.764&b=-2.264&c=-8.888&f=-3.056")
    assert "\u00a0\u00a0-3.056 × (-7.764)\u00a0\u00a0" in reader.reads("#pane .edge text")
    assert reader.runs(squeezed) == 0
    types(reader, 0, -123456.789)
    assert reader.runs(squeezed) > 3
    types(reader, 0, -7.764)
    assert reader.runs(squeezed) == 0


def test_a_slider_reaches_as_far_to_both_sides_and_never_beyond_the_floats(reader):
    reader.opens(page(Value(3.0, "a") * Value(1e-300, "b")))
    reach = "const {min, max, step} = arguments[0]; return [min, max, step].map(Number)"
    slider = reader.finds("#leaves [type=range]")
    assert reader.runs(reach, slider) == [-3, 9, 0.01]
    types(reader, 0, 1.79e308)
    low, high, _ = reader.runs(reach, slider)
    assert low < 1.79e308 <= high < math.inf


def test_keys_and_wheel_zoom_and_0_fits(reader):
    reader.opens(page(shared()))
    scales = [reader.runs(SCALE)]
    for key in ("+", "-", "+", "0"):
        reader.presses(key)
        scales.append(reader.runs(SCALE))
    first, near, again, _, fitted = scales
    assert near > first == pytest.approx(again)
    assert fitted == first


def test_lists_are_one_tab_stop_each_and_boxes_are_reached_by_keys(reader):
    reader.opens(page(shared()))
    stops = "return document.querySelectorAll(arguments[0] + '[tabindex=\"0\"]').length"
    assert [reader.runs(stops, x) for x in ("#list button", "#pane .node")] == [1, 1]
    reader.runs("document.querySelector('#pane .node').focus()")
    reader.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert reader.step > 0


# What a button writes into a file, read as text.
SAVED = """
const make = URL.createObjectURL, button = document.querySelector(arguments[0]);
return new Promise(done => {
  HTMLAnchorElement.prototype.click = () => {};
  URL.createObjectURL = blob => {
    if (blob.type === (button.id === "png" ? "image/png" : "image/svg+xml")) done(blob.text());
    return make(blob);
  };
  button.click();
})"""


def test_the_whole_picture_is_saved_with_the_present_numbers(reader):
    y = shared()
    reader.opens(page(y), "#step=2&a=4")
    svg = reader.runs(SAVED, "#svg")
    assert svg.startswith("<svg")
    assert "data 4" in svg
    assert "forward" not in svg
    assert reader.runs(SAVED, "#png").startswith("\ufffdPNG")
