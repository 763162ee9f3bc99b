"""Which values of the template context a source file names, by its text.

A digest that is kept for ever must not move when the analysis of templates gets better, so this reads the text by
fixed rules rather than the template's tree. It errs on the side of naming too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

Chain = tuple[str, ...]

_COMMENT = re.compile(rb"<#.*?#>", re.DOTALL)
_CODE = re.compile(rb"<%%(?P<block>.*?)%%>|<%(?P<value>.*?)%>|^[ \t]*#%(?P<line>[^\r\n]*)", re.DOTALL | re.MULTILINE)
_SUBSCRIPT = re.compile(r"""\[\s*(?:'([\w-]+)'|"([\w-]+)")\s*\]""")
_DASH = "\x01"
"""Stands for the dash of a key in a subscript; one between names is a minus."""
_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_NAME = re.compile(r"(?<![\w.\x01])([A-Za-z_]\w*)((?:\s*\.\s*[\w\x01]+)*)")
_OF_THE_IMAGE_ITSELF = frozenset({"url", "checksum", "checksum_value", "format", "method"})
"""What images.yaml alone decides. An image's `name` holds the Kubernetes version."""


def chains(data: bytes) -> frozenset[Chain]:
    """The dotted names in the template code of `data`: `<% vars.a['b'] %>` gives `("vars", "a", "b")`."""
    if b"<%" not in data and b"#%" not in data:
        return frozenset()
    found: set[Chain] = set()
    for match in _CODE.finditer(_COMMENT.sub(b"", data)):
        code = next(group for group in match.groups() if group is not None).decode("utf-8", "surrogateescape")
        code = _SUBSCRIPT.sub(lambda m: "." + (m[1] or m[2]).replace("-", _DASH), code.replace(_DASH, ""))
        for name in _NAME.finditer(_STRING.sub("''", code)):
            found.add((name[1], *(part.strip().replace(_DASH, "-") for part in name[2].split(".")[1:])))
    return frozenset(found)


def reads_image_name(chain: Sequence[str]) -> bool:
    """Whether `images.ubuntu.name`, or more of `images`, is read: then the Kubernetes version is."""
    return chain[0] == "images" and not (len(chain) > 2 and chain[2] in _OF_THE_IMAGE_ITSELF)


def values_read(root: str, value: Mapping[str, object], names: Iterable[Chain]) -> dict[str, object]:
    """The part of the context value `root` that `names` reach: dotted name → value, the longest name that exists.

    A name that does not exist (`vars.extra is defined`) stands with a `?`, so that it differs from a null.
    """
    return dict(_reached(root, value, chain[1:]) for chain in names if chain[0] == root)


def _reached(root: str, value: object, parts: Chain) -> tuple[str, object]:
    name = root
    for part in parts:
        # Jinja2 finds the methods of a mapping before its keys: `vars.items` reads the whole of it.
        if not isinstance(value, Mapping) or hasattr(dict, part):
            break
        if part not in value:
            return f"{name}.{part}?", None
        name, value = f"{name}.{part}", value[part]
    return name, value
