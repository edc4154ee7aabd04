"""The stepping page in Chromium: keys, clicks, predictions, and what it must never do."""

import re

import pytest

from autograd_mini import Value, topological_order, walk
from autograd_mini.nn import MLP
from autograd_mini.stepping import Step, number
from autograd_mini.view import film
from autograd_mini.view.page import page
from tests.view.test_page import HOSTILE, neuron

selenium = pytest.importorskip("selenium.webdriver", reason="pip install selenium")
from selenium.webdriver.common.keys import Keys  # noqa: E402

pytestmark = pytest.mark.browser


def shared():
    """Return a small graph in which a is used twice."""
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    return a * b + a


def box(y, name):
    """Return the selector of the box of a labelled Value."""
    labels = [x.label for x in topological_order(y)]
    return f"#n{labels.index(name)}"


# Going through the steps


def test_next_and_back_go_one_step_and_first_to_the_start(reader):
    reader.opens(page(shared()))
    seen = [reader.step]
    for button in ("next", "next", "next", "back", "next", "first"):
        reader.clicks(f"#{button}")
        seen.append(reader.step)
    assert seen == [0, 1, 2, 3, 2, 3, 0]


def test_arrow_keys_go_one_step_and_home_and_end_to_the_ends(reader):
    reader.opens(page(shared()))
    seen = []
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.END, Keys.HOME):
        reader.presses(key)
        seen.append(reader.step)
    assert seen == [1, 2, 1, 7, 0]


def test_nothing_goes_beyond_the_ends(reader):
    reader.opens(page(shared()))
    assert [reader.finds(f"#{x}").is_enabled() for x in ("first", "back", "next")] == [0, 0, 1]
    reader.presses(Keys.ARROW_LEFT)
    assert reader.step == 0
    reader.presses(Keys.END, Keys.ARROW_RIGHT)
    assert reader.step == 7
    assert [reader.finds(f"#{x}").is_enabled() for x in ("first", "back", "next")] == [1, 1, 0]


def test_the_slider_goes_anywhere_and_keeps_its_own_keys(reader):
    reader.opens(page(shared()))
    reader.presses(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, on="#slider")
    assert reader.step == 2
    reader.presses(Keys.END, on="#slider")
    assert reader.step == 7
    assert reader.finds("#slider").get_attribute("aria-valuetext") == "backward, step 7 of 7"


def test_a_drag_of_the_slider_is_one_step_back_in_the_browser(reader):
    reader.opens(page(shared()), "#step=1")
    drag = """const slider = document.getElementById("slider");
        for (slider.value = 2; slider.value < 6; slider.stepUp())
          slider.dispatchEvent(new Event("input"));
        slider.dispatchEvent(new Event("change"))"""
    reader.runs(drag)
    assert reader.driver.current_url.endswith("#step=5")
    reader.driver.back()
    reader.waits(lambda: reader.step == 1)


def test_play_goes_on_by_itself_until_it_is_paused(reader):
    reader.opens(page(shared()))
    reader.clicks("#play")
    assert reader.finds("#play").text == "pause"
    assert reader.finds("#play").get_attribute("aria-pressed") == "true"
    reader.waits(lambda: reader.step == 2)
    reader.clicks("#play")
    assert reader.finds("#play").text == "play"
    rested = reader.step
    reader.runs("return new Promise(done => setTimeout(done, 1300))")  # longer than a step takes
    assert reader.step == rested


def test_space_plays_and_pauses_from_the_start_again_after_the_end(reader):
    reader.opens(page(shared()), "#step=7")
    reader.presses(Keys.SPACE)
    assert (reader.step, reader.finds("#play").text) == (0, "pause")
    reader.presses(Keys.SPACE)
    assert reader.finds("#play").text == "play"


def test_space_on_a_button_presses_that_button_only(reader):
    reader.opens(page(shared()))
    reader.presses(Keys.SPACE, on="#next")
    assert (reader.step, reader.finds("#play").text) == (1, "play")


@pytest.mark.parametrize("start", [5, 6])
def test_playing_ends_at_the_end(reader, start):
    reader.opens(page(shared()), f"#step={start}")
    reader.clicks("#play")
    reader.waits(lambda: reader.finds("#play").text == "play")
    assert reader.step == 7


def test_a_click_on_a_row_goes_to_its_step(reader):
    reader.opens(page(shared()))
    reader.finds("nav ol:last-of-type li:nth-child(3) button").click()
    assert reader.step == 5
    current = reader.reads("li button[aria-current=step]")
    assert current == ["∂L/∂a += 1 × 1 = 1"]


def test_a_click_on_a_box_goes_to_the_next_step_about_it_and_around(reader):
    y = shared()
    reader.opens(page(y))
    seen = []
    for _ in range(3):
        reader.clicks(box(y, "a"))
        seen.append(reader.step)
    assert seen == [5, 6, 5]


def test_the_address_names_the_step_and_leads_to_it(reader):
    reader.opens(page(shared()), "#step=4")
    assert reader.step == 4
    reader.presses(Keys.ARROW_RIGHT)
    assert reader.driver.current_url.endswith("#step=5")
    reader.runs("location.hash = '#step=2'")
    reader.waits(lambda: reader.step == 2)


@pytest.mark.parametrize(("address", "step"), [("#step=999", 7), ("#step=-1", 0), ("#x", 0)])
def test_an_address_beyond_the_steps_leads_to_the_nearest(reader, address, step):
    reader.opens(page(shared()), address)
    assert reader.step == step


# What is said and lit


def test_every_step_says_what_a_walk_says(reader):
    y = neuron()
    reader.opens(page(y))
    for event in walk(y):
        reader.presses(Keys.ARROW_RIGHT)
        line, figures, why, _ = reader.said
        if isinstance(event, Step):
            assert (line, figures) == (event.rule, f"= {event.figures}")
            assert why.startswith(event.reason)
        else:
            assert re.split(" = ", f"{line} {figures}".replace("  ", " ")) == str(event).split(
                " = "
            )


def test_in_the_end_every_box_and_arrow_shows_the_engine_s_numbers(reader):
    y = neuron()
    reader.opens(page(y)).presses(Keys.END)
    y.backward()
    for i, node in enumerate(topological_order(y)):
        shown = [f"data {number(node.data)}", f"grad {number(node.grad)}"]
        assert reader.reads(f"#n{i} text")[1:] == shown
        edges = enumerate(zip(node.operands, node.partials, strict=True))
        for k, (_, partial) in ((k, x) for k, x in edges if x[1] is not None):
            label = " ".join(reader.reads(f"#e{i}_{k} text"))
            found = [float(x) for x in re.findall(r"-?\d[\d.]*(?:e-?\d+)?", label)]
            assert found == pytest.approx([node.grad, partial, node.grad * partial], rel=1e-3)


def test_boxes_show_numbers_only_when_they_are_reached(reader):
    y = shared()
    reader.opens(page(y))
    assert reader.reads(f"{box(y, 'a')} text") == ["a", "data 2", "grad"]
    assert reader.reads("#n3 text") == ["L = v1 + a", "data ?", "grad"]
    reader.presses(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    assert reader.reads("#n3 text") == ["L = v1 + a", "data -4", "grad 1"]
    assert reader.reads(f"{box(y, 'a')} text") == ["a", "data 2", "grad 0"]


def test_a_box_fills_when_its_last_term_has_come(reader):
    y = shared()
    reader.opens(page(y))
    full = []
    for step in range(8):
        full.append("todo" not in reader.classes(box(y, "a")))
        grads = reader.reads(f"{box(y, 'a')} text")[2]
        assert (
            grads
            == ("grad", "grad 0", "grad 1", "grad 1 + (-3) = -2")[
                (step > 2) + (step > 4) + (step > 5)
            ]
        )
        reader.presses(Keys.ARROW_RIGHT)
    assert full == [False] * 6 + [True] * 2


def test_a_shared_node_shows_the_running_sum(reader):
    reader.opens(page(shared()), "#step=6")
    assert reader.said[3] == "a is used more than once: 1 + (-3) = -2"


def test_the_current_box_and_arrow_are_lit(reader):
    y = shared()
    reader.opens(page(y), "#step=6")
    lit = "return [...document.querySelectorAll('#graph .now, #graph .from')].map(x => x.id).sort()"
    assert reader.runs(lit) == ["e2_0", "n0", "n2"]
    assert {"now", "back"} & {*reader.classes("#e2_0")} == {"now"}
    width = "return getComputedStyle(document.querySelector(arguments[0])).strokeWidth"
    assert reader.runs(width, "#n0 path") == "4px"
    assert reader.runs(width, "#e2_0 path") == "4.5px"


def test_before_a_gradient_flows_no_colour_gives_its_sign_away(reader):
    reader.opens(page(neuron()), "#step=1")
    looks = """return [...document.querySelectorAll('#graph .edge:not(.constant) path')].map(
        x => getComputedStyle(x).stroke + getComputedStyle(x).strokeDasharray)"""
    assert len(set(reader.runs(looks))) == 1
    fills = """return [...document.querySelectorAll(
        '#graph .node > :is(path, polygon):first-of-type, #graph .node text:nth-of-type(3)')].map(
        x => x.tagName === 'text' ? 'text' + getComputedStyle(x).fill : getComputedStyle(x).fill)"""
    assert len(set(reader.runs(fills))) == 2


def test_the_lit_parts_are_scrolled_into_view(reader):
    reader.opens(page(neuron()), height=500)
    inside = """const a = document.querySelector('#graph .now.node').getBoundingClientRect();
        const b = document.querySelector('#graph').getBoundingClientRect();
        return a.top >= b.top && a.bottom <= b.bottom"""
    for row in (5, 1):  # the output, at the bottom, and a product, at the top
        reader.finds(f"li:nth-child({row}) button").click()
        assert reader.runs(inside)


def test_the_boxes_of_modules_fill_when_all_of_them_is_known(reader):
    y = MLP(2, [4, 4, 1], seed=1)([Value(0.5, "x1"), Value(1.0, "x2")])
    reader.opens(page(y, max_nodes=30), "#step=1")
    hidden = """return [...document.querySelectorAll('#graph .node.group text:not(:first-of-type)')]
        .filter(x => x.textContent).length"""
    assert reader.runs(hidden) == 0
    reader.presses(Keys.END)
    assert reader.reads("#graph .todo") == []
    assert reader.runs(hidden) > 20


def test_what_has_no_box_lights_the_note_that_there_is_more(reader):
    y = Value(1.0, "a")
    for _ in range(40):
        y = y + Value(1.0)
    reader.opens(page(y, max_nodes=10), "#step=1")
    lit = "return [...document.querySelectorAll('#graph .now, #graph .from')].map(x => x.id)"
    assert reader.runs(lit) == ["more"]
    reader.presses(Keys.END)
    assert reader.runs(lit) == ["more"]
    reader.clicks("li:nth-child(40) button")
    assert {*reader.runs(lit)} >= {"n80", "e80_0"}


# Predicting


def test_predicting_hides_the_next_number_everywhere(reader):
    y = shared()
    reader.opens(page(y), "#step=3")
    reader.clicks("#predict")
    reader.clicks("#next")
    assert reader.said[1:] == ["= 1 × ? = ?", "L = v1 + a", ""]
    assert reader.reads("li button")[3:] == [f"∂L/∂{x} += ?" for x in ("v1", "a", "a", "b")]
    assert reader.reads("#n2 text")[2] == "grad 0"
    assert "plain" in reader.classes("#e3_0")
    assert reader.in_focus == "guess"


@pytest.mark.parametrize(
    "guess", ["-0.75", "-3/4", "−3/4", "(-0.75)", "-0,75", " -.75 ", "-7.5e-1", "-0.7504"]
)
def test_a_right_prediction_is_said_and_the_number_shown(reader, guess):
    reader.opens(page(Value(0.75, "a") * -1.0), "#step=1&predict")
    reader.presses(guess, on="#guess")
    reader.clicks("#check")
    assert reader.finds("#verdict").text == "Right."
    assert reader.said[1] == "= 0.75 × (-1) = -0.75"
    assert reader.reads("li button")[0] == "L = a·(-1) = -0.75"
    assert not reader.finds("#guess").is_enabled()


@pytest.mark.parametrize(
    ("guess", "verdict"),
    [
        ("0.75", "0.75 is not it. Try again, or reveal."),
        ("-0.752", "-0.752 is not it. Try again, or reveal."),
        ("3/0", "Type a number, such as -0.5 or 3/4."),
        ("", "Type a number, such as -0.5 or 3/4."),
        ("1//2", "Type a number, such as -0.5 or 3/4."),
        ("<b>", "Type a number, such as -0.5 or 3/4."),
    ],
)
def test_a_wrong_prediction_is_said_and_the_number_stays_hidden(reader, guess, verdict):
    reader.opens(page(Value(0.75, "a") * -1.0), "#step=1&predict")
    reader.presses(guess, Keys.ENTER, on="#guess")
    assert reader.finds("#verdict").text == verdict
    assert reader.said[1] == "= 0.75 × (-1) = ?"


def test_reveal_shows_the_number(reader):
    reader.opens(page(shared()), "#step=6&predict")
    assert reader.said[1::2] == ["= 1 × ? = ?", ""]
    reader.clicks("#reveal")
    assert reader.finds("#verdict").text == "It is -3."
    assert reader.said[1::2] == ["= 1 × (-3) = -3", "a is used more than once: 1 + (-3) = ?"]
    reader.clicks("#reveal")
    assert reader.finds("#verdict").text == "It is -2."
    assert reader.said[3] == "a is used more than once: 1 + (-3) = -2"


def test_predictions_need_no_mouse(reader):
    y = shared()
    reader.opens(page(y))
    reader.presses(Keys.ENTER, on="#predict")
    reader.presses(Keys.ARROW_RIGHT)
    for answers in (["-6"], ["-4"], ["1"], ["1"], ["1"], ["b", "1 - 3"], ["a"]):
        for answer in answers:
            assert reader.in_focus == "guess"
            reader.driver.switch_to.active_element.send_keys(answer, Keys.ENTER)
            assert reader.finds("#verdict").text.startswith("Right.")
        assert reader.in_focus == ("back" if reader.step == 7 else "next")
        reader.driver.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    assert reader.step == 7
    assert reader.finds("#verdict").text == ""


def test_keys_typed_into_a_prediction_stay_there(reader):
    reader.opens(page(shared()), "#step=2&predict")
    reader.presses("12", Keys.ARROW_LEFT, Keys.HOME, Keys.SPACE, Keys.END, on="#guess")
    assert reader.step == 2
    assert reader.finds("#guess").get_attribute("value") == " 12"


def test_what_was_predicted_stays_known_and_leaving_shows_all(reader):
    reader.opens(page(shared()), "#step=1&predict")
    reader.clicks("#reveal")
    reader.presses(Keys.ARROW_RIGHT)
    assert reader.said[1] == "= -6 + 2 = ?"
    reader.clicks("#back")
    assert reader.said[1] == "= 2 × (-3) = -6"
    reader.clicks("#predict")
    assert "?" not in "".join(reader.reads("li button"))
    assert not reader.finds("#prediction").is_displayed()


def test_play_rests_while_predicting(reader):
    reader.opens(page(shared()), "#step=1&predict")
    assert not reader.finds("#play").is_enabled()
    reader.presses(Keys.SPACE)
    assert reader.step == 1


# What it must never do


def test_hostile_labels_stay_text(reader):
    y = Value(1.0, "</title>")
    for label in HOSTILE:
        y = y * Value(2.0, label) + Value(1.0, label)
    reader.opens(page(y, title=HOSTILE[0] + HOSTILE[1])).presses(Keys.END)
    texts = " ".join(reader.reads("li button"))
    assert HOSTILE[0] in texts
    assert HOSTILE[1] in texts
    assert reader.reads("h1") == [HOSTILE[0] + HOSTILE[1]]
    assert reader.runs("return document.querySelectorAll('img, script').length") == 4


def test_the_policy_keeps_other_scripts_styles_and_requests_out(reader):
    reader.opens(page(shared()))
    reader.runs("""
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<p style='color: red' id='p'>p</p>");
        return fetch("http://127.0.0.1:9/").catch(() => "refused")""")
    assert reader.runs("return window.ran") is None
    assert reader.runs("return getComputedStyle(p).color") != "rgb(255, 0, 0)"
    logged = [entry["message"] for entry in reader.driver.get_log("browser")]
    assert len(logged) >= 3
    assert all("Content Security Policy" in message for message in logged)


def test_in_a_notebook_s_frame_everything_works(reader):
    host = f"<!doctype html><title>cell</title><body>{page(shared())._repr_html_()}"
    reader.opens(host)
    reader.driver.switch_to.frame(reader.finds("iframe"))
    reader.clicks("#next")  # a frame hears keys once it has been clicked into
    reader.presses(Keys.ARROW_RIGHT)
    assert reader.step == 2
    reader.clicks("#predict")
    reader.clicks("#next")
    reader.presses("1", Keys.ENTER, on="#guess")
    assert (reader.step, reader.finds("#verdict").text) == (3, "Right.")
    reader.driver.switch_to.default_content()


def test_without_a_picture_the_steps_are_there(reader, monkeypatch):
    def nothing(*_, **__):
        raise RuntimeError("no Graphviz here")

    monkeypatch.setattr(film, "draw_fitting", nothing)
    reader.opens(page(shared())).presses(Keys.END)
    assert reader.said[0] == "∂L/∂b += ∂L/∂v1 · ∂v1/∂b"
    assert "no Graphviz here" in reader.finds("#graph").text


# For everybody


@pytest.fixture(scope="module")
def axe():
    return pytest.importorskip("axe_core_python.selenium", reason="pip install axe-core-python")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", ["#step=0", "#step=3", "#step=9", "#step=6&predict"])
def test_axe_finds_no_fault(reader, axe, address, dark):
    reader.opens(page(neuron()), address, dark=dark)
    found = axe.Axe().run(reader.driver)
    assert [(x["id"], x["nodes"][0]["html"]) for x in found["violations"]] == []
    assert len(found["passes"]) > 20


def test_a_step_is_announced(reader):
    reader.opens(page(shared()), "#step=4")
    live = reader.finds("[aria-live=polite][aria-atomic=true]")
    assert live.text.startswith("∂L/∂v1 += ∂L/∂L · ∂(v1 + a)/∂v1\n= 1 × 1 = 1\nL = v1 + a, so")


def test_the_focus_is_seen_on_everything_that_takes_it(reader):
    reader.opens(page(shared()), "#step=2&predict")
    seen = set()
    for _ in range(12):
        reader.driver.switch_to.active_element.send_keys(Keys.TAB)
        look = "return getComputedStyle(document.activeElement).outline"
        assert re.search(r"solid 3px", reader.runs(look))
        seen.add(reader.in_focus)
    assert seen >= {"first", "back", "next", "predict", "slider", "guess", "check", "fit"}


@pytest.mark.parametrize("still", [True, False])
def test_who_asks_for_less_motion_gets_none(reader, still):
    reader.opens(page(shared()), still=still)
    look = "return getComputedStyle(document.querySelector('#graph .edge')).transitionDuration"
    assert set(reader.runs(look).split(", ")) == {"0s" if still else "0.2s"}


@pytest.mark.parametrize("address", ["#step=0", "#step=9", "#step=9&predict"])
def test_on_a_phone_nothing_is_cut_off(reader, address):
    reader.opens(page(neuron()), address, width=420, height=800)
    assert reader.runs("return document.documentElement.scrollWidth") <= 420
    for control in ("first", "back", "play", "next", "predict", "slider", "line", "place"):
        area = reader.finds(f"#{control}").rect
        assert area["x"] >= 0
        assert area["x"] + area["width"] <= 420
        assert area["y"] + area["height"] <= 800
    graph = reader.finds("#graph").rect
    assert graph["height"] > 200


def test_on_paper_there_are_the_picture_and_all_steps_but_no_buttons(reader):
    reader.opens(page(neuron()), "#step=9", width=300, height=900)
    reader.emulate("Emulation.setEmulatedMedia", {"media": "print"})
    assert not reader.finds("#next").is_displayed()
    assert not reader.finds("#slider").is_displayed()
    assert reader.finds("#graph svg").rect["width"] <= 300
    last = reader.finds("ol:last-of-type li:last-child").rect
    assert last["height"] > 0
    assert last["y"] + last["height"] <= reader.runs("return document.body.scrollHeight")
