"""Which values of the context a template reads: they are part of its layer's content."""

from __future__ import annotations

import re

from cluster_stacks.model.stack import Layer, layer_of
from cluster_stacks.releases.reads import reads_image_name
from cluster_stacks.rendering.layout import is_template

ROOTS = frozenset({"stack", "kubernetes", "vars", "versions", "release_name", "images"})
_MARKS = (b"<%", b"#%")
_ROOT = re.compile(rb"(?<![\w.])(?:" + "|".join(sorted(ROOTS)).encode() + rb")\b")


def template_reads(path: str, data: bytes) -> frozenset[str]:
    """The dotted names that the template at `path` reads: `{"kubernetes.version", "vars.replicas"}`.

    `path` is relative to the stack's folder. A name that is read as a whole, by a computed key or through another
    variable stands alone (`vars`) and means all below it. Empty for a file that is no template, and for one with an
    error in its syntax, which rendering refuses.
    """
    if not is_template(path) or not any(mark in data for mark in _MARKS) or not _ROOT.search(data):
        return frozenset()
    # Jinja2 takes 46 ms to import, and most changes touch no template that reads the context.
    from jinja2.exceptions import TemplateSyntaxError

    from cluster_stacks.rendering.templates import environment
    from cluster_stacks.rendering.tree import names_read

    try:
        chains = names_read(environment().parse(data.decode()), ROOTS)
    except (TemplateSyntaxError, UnicodeDecodeError, RecursionError):
        return frozenset()
    if layer_of(path) is Layer.NODE_IMAGES and any(reads_image_name(chain) for chain in chains):
        chains.add(("kubernetes", "version"))
    return frozenset(".".join(chain) for chain in chains)
