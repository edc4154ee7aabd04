"""Where boxes stand: numbers in order, modules as they compute, and never wider than a slide."""

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import Value
from autograd_mini.nn import MLP
from autograd_mini.view.draw import draw
from autograd_mini.view.frames import size_of
from autograd_mini.view.layout import Group
from autograd_mini.view.places import place_line, read_parts
from autograd_mini.view.rows import find_rows
from tests.graphs import graphs
from tests.pictures import labelled, network

DIRECTIONS = ["TB", "LR", "BT", "RL"]
DETAILS = ["full", "neurons"]
WIDEST = 1400


def trained(sizes, activation="tanh", label="", samples=1):
    """Return the loss of a network whose output may have a label of its own."""
    model = MLP(2, list(sizes), activation)
    loss = Value(0.0)
    for k in range(samples):
        y = model([Value(0.5 + k, "x1"), Value(-1.0, "x2")])
        for node in y if isinstance(y, list) else [y]:
            if label:
                node.label = label
            loss = loss + (node - 1.0) ** 2
    loss.backward()
    return loss


def ends(picture):
    """Return the place of each box by the name of a value in it."""
    places, _ = read_parts(picture.svg())
    return {node: places[key] for node, key in picture.nodes.items() if key in places}


def require_order(nodes, places, sideways):
    side = 1 if sideways else 0
    for one, next_one in pairwise(nodes):
        assert places[one][side] < places[next_one][side], (one, next_one)


@pytest.mark.parametrize("label", ["", "y"])
@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("sizes", [(2, 1), (4, 4, 1), (3, 2)])
def test_neurons_parameters_and_inputs_stand_in_order(sizes, direction, detail, label):
    picture = draw(trained(sizes, label=label), detail=detail, direction=direction)
    places = ends(picture)
    sideways = direction in ("LR", "RL")
    named = {}
    for node in places:
        named.setdefault(node.label, node)
    require_order([named["x1"], named["x2"]], places, sideways)
    for layer, size in enumerate(sizes, 1):
        if detail == "neurons":
            found = [named[f"layer{layer}.neuron{i}.b"] for i in range(1, size + 1)]
            require_order(found, places, sideways)
            continue
        for i in range(1, size + 1):
            stem = f"layer{layer}.neuron{i}."
            weights = sorted(x for x in named if re.fullmatch(rf"{stem}w\d+", x))
            parameters = [*weights, f"{stem}b"]
            after = [f"layer{layer}.neuron{i + 1}.w1"] if i < size else []
            require_order([named[x] for x in parameters + after], places, sideways)


def name_of(box):
    return box.path if isinstance(box, Group) else box.name


def rows_of(picture):
    """Return the rows that a picture asks Graphviz for, by the names of their boxes."""
    ids, drawing = picture.drawing.layout.ids, picture.drawing
    name = {ids[box]: name_of(box) for box in ids}
    parts = re.findall(r"\{\n\s+rank=same\n(.*?)\}", picture.source, re.S)
    edges = [re.findall(r"^\s*(\w+) -> (\w+) \[dir=none style=invis\]$", x, re.M) for x in parts]
    assert all(b == c for row in edges for (_, b), (c, _) in pairwise(row))
    found = [[name[row[0][0]], *(name[b] for _, b in row)] for row in edges]
    assert found == [[*map(name_of, x)] for x in find_rows(drawing.layout, drawing.levels)]
    return found


def penalised():
    """Return the loss of a network of two layers, with a penalty on a weight."""
    model = MLP(2, [3, 1], "tanh", seed=1)
    y = (model([Value(0.5, "x1"), Value(1.0, "x2")]) - 1.0) ** 2
    y += 0.1 * model.layers[0].neurons[0].w[0] ** 2
    y.backward()
    return y


FOLDED = ["layer1.neuron1", "layer1.neuron2", "layer1.neuron3"]
L1, L2 = "layer1.neuron", "layer2.neuron1"


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (
            {"detail": "full"},
            [
                ["x1", "x2", *(f"{L1}{i}.{x}" for i in (1, 2, 3) for x in ("w1", "w2", "b"))],
                [
                    *(f"{L1}{i}.out" for i in (1, 2, 3)),
                    *(f"{L2}.{x}" for x in ("w1", "w2", "w3", "b")),
                    "v4",
                ],
                [*(f"{L1}{i}.z" for i in (1, 2, 3)), "v3"],
            ],
        ),
        ({"detail": "neurons"}, [["x1", "x2"], FOLDED, [L2, "v3"], ["v1", "v4"]]),
        ({"detail": "layers"}, [["x1", "x2"]]),
        (
            {"expand": ["layer1.neuron2"]},
            [
                ["x1", "x2", *(f"{L1}2.{x}" for x in ("w1", "w2", "b"))],
                [f"{L1}1", f"{L1}3", f"{L1}2.z"],
                [f"{L1}2.out", "v3"],
                [L2, "v4"],
            ],
        ),
        (
            {"expand": ["layer1.neuron1"]},
            [
                ["x1", "x2", *(f"{L1}1.{x}" for x in ("w1", "w2", "b"))],
                [f"{L1}1.z", f"{L1}2", f"{L1}3", "v3"],
                [f"{L1}1.out", "v4"],
            ],
        ),
        (
            {"detail": "layers", "expand": ["layer1"]},
            [["x1", "x2"], FOLDED, ["layer2", "v3"], ["v1", "v4"]],
        ),
    ],
)
def test_a_row_has_inputs_what_is_in_frames_and_all_else_in_the_order_of_their_numbers(
    options, rows
):
    assert rows_of(draw(penalised(), **options)) == rows


def test_outside_of_frames_values_of_one_name_are_a_row_each():
    a, b = ([Value(1.0, f"{name}{i}") for i in (10, 2, 1)] for name in "ab")
    y = (a[0] * b[0] + a[1] * b[1]) * a[2].tanh() * b[2]
    assert rows_of(draw(y)) == [["a1", "a2", "a10"], ["b2", "b10"]]  # b1 is used farther below


def test_a_box_is_as_many_steps_from_the_leaves_as_the_longest_way_and_a_leaf_just_above():
    x, late = Value(1.0, "x"), Value(2.0, "late")
    y = x.tanh().exp() * (x * late)
    y = y + late.sin() * Value(3.0, "last")
    levels = {name_of(box): level for box, level in draw(y).drawing.levels.items()}
    assert levels == {
        "x": 0,
        "late": 0,
        "v1": 1,
        "v2": 2,
        "v3": 1,
        "v4": 3,
        "v5": 1,
        "last": 1,
        "v6": 2,
        "L": 4,
    }


def test_boxes_that_go_round_in_a_circle_stand_in_no_row():
    h, w = Value(0.5, "h"), Value(0.9, "cell.w1")
    for _ in range(3):
        h = labelled(labelled((w * h).tanh(), "cell.out") + 0.1, "h")
    h.backward()
    picture = draw(h, detail="neurons")
    assert (picture.drawing.levels, rows_of(picture)) == ({}, [])
    assert "m0:e -> m1:w" in picture.source


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_inputs_stand_in_the_order_of_their_numbers_however_they_are_combined(direction):
    x = {i: Value(0.1 * i, f"x{i}") for i in (5, 10, 2, 1, 4, 6, 3)}
    y = (x[5] * x[2] + x[10] * x[1]) * (x[6] * x[3] + x[4] * x[1])
    y.backward()
    places = ends(draw(y, direction=direction, detail="full"))
    require_order([x[i] for i in sorted(x)], places, direction == "LR")


@pytest.mark.parametrize(
    "activation",
    ["linear", "tanh", "relu", lambda z: z * z.sigmoid(), lambda z: z.sin().exp() - 1.0],
)
@pytest.mark.parametrize("label", ["", "y", "prediction", "y.hat"])
def test_a_value_belongs_to_the_module_that_computed_it_whatever_its_label(label, activation):
    model = MLP(2, [3, 2, 1], "tanh", output=activation)
    y = model([0.5, -1.0])
    if label and "." not in label:
        y.label = label
    loss = (y - 1.0) ** 2 + 0.1 * model.layers[2].neurons[0].w[0] ** 2
    loss.backward()
    picture = draw(loss, detail="neurons")
    inside = picture.nodes[model.layers[2].neurons[0].b]
    assert picture.nodes[y] == inside
    assert picture.nodes[loss] != inside
    assert all(picture.nodes[x] != inside for x in loss.operands if isinstance(x, Value))


def test_a_penalty_on_weights_belongs_to_no_module():
    w, v, x = Value(1.0, "n1.w1"), Value(2.0, "n1.w2"), Value(3.0, "x")
    y = labelled((w * x + v * x).tanh(), "n1.out")
    penalty = w * v
    loss = y + penalty
    loss.backward()
    picture = draw(loss, detail="neurons")
    assert picture.nodes[penalty] != picture.nodes[y]


def test_areas_of_open_modules_hold_their_boxes_and_no_other():
    for direction in DIRECTIONS:
        picture = draw(trained((2, 2, 1)), detail="full", direction=direction)
        svg = picture.svg()
        places, _ = read_parts(svg)
        areas = areas_of(svg)
        assert len(areas) == len(picture.frames)
        frames = sorted(picture.frames, key=lambda frame: frame.depth)
        for frame, shapes in zip(frames, areas, strict=True):
            for key, place in places.items():
                if key in picture.nodes.values():
                    middle = (place.left + place.right) / 2, (place.top + place.bottom) / 2
                    assert any(holds(x, *middle) for x in shapes) == (key in frame.ids), key


def test_the_area_of_a_module_differs_from_that_of_the_module_around_it():
    w = Value(2.0, "a.b.c.w1")
    y = labelled((w * Value(3.0, "x")).tanh(), "a.b.c.out") * Value(1.5, "a.b.w1")
    y = labelled(y.tanh(), "a.b.out") * Value(0.5, "a.w1")
    y.backward()
    fills = re.findall(r'<g class="frame (\w+)" fill="([^"]*)"', draw(y, detail="full").svg())
    assert len(fills) == 3
    assert all(one != inner for one, inner in pairwise(fills))
    assert len({*fills}) == 2


def areas_of(svg):
    return [
        [
            [tuple(map(float, x.split(","))) for x in points.split()]
            for points in re.findall(r'points="([^"]*)"', group)
        ]
        for group in re.findall(r'<g class="frame.*?</g>', svg, re.S)
    ]


def holds(corners, x, y):
    """Tell whether a polygon with the corners holds a point (an odd number of crossings)."""
    odd = False
    for (a, b), (c, d) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a:
            odd = not odd
    return odd


@settings(max_examples=60)
@given(graphs(leaves=6, most=40))
def test_a_graph_is_never_wider_than_a_slide(drawn):
    _, output = drawn
    output.backward()
    assert size_of(draw(output).svg())[0] <= WIDEST


@settings(max_examples=30)
@given(
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
    st.integers(1, 3),
    st.sampled_from(["", "y"]),
)
def test_a_network_is_never_wider_than_a_slide(sizes, samples, label):
    assert size_of(draw(trained(sizes, label=label, samples=samples)).svg())[0] <= WIDEST


def test_more_width_can_be_asked_for():
    loss = trained((4, 4, 1))
    assert draw(loss).width() <= WIDEST < draw(loss, widest=9999.0).width()
    assert draw(loss, widest=300.0).width() <= 300


def test_a_layer_of_more_than_eight_neurons_is_one_box_with_its_sizes():
    loss = network(16, 4, 1, samples=4)
    picture = draw(loss)
    assert "layer1\\n16 neurons" in picture.source
    assert "layer2\\n4 neurons" not in picture.source
    assert "16 neurons" not in draw(loss, detail="neurons", expand=["layer1"]).source
    titles = [draw(network(n, 1, samples=4), widest=9999.0).source for n in (8, 9)]
    assert ["neurons\\n" in source or "9 neurons" in source for source in titles] == [False, True]


def test_where_nothing_is_narrow_enough_the_output_stands_alone():
    loss = network(4, 4, 1)
    assert [*draw(loss, widest=1.0).nodes] == [loss]


def test_the_legend_is_no_wider_than_the_picture():
    loss = trained((4, 4, 1))
    assert size_of(draw(loss).svg())[0] == pytest.approx(draw(loss).width(), abs=1)
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = (a * b + a * 1.0).tanh() * a
    y.backward()
    assert size_of(draw(y).svg())[0] <= max(260, draw(y).width())
    for picture in (draw(loss), draw(y)):
        svg = picture.svg()
        written = re.findall(r'<text x="12" y="([\d.]+)">([^<]*)', svg.partition('"legend"')[2])
        (width, height), levels = size_of(svg), [float(level) for level, _ in written]
        assert max(place_line(12.0, 0.0, html.unescape(x)).right for _, x in written) <= width - 12
        assert levels == sorted({*levels})
        assert size_of(picture._placed().decode())[1] < levels[0] < levels[-1] < height - 3
        told = " ".join(html.unescape(x) for _, x in written).split()
        assert told == " ".join(picture.legend).split()


def test_a_layout_that_would_take_long_is_refused_with_advice_before_it_starts():
    leaves = [Value(0.1 * i, f"x{i}") for i in range(5)]
    y = leaves[0]
    for i in range(400):
        y = (y.tanh() if i % 2 else y.sin()) * leaves[i % 5]
    y.backward()
    with pytest.raises(ValueError, match=r"^the arrows of 805 boxes .* depth=.* detail='auto'"):
        draw(y, detail="full")
    assert draw(y).svg()
