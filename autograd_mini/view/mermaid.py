"""Mermaid: a picture as text that GitHub and many editors draw inside Markdown."""

from collections.abc import Iterator

from autograd_mini.view.drawing import Drawing, ModuleFrame
from autograd_mini.view.text import visible

OPPOSITE = {"TB": "BT", "BT": "TB", "LR": "RL", "RL": "LR"}
DASHES = {"dashed": "6 4", "dotted": "1 4"}
SETTINGS = '%%%%{init: {"flowchart": {"rankSpacing": %d, "wrappingWidth": 400}}}%%%%'
UPRIGHT, SIDEWAYS = 50, 120  # pixels between rows of boxes, and between columns of modules
SIGNS = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}
)


def write_mermaid(drawing: Drawing) -> str:
    """Write a flowchart: the arrows point back, as the gradient flows; no line of a box wraps."""
    layout, cards, notes = drawing.layout, drawing.cards.values(), drawing.legend.notes()
    direction = OPPOSITE[layout.direction] if layout.has_grads else layout.direction
    spacing = SIDEWAYS if layout.direction in ("LR", "RL") else UPRIGHT
    lines = [SETTINGS % spacing, f"flowchart {direction}"]
    lines += [*write_frame(drawing.whole), *write_arrows(drawing)]
    looks = {card.look.name: card.look for card in cards}
    lines += [
        f"  classDef {name} stroke:{look.colour},color:#1b1f24" for name, look in looks.items()
    ]
    lines += [f"  style {card.key} fill:{card.fill}" for card in cards]
    if notes:  # told below a picture, here in a box of their own, without a frame
        lines.append(f'  notes["{join_lines(notes)}"]')
        lines.append("  style notes fill:none,stroke:none,text-align:left")
    return "\n".join(lines) + "\n"


def write_frame(frame: ModuleFrame) -> Iterator[str]:
    """Write the boxes of a frame, and its inner frames as subgraphs."""
    indent = "  " * (frame.depth + 1)
    for card in frame.cards:
        text = join_lines(card.lines)
        shape = f'(["{text}"])' if card.kind in ("input", "group") else f'["{text}"]'
        yield f"{indent}{card.key}{shape}:::{card.look.name}"
    for inner in frame.inner:
        yield f'{indent}subgraph {inner.id}["{escape_line(inner.title)}"]'
        yield from write_frame(inner)
        yield f"{indent}end"


def write_arrows(drawing: Drawing) -> Iterator[str]:
    """Write every arrow, and its look."""
    arrows, ids = drawing.arrows, drawing.layout.ids
    for i, arrow in enumerate(arrows.all):
        ends = ids[arrow.near], ids[arrow.far]
        near, far = ends if drawing.layout.has_grads else reversed(ends)
        text = join_lines(arrows.chain(arrow))
        on_arrow = f'|"{text}"|' if text else ""
        yield f"  {near} -->{on_arrow} {far}"
        look, width = arrows.look(arrow), f"{arrows.width(arrow):.2g}px"
        dashes = f",stroke-dasharray:{DASHES[look.line]}" if look.line in DASHES else ""
        yield f"  linkStyle {i} stroke:{look.colour},stroke-width:{width}{dashes}"


def join_lines(lines: list[str]) -> str:
    """Write the lines of a box or of an arrow."""
    return "<br/>".join(map(escape_line, lines))


def escape_line(line: str) -> str:
    """Write a line so that Mermaid shows it as it is.

    >>> escape_line('a "b" <c>')
    'a #quot;b#quot; #lt;c#gt;'
    """
    return visible(line).translate(SIGNS)
