"""Animation: the arrows appear in the order of the steps, and the end is the still picture."""

import re

import pytest

from autograd_mini import Value
from autograd_mini.stepping import steps
from autograd_mini.view.animate import animate
from autograd_mini.view.draw import draw
from tests.pictures import network, neuron


def starts(svg: str) -> dict[str, float]:
    found = re.findall(r"@keyframes (\S+?)\{0%,([\d.]+)%\{opacity", svg)
    return {key: float(start) for key, start in found}


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
    assert moments["n1"] < moments["e1_0"] < moments["e1_1"] == moments["n0"]


def test_only_readers_who_did_not_ask_for_less_motion_see_it_move():
    loss, _ = neuron()
    still, moving = draw(loss).svg(), animate(loss).svg()
    moving = re.sub("<metadata>.*</metadata>", "", moving)  # the policy
    a, b = moving.index("@media (prefers-reduced-motion:no-preference){"), moving.index("</style>")
    assert "animation" not in moving[:a] + moving[b:]
    assert (moving[:a] + moving[b:]).replace("moving autograd_mini", "autograd_mini") == still
    assert moving[a:b].count("{") == moving[a:b].count("}")
    assert "<script" not in moving


def test_a_large_graph_plays_no_longer_than_a_minute():
    svg = animate(network(4, 4, 1, samples=8)).svg()
    assert float(re.search(r"animation:([\d.]+)s", svg)[1]) < 60
    assert all(start <= 100 for start in starts(svg).values())
    assert "m0-" in svg or re.search(r"@keyframes m\d+-m\d+\{", svg)


def test_it_shows_and_saves_itself(tmp_path):
    film = animate(neuron()[0])
    film.save(tmp_path / "film.svg")
    assert (tmp_path / "film.svg").read_text(encoding="utf-8") == film.svg() == film._repr_svg_()


def test_before_backward_there_is_nothing_to_animate():
    with pytest.raises(ValueError, match="call backward"):
        animate(Value(1.0, "a") * 2.0)


@pytest.mark.parametrize("seconds", [0, -1, 1e9, float("nan")])
def test_seconds_are_positive_and_few(seconds):
    with pytest.raises(ValueError, match="seconds are above 0"):
        animate(neuron()[0], seconds=seconds)
