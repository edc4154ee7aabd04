"""Policy: a file that we write may run and load nothing but what it holds from the start.

Browsers call it a Content-Security-Policy. Labels are escaped wherever they are written; should
one ever get through, it still cannot act.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from string import Template

META = '<meta http-equiv="Content-Security-Policy" content="{}"{}>'
NONE = "'none'"
XHTML = "http://www.w3.org/1999/xhtml"


def fill_page(template: str, parts: Mapping[str, str], pictures: str = NONE) -> str:
    """Fill in a page, and last its policy; in what is filled in, nothing is looked for.

    *pictures* says where those may come from that its script makes.

    >>> fill_page("$policy; $title", {"title": "$policy"}).endswith("; $policy")
    True
    """
    text = Template(template).substitute(parts, policy="$policy")
    return text.replace("$policy", policy(text, pictures), 1)


def policy(text: str, pictures: str = NONE) -> str:
    """Return a policy that allows the styles and the scripts that a text holds, and no other."""
    styles, scripts = (
        " ".join(map(fingerprint, re.findall(f"<{kind}>(.*?)</{kind}>", text, re.S)))
        for kind in ("style", "script")
    )
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    images = "" if pictures == NONE else f"; img-src {pictures}"
    return f"{nothing}; style-src {styles or NONE}; script-src {scripts or NONE}{images}"


def fingerprint(text: str) -> str:
    """Return the hash by which a policy knows a text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def guarded_svg(svg: str) -> str:
    """Put its policy into an SVG: into a head, which SVG lacks and HTML lends."""
    meta = META.format(policy(svg), "/")
    head = f'<metadata><head xmlns="{XHTML}">{meta}</head></metadata>'
    return svg.replace("<style>", f"{head}<style>", 1)
