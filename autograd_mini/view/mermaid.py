"""Mermaid: a picture as text that GitHub and many editors draw inside Markdown."""

from collections.abc import Iterator

from autograd_mini.view.sketch import ArrowSketch, FrameSketch, Sketch
from autograd_mini.view.text import visible

OPPOSITE = {"TB": "BT", "BT": "TB", "LR": "RL", "RL": "LR"}
DASHES = {"dashed": "6 4", "dotted": "1 4"}
SETTINGS = '%%%%{init: {"flowchart": {"rankSpacing": %d, "wrappingWidth": 400}}}%%%%'
UPRIGHT, SIDEWAYS = 50, 120  # pixels between rows of boxes, and between columns of modules
SIGNS = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}
)


def write_mermaid(sketch: Sketch) -> str:
    """Write a flowchart: the arrows point back, as the gradient flows; no line of a box wraps."""
    direction = OPPOSITE[sketch.direction] if sketch.has_grads else sketch.direction
    spacing = SIDEWAYS if sketch.direction in ("LR", "RL") else UPRIGHT
    lines = [SETTINGS % spacing, f"flowchart {direction}", *write_frame(sketch.whole, sketch)]
    for number, arrow in enumerate(sketch.arrows):
        lines += write_arrow(arrow, number, sketch)
    looks = {box.card.look.name: box.card.look for box in sketch.boxes.values()}
    lines += [
        f"  classDef {name} stroke:{look.colour},color:#1b1f24" for name, look in looks.items()
    ]
    lines += [f"  style {key} fill:{box.card.fill}" for key, box in sketch.boxes.items()]
    if sketch.notes:  # told below a picture, here in a box of their own, without a frame
        lines.append(f'  notes["{"<br/>".join(map(escape_line, sketch.notes))}"]')
        lines.append("  style notes fill:none,stroke:none,text-align:left")
    return "\n".join(lines) + "\n"


def write_frame(frame: FrameSketch, sketch: Sketch, path: str = "in") -> Iterator[str]:
    """Write the boxes of a frame, and its inner frames as subgraphs, each with an id of its own."""
    indent = "  " * path.count("in")
    for key in frame.boxes:
        card = sketch.boxes[key].card
        text = "<br/>".join(map(escape_line, card.lines))
        shape = f'(["{text}"])' if card.is_round else f'["{text}"]'
        yield f"{indent}{key}{shape}:::{card.look.name}"
    for number, inner in enumerate(frame.inner):
        inside = f"{path}{number}in"
        yield f'{indent}subgraph {inside}["{escape_line(inner.title)}"]'
        yield from write_frame(inner, sketch, inside)
        yield f"{indent}end"


def write_arrow(arrow: ArrowSketch, number: int, sketch: Sketch) -> Iterator[str]:
    """Write an arrow and its look."""
    ends = (arrow.near, arrow.far) if sketch.has_grads else (arrow.far, arrow.near)
    text = "<br/>".join(map(escape_line, arrow.chain))
    yield f"  {ends[0]} -->{f'|{chr(34)}{text}{chr(34)}|' if text else ''} {ends[1]}"
    dashes = f",stroke-dasharray:{DASHES[arrow.line]}" if arrow.line in DASHES else ""
    yield f"  linkStyle {number} stroke:{arrow.colour},stroke-width:{arrow.width:.2g}px{dashes}"


def escape_line(line: str) -> str:
    """Write a line so that Mermaid shows it as it is.

    >>> escape_line('a "b" <c>')
    'a #quot;b#quot; #lt;c#gt;'
    """
    return visible(line).translate(SIGNS)
