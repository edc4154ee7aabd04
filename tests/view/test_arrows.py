"""Arrows: where they begin and end, and how they are labelled."""

import re

import pytest

from autograd_mini import Value, total
from autograd_mini.view.arrows import MOST_ARROWS_LABELLED
from autograd_mini.view.draw import draw
from tests.pictures import chain, network
from tests.view.test_draw import attribute

EDGE = re.compile(r"^\t+(\w+):(\w+) -> (\w+):(\w+) \[(.*)\]$", re.M)


def edges_of(picture):
    """Return the attributes of each arrow, by the boxes and the sides that it joins."""
    return {(a, b): (c, d, rest) for a, c, b, d, rest in EDGE.findall(picture.source)}


@pytest.mark.parametrize(
    ("options", "start", "end"),
    [
        ({"detail": "neurons"}, "e", "w"),
        ({"detail": "layers", "direction": "RL"}, "w", "e"),
        ({"detail": "neurons", "direction": "TB"}, "s", "n"),
        ({"detail": "neurons", "direction": "BT"}, "n", "s"),
        ({"detail": "neurons", "expand": ["layer1.neuron1"]}, "_", "_"),
    ],
)
def test_arrows_into_closed_modules_go_from_side_to_side_and_others_as_they_like(
    options, start, end
):
    picture = draw(network(2, 1), **options)
    assert ("splines=line" in picture.source) == (start != "_")
    edges = edges_of(picture)
    sides = {(start, end) if b[0] == "m" else ("_", "_") for _, b in edges}
    assert {(c, d) for c, d, _ in edges.values()} == sides
    assert all((c, d) == (start, end) for (_, b), (c, d, _) in edges.items() if b[0] == "m")
    assert len(edges) > 5


def test_up_to_150_arrows_have_their_chain_rule_and_more_are_placed_quickly():
    for length, labelled in ((150, True), (151, False)):
        source = draw(chain(length), detail="full").source
        labels = [attribute("label", rest) for *_, rest in edges_in(source)]
        assert (len(labels), all(labels), any(labels)) == (length, labelled, labelled)
        assert ("splines=line" in source, "nslimit=0.5" in source) == (not labelled, not labelled)
    assert length - 1 == MOST_ARROWS_LABELLED


def edges_in(source):
    return EDGE.findall(source)


def test_where_many_arrows_meet_at_a_group_they_have_no_heads():
    y = total(Value(1.0, f"layer1.neuron{i % 3}.w{i}") * Value(2.0, f"in{i}") for i in range(160))
    y.backward()
    picture = draw(y, detail="full", expand=[])
    assert "dir=none" not in "".join(rest for *_, rest in edges_in(picture.source))
    folded = draw(y, detail="neurons")
    edges = edges_of(folded)
    assert len(edges) > MOST_ARROWS_LABELLED
    for (_, near), (*_, rest) in edges.items():
        assert attribute("dir", rest) == ("none" if near[0] == "m" else "")
    few = edges_of(draw(network(2, 1), detail="neurons"))
    assert {attribute("dir", rest) for *_, rest in few.values()} == {""}


def test_an_arrow_between_groups_tells_how_many_it_is_and_their_sum_unless_that_is_hidden():
    loss = network(2, 1)
    for hidden, more in (
        ((), r", together -?\d[\d.]*"),
        (("data",), ", together .*"),
        (("grad",), ""),
    ):
        edges = edges_of(draw(loss, detail="neurons", hide=hidden))
        for ends, pattern in (("n4", "m1"), f"1 edge{more}"), (("m1", "m0"), f"1 edge{more}"):
            assert re.fullmatch(pattern, attribute("tooltip", edges[ends][2]))
            assert attribute("label", edges[ends][2]) == ""
    *_, rest = edges_of(draw(loss, detail="layers"))["n4", "m1"]
    assert re.fullmatch(r"2 edges, together -?\d[\d.]*", attribute("tooltip", rest))


def test_an_arrow_on_several_paths_has_their_numbers_and_a_line_of_its_own():
    q = Value(0.5, "q")
    y = (q * q).tanh() * q
    y.backward()
    edges = [rest for *_, rest in edges_in(draw(y, why=q).source)]
    found = [(re.findall("[①②③]", x), attribute("class", x), attribute("style", x)) for x in edges]
    assert sorted(found) == [
        (["①"], "positive way1", "solid"),
        (["①", "②"], "positive ways", "solid"),
        (["①", "②"], "positive ways", "solid"),
        (["②"], "positive way2", "dashed"),
        (["③"], "positive way3", "dotted"),
    ]


@pytest.mark.parametrize(("direction", "lines"), [("TB", 2), ("LR", 3), ("RL", 3), ("BT", 2)])
def test_an_arrow_to_the_side_has_an_empty_line_below_its_label(direction, lines):
    y = Value(2.0, "a").tanh()
    y.backward()
    [(*_, rest)] = edges_of(draw(y, direction=direction)).values()
    label = attribute("label", rest).replace("&#160;", "").split("\\l")
    assert len(label) == lines + 1
    assert label[2:] == [""] * (lines - 1)
    assert label[0] == "1 × 0.07065"
