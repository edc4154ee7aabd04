"""Where boxes, arrows and labels are: nothing stands on anything else."""

import math
import random
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings

from autograd_mini import Value
from autograd_mini.nn import MLP
from autograd_mini.view.draw import draw
from autograd_mini.view.places import (
    ASCENT,
    DESCENT,
    LETTER,
    NEAR,
    Ground,
    Place,
    clear_labels,
    follow,
    place_line,
    read_parts,
)
from tests.graphs import graphs

WIDE = {"widest": 9999.0, "max_nodes": 200}


def differentiated(y):
    y.backward()
    return y


def network(sizes, **options):
    y = differentiated(MLP(2, list(sizes), seed=1)([0.5, -1.0]))
    return draw(y, **options)


def crowd(seed):
    """A graph whose values are used in many places, so that arrows go across one another."""
    chosen = random.Random(seed)
    nodes = [Value(chosen.uniform(0.5, 2), f"x{i}") for i in range(3)]
    for _ in range(14):
        nodes.append(nodes[-1] * chosen.choice(nodes[:-1]) + chosen.choice(nodes))
        nodes.append(nodes[-1].tanh())
    return differentiated(nodes[-1])


def struck(svg):
    """How many labels an arrow passes through that is not their own."""
    ground = Ground(svg)
    return sum(bool(ground.struck(place) - {key}) for key, place in ground.labels.items())


@settings(max_examples=40)
@given(graphs(leaves=5, most=25))
def test_no_label_stands_on_a_box_or_on_another_label(drawn):
    ground = Ground(draw(differentiated(drawn[1]), **WIDE).svg())
    labels = [*ground.labels.values()]
    for i, label in enumerate(labels):
        inner = label.grown(-2)
        assert not any(map(inner.overlaps, [*ground.boxes.values(), *labels[:i]]))


def test_labels_that_an_arrow_strikes_through_are_moved():
    drawn = [draw(crowd(seed), **WIDE)._placed().decode() for seed in range(6)]
    before, after = (sum(map(struck, svgs)) for svgs in (drawn, map(clear_labels, drawn)))
    assert before > 20
    assert after < before / 3


def test_only_labels_are_moved():
    drawn = draw(crowd(0), **WIDE)._placed().decode()
    cleared = clear_labels(drawn)
    assert cleared != drawn
    (boxes, before), (same_boxes, after) = read_parts(drawn), read_parts(cleared)
    assert same_boxes == boxes
    assert [*map(follow, after.values())] == [*map(follow, before.values())]


@pytest.mark.parametrize("sizes", [(2, 1), (3, 1), (4, 4, 1)])
@pytest.mark.parametrize("options", [{"detail": "full"}, {"expand": ["layer1.neuron1"]}])
def test_no_title_of_a_module_stands_on_a_label(sizes, options):
    svg = network(sizes, **options).svg()
    titles = re.findall(r'<text class="title" x="([^"]*)" y="([^"]*)">([^<]*)', svg)
    assert titles
    labels = Ground(svg).labels.values()
    for x, y, title in titles:
        assert not any(map(place_line(float(x), float(y), title).overlaps, labels)), title


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_a_constant_stands_beside_what_reads_it(direction):
    y = Value(2.0, "x")
    for i in range(6):
        y = y * (1.5 + i)
    places, _ = read_parts(draw(differentiated(y), direction=direction).svg())
    side = "top" if direction == "TB" else "left"
    values = [places[f"n{i}"] for i in range(7)]
    for i in range(1, 7):
        constant = places[f"c{i}_1"]
        before, at, after = (getattr(x, side) for x in (values[i - 1], constant, values[i]))
        assert before <= at < after
        assert not any(map(constant.overlaps, values))


SPILT = """
const across = x => x.getBoundingClientRect();
return [...document.querySelectorAll(".node:not(.constant)")].filter(node => {
    const box = across(node.querySelector("path, polygon"));
    const texts = [...node.querySelectorAll("text")].map(across);
    return texts.some(x => x.left < box.left || x.right > box.right);
}).map(node => node.textContent);
"""


def test_in_a_browser_no_line_of_a_box_is_wider_than_the_box(reader):
    a, b = Value(2.0, "w" * 60), Value(-3.0, "learning rate of the first layer")
    long = differentiated(a * b + a.tanh() * Value(math.pi, "M"))
    bad = differentiated(Value(math.nan, "a parameter that is not there") * a)
    model = MLP(2, [4, 4, 1], seed=1)([0.5, -1.0])
    pictures = [draw(y) for y in (long, bad, differentiated(model))]
    reader.opens("".join(picture.svg() for picture in pictures))
    spilt = reader.runs(SPILT)
    assert spilt == []


def test_spaces_around_a_text_count_half_and_more_of_them_behind_it_are_room():
    text = Place(10.0, 20.0 - ASCENT, 10.0 + 3 * LETTER, 20.0 + DESCENT)
    assert place_line(10.0, 20.0, "abc") == text
    assert place_line(10.0, 20.0, "  abc  ") == text.moved(LETTER, 0)
    assert place_line(10.0, 20.0, "  abc") == text.moved(LETTER, 0)
    longer = text._replace(right=text.right + 2 * LETTER)
    assert place_line(10.0, 20.0, "  abc" + 6 * " ") == longer.moved(LETTER, 0)
    assert place_line(10.0, 20.0, "abcd", is_centred=True) == (
        Place(10.0 - 2 * LETTER, 20.0 - ASCENT, 10.0 + 2 * LETTER, 20.0 + DESCENT)
    )


def test_an_arrow_is_followed_from_its_start_to_its_end_in_small_steps():
    curve = '<path d="M0,0C10,0 20,10 20,20 20,30 30,50 60,50"/>'
    points = follow(curve + '<polygon points="60,45 70,50 60,55"/>')
    assert (points[0], points[-4:]) == ((0, 0), [(60, 50), (60, 45), (70, 50), (60, 55)])
    assert (20, 20) in points
    assert max(math.dist(a, b) for a, b in pairwise(points[:-3])) <= NEAR * 1.5
    assert all(math.dist(a, b) > 0 for a, b in pairwise(points[:-3]) if a != (20, 20))


def test_places_overlap_if_they_share_more_than_a_side():
    place = Place(0, 0, 10, 10)
    assert place.overlaps(place.moved(9, -9))
    assert not place.overlaps(place.moved(10, 0))
    assert place.overlaps(place.moved(11, 0).grown(2))
