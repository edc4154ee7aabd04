"""Drawing: the graph behind a Value, with the chain rule on every arrow.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = a * b
>>> y.backward()
>>> picture = draw(y)
>>> picture.nodes[a], picture.arrows[y, 0]
('n0', 'e2_0')

Every part has an id, the same in DOT and in SVG: ``n3`` is the box of node 3, counted from 0 in
topological order; ``e3_1`` the arrow between node 3 and its operand 1; ``c3_1`` the constant that
is its operand 1; ``m0``, ``m1``, … the boxes of several values; ``m1-n4`` the arrow between two
boxes that stands for several. In a box the first text is the name, the second data, the third grad.
"""

from typing import TYPE_CHECKING, Unpack, cast

from autograd_mini.engine import Value
from autograd_mini.engine.collector import quiet_collector
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.what_if import WhatIf
from autograd_mini.view.captions import NOTHING_GIVEN, Given
from autograd_mini.view.drawing import Drawing
from autograd_mini.view.layout import Layout, find_layouts
from autograd_mini.view.options import Keywords, Options
from autograd_mini.view.picture import TextPicture

if TYPE_CHECKING:
    from autograd_mini.view.render import Picture


def draw(y: Value | WhatIf, **options: Unpack[Keywords]) -> "Picture":
    """Draw the graph behind *y* as a graphviz.Digraph, with the gradient flowing back.

    Of what ``what_if`` returns, the boxes show every number that changes as old → new, and the
    arrows the new ones.

    The options, all by keyword:

    - *detail*: "full" for one box per value, "neurons" or "layers" for one per module, "auto" (the
      default) for as much as fits;
    - *expand*: names of modules to open in place, such as "layer2.neuron4";
    - *depth*: how many steps to go back from *y*, at least 1;
    - *max_nodes*: the largest number of boxes that "auto" draws, 60 by default;
    - *widest*: the width in points of the widest picture that "auto" draws, 1,400 by default;
    - *names*: variables, such as locals(), that name the values without a label;
    - *hide*: what to leave blank, of "data", "grad" and "partials";
    - *direction*: "TB" (the leaves on top), "LR", "BT" or "RL";
    - *parameters*: leaves to draw as such, besides those whose labels say that they are;
    - *why*: a Value whose paths from *y* are lit, with their products and their sum;
    - *legend*: False leaves out what stands below the picture.

    Without the package graphviz the picture is text: ``print`` and ``mermaid()`` work, and
    whatever needs more raises ModuleNotFoundError. Raises TypeError or ValueError for bad
    arguments, and ValueError if more than 2,000 boxes, or *max_nodes*, were asked for.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> print(draw(a * b, direction="LR").description)
    L = -6. grad: not computed yet; call backward(), then draw again.
    """
    return draw_fitting(y, Options.of(**options))


@quiet_collector()  # each value has a record here, and there may be a million
def draw_fitting(
    y: Value | Graph | WhatIf, options: Options, given: Given = NOTHING_GIVEN
) -> "Picture":
    """Draw the most detailed picture that fits."""
    if isinstance(y, WhatIf):
        return draw_fitting(Graph(y.output, options.names), options, Given(changes=y.changes))
    layouts = find_layouts(y, options, given.grads)
    picture = draw_layout(next(layouts), given)
    while options.is_negotiable and picture.width() > options.widest:
        following = next(layouts, None)
        if following is None:
            break
        picture = draw_layout(following, given)
    return picture


def draw_layout(layout: Layout, given: Given) -> "Picture":
    """Draw a layout; graphviz is imported here, so that text can do without it."""
    drawing = Drawing(layout, given)
    try:
        from autograd_mini.view.render import Picture
    except ModuleNotFoundError:
        return cast("Picture", TextPicture(drawing))
    picture = Picture()
    picture.format = "svg"
    picture.take(drawing)
    return picture
