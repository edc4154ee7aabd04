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
    places_around,
    places_beside,
    read_parts,
    union,
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


def test_what_strikes_a_place_and_what_takes_it_is_found_as_by_looking_everywhere():
    ground, chosen = Ground(draw(crowd(2), **WIDE)._placed().decode()), random.Random(1)
    lines = {name: follow(part) for name, part in ground.arrows.items()}
    whole, found = ground.whole, 0
    assert whole == union([*ground.boxes.values(), *ground.labels.values()])
    for key, label in ground.labels.items():
        place = label.moved(chosen.uniform(-300, 300), chosen.uniform(-300, 300))
        assert ground.struck(place) == {x for x in lines if any(map(place.holds, lines[x]))}
        others = [x for name, x in ground.labels.items() if name != key]
        inside = whole.left <= place.left and place.right <= whole.right
        free = not any(map(place.overlaps, [*ground.boxes.values(), *others]))
        assert ground.has_room(place, key) == (inside and free)
        found += bool(ground.struck(place)) + ground.has_room(place, key)
    assert found > 10
    below = whole._replace(top=whole.bottom + 50, bottom=whole.bottom + 60)
    assert ground.has_room(below, "")
    assert not ground.has_room(below.moved(0.1, 0), "")
    assert not ground.has_room(below.moved(-0.1, 0), "")


def test_a_label_goes_to_the_nearest_place_beside_its_arrow_that_the_fewest_arrows_pass():
    grounds = [Ground(draw(crowd(seed), **WIDE)._placed().decode()) for seed in range(3)]
    moved = 0
    for ground, (key, label) in [(x, item) for x in grounds for item in x.labels.items()]:
        places = [label]
        if struck := ground.struck(label) - {key}:
            beside = places_beside(ground.arrows[key], label)
            better = [x for x in beside if len(ground.struck(x)) < len(struck)]
            places = [x for x in better if ground.has_room(x, key)] or places
        best = min(places, key=lambda x: len(ground.struck(x)))
        assert ground.clear(key) == (best.left - label.left, best.top - label.top)
        assert ground.labels[key] == best
        moved += best != label
    assert moved > 5


def test_places_beside_an_arrow_are_those_around_its_points_the_nearest_first():
    label = Place(0.0, 0.0, 30.0, 12.0)
    around = [*places_around((100.0, 50.0), label)]
    assert {(x.right - x.left, x.bottom - x.top) for x in around} == {(30.0, 12.0)}
    middles = {((x.left + x.right) / 2, (x.top + x.bottom) / 2) for x in around}
    assert middles == {
        place
        for gap in (5, 12, 20)
        for place in [(115 + gap, 50), (85 - gap, 50), (100, 56 + gap), (100, 44 - gap)]
    }
    arrow = '<path d="M0,0C0,100 0,200 0,300"/>'
    distances = [math.dist(x[:2], label[:2]) for x in places_beside(arrow, label)]
    assert distances == sorted(distances)
    assert 180 < distances[-1] <= 200


def test_the_text_of_an_arrow_is_moved_by_as_much_as_its_label():
    drawn = draw(crowd(0), **WIDE)._placed().decode()
    before, after, ground = Ground(drawn), Ground(clear_labels(drawn)), Ground(drawn)
    moves = {key: ground.clear(key) for key in before.labels}
    assert any(across and down for across, down in moves.values())
    for key, (across, down) in moves.items():
        assert after.labels[key] == pytest.approx(before.labels[key].moved(across, down), abs=0.06)


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
    assert place.overlaps(place.moved(-9, 9))
    assert not any(place.overlaps(place.moved(x, 0)) for x in (-10, 10))
    assert not any(place.overlaps(place.moved(0, y)) for y in (-10, 10))
    assert place.holds((1, 9))
    assert not any(map(place.holds, [(0, 5), (10, 5), (5, 0), (5, 10)]))
    assert place.overlaps(place.moved(11, 0).grown(2))
    assert place.grown(2) == Place(-2, -2, 12, 12)


def test_points_on_a_curve_are_six_apart_and_where_bezier_puts_them():
    assert len(follow('<path d="M0,0C0,20 0,40 0,60"/>')) == 11
    assert follow('<path d="M5,5C5,5 5,5 5,5"/>') == [(5, 5), (5, 5)]
    assert follow('<path d="M0,0C0,2 0,4 0,6"/>') == [(0, 0), (0, 6)]
    points = follow('<path d="M0,0C0,8 16,8 16,0"/>')  # as long as its corners, 32, at most
    assert len(points) == 7
    assert points[3] == pytest.approx((8, 6))
    assert points[2] == pytest.approx((112 / 27, 16 / 3))
    assert points[4] == pytest.approx((16 - 112 / 27, 16 / 3))


def test_a_label_is_moved_by_at_most_200_points():
    label = Place(5.0, -206.0, 35.0, -194.0)  # 200 above the place to the right of the start
    arrow = '<path d="M0,0C100,0 200,0 300,0"/>'
    around = {x for point in follow(arrow) for x in places_around(point, label)}
    found = places_beside(arrow, label)
    assert {*found} == {x for x in around if math.dist(x[:2], label[:2]) <= 200}
    assert found[-1] == Place(5.0, -6.0, 35.0, 6.0)
    level = label.moved(95.0, 206.0)
    around = {x for point in follow(arrow) for x in places_around(point, level)}
    assert {*places_beside(arrow, level)} == {
        x for x in around if math.dist(x[:2], level[:2]) <= 200
    }
