"""Folding: large graphs share boxes by the modules that their labels name, or are cut."""

import math
import re
from types import SimpleNamespace

import pytest

from autograd_mini import Value, topological_order, total
from autograd_mini.nn import MLP
from autograd_mini.stepping.modules import scope_of
from autograd_mini.stepping.naming import Graph, names, number
from autograd_mini.view.draw import draw
from autograd_mini.view.drawing import require_little
from autograd_mini.view.layout import FEW, boxed, find_layouts
from autograd_mini.view.options import Options
from autograd_mini.view.scopes import find_scopes
from tests.pictures import chain, labelled, network


def groups(picture) -> dict[str, list[str]]:
    found = re.findall(r'^\t+(m\d+) \[label="([^"]*)"', picture.source, re.M)
    return {key: label.split("\\n") for key, label in found}


def titles(picture) -> list[str]:
    return [lines[0] for lines in groups(picture).values()]


def frames(picture) -> list[str]:
    return re.findall(r"subgraph cluster_\d+ \{\n.*? label=(\w+)", picture.source)


def test_up_to_the_limit_every_value_has_a_box_and_above_it_every_neuron():
    loss = network(3, 2, 1)
    size = len(topological_order(loss))
    assert not groups(draw(loss, max_nodes=size, widest=math.inf))
    folded = draw(loss, max_nodes=size - 1)
    assert sorted(titles(folded)) == [
        "neuron1",
        "neuron1",
        "neuron1",
        "neuron2",
        "neuron2",
        "neuron3",
    ]
    assert frames(folded) == ["layer1", "layer2", "layer3"]


def test_neurons_stand_in_the_order_of_their_numbers():
    picture = draw(network(11, 1), detail="neurons")
    assert titles(picture) == [*(f"neuron{i}" for i in range(1, 12)), "neuron1"]


def test_modules_are_in_order_also_where_they_compute_in_another():
    x = Value(1.0, "x")
    late, early = (labelled(x.exp() * 2.0, f"layer1.neuron{i}.out") for i in (10, 9))
    assert titles(draw(late * early, detail="neurons")) == ["neuron9", "neuron10"]


def test_the_output_keeps_its_box():
    loss = network(2, 1, samples=FEW + 1)
    assert draw(loss, max_nodes=20).nodes[loss].startswith("n")


def test_a_detail_that_was_asked_for_may_exceed_the_usual_limit():
    assert len(titles(draw(network(4, 1), detail="neurons", max_nodes=2))) == 5


def test_where_neurons_are_too_many_layers_have_a_box():
    picture = draw(network(8, 8, 1), max_nodes=10)
    assert sorted(titles(picture)) == ["layer1", "layer2", "layer3"]
    assert titles(draw(network(8, 8, 1), detail="layers")) == titles(picture)


def test_where_layers_are_too_many_the_nearest_are_shown():
    picture = draw(network(*[1] * 12), max_nodes=8)
    assert len(set(picture.nodes.values())) <= 8
    assert "layer12" in titles(picture)
    assert "layer1" not in titles(picture)
    assert re.search(r"\d+ more values", picture.source)


def test_every_value_is_in_a_box_or_among_those_beyond():
    loss = network(*[1] * 12)
    picture = draw(loss, max_nodes=8)
    beyond = int(re.search(r"([\d,]+) more values", picture.source)[1].replace(",", ""))
    assert beyond + len(picture.nodes) == len(topological_order(loss))


def test_a_folded_neuron_shows_output_adjoint_rms_and_relu_that_are_off():
    loss = network(4, 1)
    picture = draw(loss, detail="neurons")
    order = {x.label: x for x in topological_order(loss)}
    for i in range(1, 5):
        name = f"layer1.neuron{i}"
        out = order[f"{name}.out"]
        lines = groups(picture)[picture.nodes[out]]
        assert lines[:3] == [f"neuron{i}", f"out {number(out.data)}", f"grad {number(out.grad)}"]
        grads = [order[f"{name}.{x}"].grad for x in ("w1", "w2", "b")]
        rms = (sum(g * g for g in grads) / 3) ** 0.5
        assert lines[3] == f"3 parameters, rms grad {number(rms)}"
        assert (lines[4:] == ["relu off: 1 of 1"]) == (out.data == 0)


def test_relu_that_are_off_are_counted_over_all_samples():
    loss = network(2, 1, samples=5)
    off = sum(x.op.name == "relu" and x.data == 0 for x in topological_order(loss))
    counts = re.findall(r"relu off: (\d) of 5", draw(loss, detail="neurons").source)
    assert off == sum(map(int, counts)) > 0


def test_a_module_that_no_gradient_reaches_is_grey():
    w, x = Value(-1.0, "layer1.neuron1.w1"), Value(1.0, "x")
    y = labelled((w * x).relu(), "layer1.neuron1.out") + 1.0
    y.backward()
    assert 'class="group zero module"' in draw(y, detail="neurons").source


def test_expand_opens_one_module_in_place():
    loss = network(3, 2, 1)
    picture = draw(loss, detail="neurons", expand="layer2.neuron1")
    assert len(titles(picture)) == 5
    assert "neuron1" in frames(picture)
    assert re.search(r'\[label="w1\\ndata', picture.source)
    z = next(x for x in topological_order(loss) if x.label == "layer2.neuron1.z")
    assert picture.arrows[z, 0] == f"e{picture.nodes[z][1:]}_0"


def test_expand_leaves_all_other_modules_folded():
    # It has few enough values for a box each, but they would be as wide as four slides.
    output = MLP(2, [4, 4, 1], seed=1)([0.5, -1.0])
    output.backward()
    folded, opened = draw(output), draw(output, expand=["layer2.neuron4"])
    inside = [x for x in topological_order(output) if x.label.startswith("layer2.neuron4.")]
    assert len({opened.nodes[x] for x in inside}) == len(inside)
    assert len({*opened.nodes.values()}) == len({*folded.nodes.values()}) - 1 + len(inside)


def test_values_that_share_a_box_are_told_by_their_operations():
    model = MLP(1, [1], seed=1)
    loss = sum(((model([0.1 * i]) - 1.0) ** 2 for i in range(1, 9)), Value(0.0, "start"))
    loss.backward()
    assert ["arithmetic", "23 values", "8 times -, 8 times **, 7 times +"] in groups(
        draw(loss, max_nodes=10)
    ).values()


def test_expand_opens_a_layer_into_neurons_where_layers_have_boxes():
    picture = draw(network(3, 2, 1), detail="layers", expand=["layer1"])
    assert sorted(titles(picture)) == ["layer2", "layer3", "neuron1", "neuron2", "neuron3"]
    deeper = draw(network(3, 2, 1), detail="layers", expand=["layer1.neuron2"])
    assert sorted(titles(deeper)) == ["layer2", "layer3", "neuron1", "neuron3"]


def test_a_rolled_chain_tells_its_first_and_its_last_value_their_data_and_their_grads():
    y = Value(1.0, "x")
    for _ in range(100):
        y = y * 1.1
    y.backward()
    picture, named = draw(y), names(y)
    [(key, [title, ends, operations, *numbers])] = groups(picture).items()
    rolled = [node for node in named if picture.nodes[node] == key]
    first, last = rolled[0], rolled[-1]
    assert (title, operations) == (f"× {len(rolled)}", f"{len(rolled)} times *")
    assert ends == f"{named[first]} … {named[last]}"
    assert numbers == [
        f"data {number(first.data)} … {number(last.data)}",
        f"grad {number(first.grad)} … {number(last.grad)}",
    ]


def test_a_chain_of_more_than_ten_boxes_is_rolled_up_but_for_three_at_each_end():
    assert not groups(draw(chain(9), max_nodes=8))
    y = chain(10)
    picture = draw(y, max_nodes=8)
    assert titles(picture) == ["× 5"]
    kinds = [picture.nodes[node][0] for node in topological_order(y)]
    assert "".join(kinds) == "nnnmmmmmnnn"


def test_a_chain_ends_where_something_else_reads_it_too():
    y = Value(0.5, "x")
    for _ in range(6):
        y = y.tanh()
    once, twice = y.exp(), y
    for _ in range(5):
        once = once.tanh()
    assert titles(draw(once, max_nodes=8)) == ["× 7"]
    assert titles(draw(once + twice, max_nodes=8)) == []


@pytest.mark.parametrize(("loose", "share"), [(12, False), (13, True)])
def test_more_than_twelve_values_without_label_or_module_share_a_box(loose, share):
    y = labelled((Value(1.0, "n1.w1") * Value(2.0, "x")).exp(), "n1.out")
    for _ in range(loose + 1):  # the output has a box of its own
        y = y.tanh()
    assert ("arithmetic" in titles(draw(y, detail="neurons"))) == share


def test_expand_names_the_modules_that_exist():
    with pytest.raises(ValueError, match=r"'neuron1'; there are layer"):
        draw(network(2, 1), expand=("neuron1",))


def test_full_detail_is_refused_above_two_thousand_boxes_unless_asked_for():
    y = chain(2001)
    told = r"^2,002 boxes are more than anyone can read: ask for fewer with depth= or detail='auto'"
    with pytest.raises(ValueError, match=told):
        draw(y, detail="full")
    assert len(draw(y, detail="full", max_nodes=2002).nodes) == 2002
    assert len(draw(y, detail="full", depth=5).nodes) == 6


def test_depth_counts_steps_back_from_the_output():
    a, b, c = Value(1.0, "a"), Value(2.0, "b"), Value(3.0, "c")
    y = a * b + c
    picture = draw(y, depth=1)
    assert set(picture.nodes) == {y, c, y.operands[0]}
    assert "2 more values" in picture.source


def test_a_first_level_that_is_too_wide_is_shown_in_part():
    y = sum((Value(float(i)) for i in range(3)), Value(0.0))
    wide = network(1, samples=100)
    assert len(draw(y, max_nodes=2).nodes) == 2
    assert len(set(draw(wide, max_nodes=3).nodes.values())) <= 3


def test_arithmetic_without_labels_shares_a_box_where_it_is_much():
    picture = draw(network(2, 1, samples=FEW + 1), max_nodes=20)
    assert "arithmetic" in titles(picture)
    assert "x1" in titles(picture)
    few = draw(network(2, 1, samples=2), detail="neurons")
    assert "arithmetic" not in titles(few)


def test_edges_between_modules_share_an_arrow_that_says_their_sum():
    loss = network(2, 2, 1, samples=4)
    picture = draw(loss, detail="neurons")
    ids = {}
    for (node, place), key in picture.arrows.items():
        ids.setdefault(key, []).append(node.grad * node.partials[place])
    assert len(picture.arrows) == sum(map(len, ids.values()))
    shared = [key for key in ids if not key.startswith("e")]
    assert shared
    for key in shared:
        line = next(
            x for x in picture.source.splitlines() if f"id={key}" in x or f'id="{key}"' in x
        )
        count, total = re.search(r'tooltip="([\d,]+) edges, together ([^"]+)"', line).groups()
        assert int(count) == len(ids[key])
        assert float(total) == pytest.approx(sum(ids[key]), rel=1e-3, abs=1e-12)


def test_an_edge_inside_a_module_has_no_arrow():
    loss = network(2, 1)
    picture = draw(loss, detail="neurons")
    out = next(x for x in topological_order(loss) if x.label == "layer1.neuron1.out")
    assert (out, 0) not in picture.arrows
    assert picture.arrows.get((out, 0)) is None


def test_a_node_without_a_label_belongs_to_the_module_around_it():
    w, x = Value(1.0, "n1.w1"), Value(2.0, "x")
    product = w * x
    before = x * 2.0
    out = labelled(product * before.exp(), "n1.out")
    after = out * 3.0
    scope = find_scopes(Graph(after))
    assert scope[product] == ("n1",)
    assert scope[before] == scope[after] == scope[x] == ()


def test_a_node_that_two_modules_consume_belongs_to_neither():
    shared = Value(1.0, "n2.w1") * 2.0
    both = labelled(shared.exp(), "n1.out") + labelled(shared.sin(), "n2.out")
    assert find_scopes(Graph(both))[shared] == ()


def test_why_lights_modules_too():
    loss = network(2, 1)
    b = next(x for x in topological_order(loss) if x.label == "layer1.neuron2.b")
    picture = draw(loss, detail="neurons", why=b)
    dim = [line for line in picture.source.splitlines() if 'class="group dim module"' in line]
    assert [re.search(r'label="(\w+)', line)[1] for line in dim] == ["neuron1"]
    assert "1 path from L to layer1.neuron2.b" in picture.source


@pytest.mark.parametrize("label", ["", "x", "3.5", "a b.c", "x.", ".x", ".".join("a" * 5000)])
def test_a_label_that_is_no_path_names_no_module(label):
    assert scope_of(label) == ()


def test_a_network_that_feeds_itself_can_be_drawn():
    h = Value(0.5, "h0")
    w = Value(0.9, "cell.w1")
    for _ in range(40):
        h = labelled((w * h).tanh(), "cell.h")
        h = h + 0.1
    h.backward()
    assert "cell" in titles(draw(h))


def test_a_hundred_thousand_values_make_a_small_picture():
    picture = draw(network(4, 4, 1, samples=1200))
    assert len(picture.nodes) > 20_000
    assert len(picture.source) < 20_000


def layouts(y, **options):
    """Return how many boxes the layouts have that are tried, and which way each is drawn."""
    return [(len(x.shown), x.direction) for x in find_layouts(y, Options.of(**options))]


def test_layouts_are_tried_from_the_most_detailed_on_modules_both_ways():
    y = network(3, 2, 1)
    both = [(n, way) for n in (12, 9, 9, 7, 5) for way in ("LR", "TB")]
    fewest = [(3, "TB"), (2, "TB"), (1, "TB")]
    assert layouts(y) == [(37, "TB"), *both, *fewest]
    assert layouts(y, max_nodes=37) == layouts(y)
    assert layouts(y, max_nodes=36) == layouts(y, max_nodes=12) == [*both, *fewest]
    assert layouts(y, max_nodes=11) == [*both[2:], *fewest]
    assert layouts(y, direction="LR") == [(n, "LR") for n in (37, 12, 9, 9, 7, 5, 3, 2, 1)]
    assert layouts(y, detail="full") == [(37, "TB")]
    assert layouts(y, detail="neurons") == both[:2]
    assert layouts(y, detail="layers") == both[2:4]
    deep = [(8, "LR"), (8, "TB"), (5, "LR"), (5, "TB"), *fewest]
    assert layouts(network(*[1] * 12), max_nodes=8) == deep
    assert layouts(chain(30), max_nodes=8) == [(n, "TB") for n in (7, 6, 4, 2, 1)]
    assert layouts(chain(8), max_nodes=8) == [(n, "TB") for n in (8, 5, 3, 2, 1)]
    assert layouts(chain(5), depth=2) == [(n, "TB") for n in (3, 3, 2, 1)]


@pytest.mark.parametrize(
    ("scope", "level", "opened", "closed", "box"),
    [
        # by the level alone
        ("l1.n1", 0, "", "", ""),
        ("l1.n1", 1, "", "", "l1"),
        ("l1.n1", 2, "", "", "l1.n1"),
        ("l1.n1", 3, "", "", "l1.n1"),
        ("l1", 2, "", "", "l1"),
        ("", 2, "", "", ""),
        # what is opened, at its level and above and below it
        ("l1", 1, "l1", "", ""),
        ("l1", 2, "l1", "", ""),
        ("l1.n1", 1, "l1", "", "l1.n1"),
        ("l1.n1", 2, "l1", "", ""),
        ("l1.n1", 1, "l1.n1", "", ""),
        ("l1.n1", 2, "l1.n1", "", ""),
        ("l1.n1", 3, "l1.n1", "", ""),
        # what is beside, around and inside an opened one
        ("l1.n2", 1, "l1.n1", "", "l1.n2"),
        ("l1", 1, "l1.n1", "", ""),
        ("a.b", 1, "a.b.c", "", ""),
        ("a.b.c", 1, "a.b", "", "a.b.c"),
        ("a.b.c", 2, "a", "", "a.b.c"),
        ("a.b.c", 2, "a.b", "", "a.b.c"),
        ("a.d.c", 2, "a.b", "", "a.d"),
        # what is closed
        ("l1.n1", 2, "", "l1", "l1"),
        ("l1.n1", 2, "", "l2", "l1.n1"),
        ("l1.n1", 1, "", "l1.n1", "l1.n1"),
    ],
)
def test_the_values_of_a_scope_are_in_the_box_of_a_module_or_stand_alone(
    scope, level, opened, closed, box
):
    def split(name):
        return tuple(filter(None, name.split(".")))

    given = ([split(x)] if x else [] for x in (opened, closed))
    assert boxed(split(scope), level, *given) == split(box)


def test_boxes_within_some_steps_are_added_row_by_row_while_they_are_few_enough():
    leaves = [Value(float(i), f"x{i}") for i in range(4)]
    y = (leaves[0] + leaves[1]) * (leaves[2] + leaves[3])
    folding = next(find_layouts(y, Options.of(detail="full"))).folding
    place = {x: i for i, x in enumerate(folding.members)}  # 0, 1, 2 = 0 + 1, 3, 4, 5 = 3 + 4, 6

    def nearest(depth, most):
        return [place[box] for box in folding.nearest(depth, most)]

    assert [nearest(depth, 9) for depth in (0, 1, 2)] == [[6], [2, 5, 6], [*range(7)]]
    assert nearest(9, 7) == [*range(7)]
    assert nearest(9, 6) == nearest(9, 3) == [2, 5, 6]
    assert (nearest(9, 2), nearest(9, 1)) == ([2, 6], [6])


def kinds_of(picture):
    return sorted(card.lines[0] for card in picture.drawing.cards.values())


def test_a_module_of_one_value_is_a_box_of_a_module_and_a_value_of_its_own_name_is_not():
    y = Value(2.0, "m.w1") * Value(3.0, "module") + Value(4.0, "alike") * Value(5.0, "loose")
    picture = draw(y, detail="neurons")
    assert [card.lines[0] for card in picture.drawing.cards.values() if card.kind == "group"] == [
        "m"
    ]
    assert picture.drawing.layout.has_modules


def test_only_values_without_a_label_and_a_module_crowd():
    def inputs(labelled, loose):
        given = [Value(1.0, f"x{i}") for i in range(labelled)]
        w = Value(1.0, "m.w1")
        return total([w, *given, *(Value(2.0) for _ in range(loose))])

    assert "inputs" not in kinds_of(draw(inputs(20, FEW), detail="neurons"))
    crowd = draw(inputs(0, FEW + 1), detail="neurons")
    assert "inputs" in kinds_of(crowd)
    assert "arithmetic" not in kinds_of(crowd)


def test_arrows_that_pass_more_than_forty_thousand_rows_are_refused():
    links = SimpleNamespace(between={("near", "far", 0): None, ("near", "far", 1): None})
    require_little({"near": 20_003, "far": 3}, links)
    require_little({}, links)  # which go round in a circle
    told = r"^the arrows of 2 boxes pass 40,002 rows of boxes, which takes too long to place: ask"
    with pytest.raises(ValueError, match=told):
        require_little({"near": 20_004, "far": 3}, links)
    links.between["near", "other", 0] = None
    with pytest.raises(ValueError, match=r"^the arrows of 3 boxes pass 40,001 rows"):
        require_little({"near": 20_003, "far": 3, "other": 20_002}, links)


def scopes(y):
    return {name: ".".join(find_scopes(Graph(y))[x]) for x, name in names(y).items()}


def test_what_stands_between_values_of_a_module_belongs_to_it_unless_it_has_a_label():
    def make(label):
        product = Value(1.0, "n1.w1") * Value(2.0, "x")
        middle = labelled(product.tanh().exp(), label)
        return labelled(middle.sin(), "n1.out") * 2.0

    whole = {"n1.w1": "n1", "x": "", "v1": "n1", "v2": "n1", "v3": "n1", "n1.out": "n1", "L": ""}
    assert scopes(make("")) == whole
    apart = {"n1.w1": "n1", "x": "", "v1": "n1", "v2": "", "mid": "", "n1.out": "n1", "L": ""}
    assert scopes(make("mid")) == apart


INSIDE = "v2: n1, n2.w1: n2, v4: n2, n2.out: n2"


@pytest.mark.parametrize(
    ("make", "found"),
    [
        # what reads the weighted sum of a neuron belongs to it, also through other operations
        (lambda z, *_: labelled(z.tanh(), "y") * 3.0, "y: n1"),
        (lambda z, *_: labelled((z * 2.0).exp().sin(), "y") * 3.0, "v2: n1, v3: n1, y: n1"),
        (lambda z, *_: z.tanh().exp().maximum(z) * 2.0, "v2: n1, v3: n1, v4: n1"),
        # but what has the label of another module belongs to that
        (lambda z, *_: labelled((z * 2.0).exp(), "n2.out") * 3.0, "v2: n1, n2.out: n2"),
        # what reads two modules belongs to none
        (
            lambda z, w, x: z.tanh() + labelled(w * x, "n2.z").tanh(),
            "v2: n1, n2.w1: n2, n2.z: n2, v3: n2",
        ),
        (
            lambda z, w, x: labelled(z.tanh() * labelled(w * x, "n2.z").tanh(), "y"),
            "v2: n1, n2.w1: n2, n2.z: n2, v3: n2",
        ),
        # parameters make a module with something else, not among themselves
        (lambda z, w, _: (z * w) * 2.0, "v2: , n2.w1: n2"),
        (lambda z, w, x: z.tanh() + (w * w + w**2) * x, "v2: n1, n2.w1: n2"),
        # a leaf may be called as one likes
        (lambda z, *_: z.tanh() + Value(1.0, "n3.z").exp() * 2.0, "v2: n1, n3.z: n3"),
        # what a module reads is not inside it
        (lambda z, w, x: z.tanh() + labelled(x.tanh() * w.sin(), "n2.out"), INSIDE),
    ],
)
def test_a_value_is_in_the_module_that_computed_it(make, found):
    x = Value(2.0, "x")
    z = labelled(Value(1.0, "n1.w1") * x + Value(0.5, "n1.b"), "n1.z")
    told = scopes(make(z, Value(3.0, "n2.w1"), x))
    known = {"n1.w1": "n1", "n1.b": "n1", "n1.z": "n1", "v1": "n1"}
    others = dict(part.split(": ") for part in found.split(", "))
    assert {name: scope for name, scope in told.items() if scope} == {
        **known,
        **{name: scope for name, scope in others.items() if scope},
    }
