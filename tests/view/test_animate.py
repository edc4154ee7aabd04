"""Animation: forward, then back; no number before its time; the end is the still picture."""

import re

import pytest

from autograd_mini import Value, topological_order
from autograd_mini.stepping import steps
from autograd_mini.view.animate import Moment, animate, find_moments, rule
from autograd_mini.view.draw import draw
from tests.pictures import labelled, network, neuron


def starts(svg: str) -> dict[str, float]:
    found = re.findall(r"@keyframes (\S+?)\{0%,([\d.]+)%\{opacity:0", svg)
    return {key: float(start) for key, start in found}


def test_data_appear_as_they_are_computed_and_before_any_gradient():
    loss, _ = neuron()
    picture, moments = draw(loss), starts(animate(loss).svg())
    order = [moments[picture.nodes[x]] for x in topological_order(loss) if x.operands]
    assert order == sorted(order)
    assert len(set(order)) == len(order)
    later = [x for key, x in moments.items() if key.startswith("e") or "grad" in key]
    assert max(order) < min(later)


def test_the_data_of_leaves_are_given_from_the_start():
    loss, v = neuron()
    assert draw(loss).nodes[v["x1"]] not in starts(animate(loss).svg())


def test_arrows_appear_in_the_order_of_the_steps():
    loss, _ = neuron()
    picture, moments = draw(loss), starts(animate(loss).svg())
    order = [moments[picture.arrows[x.node, x.position]] for x in steps(loss)]
    assert order == sorted(order)
    assert len(set(order)) == len(order)


def test_a_box_is_filled_with_the_last_of_its_terms():
    a = Value(3.0, "a")
    y = a * a
    y.backward()
    moments = starts(animate(y).svg())
    assert moments["n1-grad"] < moments["e1_0"] < moments["e1_1"] == moments["n0-grad"]


def test_no_number_is_seen_before_its_time():
    """Every text that holds a number, but for the data of leaves and constants, is hidden first."""
    for loss in (neuron()[0], network(2, 1), network(16, 1, samples=4)):
        svg, picture = animate(loss).svg(), draw(loss)
        moments = starts(svg)
        for node, key in picture.nodes.items():
            assert f"{key}-grad" in moments
            assert key in moments or not node.operands or not picture.lines_computed[key]
        assert {*picture.arrows.values()} <= moments.keys()


def test_edges_are_faint_from_the_start():
    loss, _ = neuron()
    svg = animate(loss).svg()
    faint = re.findall(r"@keyframes (\S+)-line\{0%,[\d.]+%\{opacity:.2", svg)
    assert {*faint} == {*draw(loss).arrows.values()}


def test_a_box_is_empty_until_its_gradient_comes_and_all_changes_are_sudden():
    loss, _ = neuron()
    svg = animate(loss).svg()
    empty = r"@keyframes (\S+)-grad-box\{0%,[\d.]+%\{fill:var\(--bare\);stroke:#57606a;"
    sudden = "animation-timing-function:step-start}"
    assert {*re.findall(empty + sudden, svg)} == {*draw(loss).nodes.values()}
    assert svg.count(sudden) == len(draw(loss).nodes) + len(draw(loss).arrows)


def test_it_plays_once_and_can_be_paused_by_pointer_and_by_keyboard():
    svg = animate(neuron()[0]).svg()
    assert re.findall(r"animation:[\d.]+s (\w+) both", svg) == ["1"]
    assert ".moving:is(:hover,:focus) *{animation-play-state:paused}" in svg
    assert 'tabindex="0"' in svg[: svg.index(">", svg.index("<svg"))]


def test_only_readers_who_did_not_ask_for_less_motion_see_it_move():
    loss, _ = neuron()
    still, moving = draw(loss).svg(), animate(loss).svg()
    moving = re.sub("<metadata>.*</metadata>", "", moving)  # the policy
    a, b = moving.index("@media (prefers-reduced-motion:no-preference){"), moving.index("</style>")
    assert "animation" not in moving[:a] + moving[b:]
    outside = (moving[:a] + moving[b:]).replace("moving autograd_mini", "autograd_mini")
    assert outside.replace(' tabindex="0"', "") == still
    assert moving[a:b].count("{") == moving[a:b].count("}")
    assert "<script" not in moving


def test_a_large_graph_plays_no_longer_than_a_minute():
    svg = animate(network(4, 4, 1, samples=8), detail="neurons").svg()
    assert float(re.search(r"animation:([\d.]+)s", svg)[1]) < 60
    assert all(start <= 100 for start in starts(svg).values())
    assert re.search(r"@keyframes m\d+-m\d+\{", svg)


def test_it_shows_and_saves_itself(tmp_path):
    film = animate(neuron()[0])
    film.save(tmp_path / "film.svg")
    assert (tmp_path / "film.svg").read_text(encoding="utf-8") == film.svg()
    assert "<metadata>" in film.svg()
    assert re.sub("<metadata>.*</metadata>", "", film.svg()) == film._repr_svg_()


def test_each_part_has_a_step_of_its_own_and_grads_that_of_their_last_term():
    a = Value(3.0, "a")
    y = a * a
    y.backward()
    assert [tuple(x) for x in find_moments(y, draw(y))] == [
        ("data", "n1", 1, 2),
        *(("edge", f"e1_{i}", 3 + i, 2) for i in (0, 1)),
        ("grad", "n1", 2, 2),
        ("grad", "n0", 4, 2),
    ]
    for film, seconds in ((animate(y), 5 * 0.7), (animate(y, seconds=0.123), 5 * 0.123)):
        assert re.findall("animation:([0-9.]+)s", film.svg()) == [f"{seconds:g}"]


def test_a_box_that_tells_no_data_of_its_own_appears_with_its_gradient_alone():
    u = Value(1.0, "m.w1") * Value(2.0, "x")
    y = labelled(u, "m.u") + labelled(u.tanh(), "m.v")
    y.backward()
    moments = find_moments(y, draw(y, detail="layers"))
    assert [(x.id, x.last) for x in moments if x.kind == "data"] == [("n4", 2)]
    assert [(x.id, x.last) for x in moments if x.kind == "grad"] == [
        ("n4", 2),
        ("m0", 1),
        ("n1", 2),
    ]


def test_the_rules_of_a_part_hide_it_until_its_step_begins_and_show_it_when_that_ends():
    hidden = "{{0%,{:.2f}%{{opacity:0}}{:.2f}%,100%{{opacity:1}}}}\n"
    data, edge, grad = (
        rule(moment, 12.5)
        for moment in (
            Moment("data", "m1", 1, 3),
            Moment("edge", "e1_0", 3),
            Moment("grad", "m0", 4, 3),
        )
    )
    texts = "text:nth-of-type(n+2):nth-of-type(-n+3)"
    assert data == (
        f"@keyframes m1{hidden.format(0, 12.5)}.moving #m1 {texts}{{animation-name:m1}}\n"
    )
    assert edge == (
        f"@keyframes e1_0{hidden.format(25, 37.5)}"
        ".moving #e1_0 :is(text,polygon){animation-name:e1_0}\n"
        "@keyframes e1_0-line{0%,25.00%{opacity:.2;stroke:var(--frame);stroke-dasharray:none;"
        "stroke-width:1;animation-timing-function:step-start}}\n"
        ".moving #e1_0 path{animation-name:e1_0-line}\n"
    )
    assert grad == (
        f"@keyframes m0-grad{hidden.format(37.5, 50)}"
        ".moving #m0 text:nth-of-type(n+4){animation-name:m0-grad}\n"
        "@keyframes m0-grad-box{0%,37.50%{fill:var(--bare);stroke:#57606a;"
        "animation-timing-function:step-start}}\n"
        ".moving #m0 >:is(path,polygon){animation-name:m0-grad-box}\n"
    )


LOOKS = """
const [share] = arguments, moving = document.getAnimations(), names = ["opacity", "fill", "stroke",
    "strokeWidth", "strokeDasharray"];
for (const x of moving) { x.pause(); x.currentTime = share * x.effect.getTiming().duration; }
const shapes = [...document.querySelectorAll("svg :is(path, polygon, text)")];
return shapes.map(x => names.map(name => getComputedStyle(x)[name]).join(" "));
"""
SEEN = """
const texts = [...document.querySelectorAll("svg :is(.node, .edge) text")];
return texts.filter(x => getComputedStyle(x).opacity > 0).map(x => x.textContent.trim());
"""


@pytest.mark.parametrize("detail", ["full", "neurons"])
def test_in_a_browser_it_goes_forward_then_back_and_ends_on_the_whole_picture(reader, detail):
    loss = network(2, 1)
    film = animate(loss, detail=detail, legend=False)
    reader.opens(film._repr_svg_(), still=False)
    shown = {share: (reader.runs(LOOKS, share), reader.runs(SEEN)) for share in (0, 0.1, 1 - 1e-6)}
    reader.opens(draw(loss, detail=detail, legend=False).svg(), still=False)
    assert shown[1 - 1e-6] == (reader.runs(LOOKS, 1), reader.runs(SEEN))
    texts = {share: " ".join(seen) for share, (_, seen) in shown.items()}
    assert "grad" not in texts[0] + texts[0.1]
    assert "×" not in texts[0] + texts[0.1]
    assert len(texts[0]) < len(texts[0.1]) < len(texts[1 - 1e-6])


def test_before_backward_there_is_nothing_to_animate():
    with pytest.raises(ValueError, match=r"^there is no gradient to animate yet: call backward"):
        animate(Value(1.0, "a") * 2.0)


def test_the_longest_play_is_asked_for_in_vain_where_it_is_longer():
    assert "animation:40s" in animate(neuron()[0], seconds=40).svg()


def test_seconds_are_a_number():
    with pytest.raises(TypeError, match=r"^need one real number, got NoneType None"):
        animate(neuron()[0], seconds=None)


@pytest.mark.parametrize("seconds", [0, -1, 40.5, 1e9, float("nan")])
def test_seconds_are_positive_and_few(seconds):
    with pytest.raises(ValueError, match=r"^seconds are above 0 and at most 40, got"):
        animate(neuron()[0], seconds=seconds)
