"""Which values of the context changed between two states, and whether a template reads one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cluster_stacks.model.metadata import Metadata

Context = Mapping[str, object]
_MISSING = object()


def context_of(metadata: Metadata | None, variables: Mapping[str, object]) -> Context:
    """The part of the template context that is content: `kubernetes` and `vars`, named as templates name them."""
    context: dict[str, object] = {"vars": variables}
    if metadata:
        version = metadata.kubernetes
        context["kubernetes"] = {
            "version": str(version),
            "number": str(version).removeprefix("v"),
            "minor": f"{version.major}.{version.minor}",
        }
    return context


def changed_reads(reads: Iterable[str], before: Context, after: Context) -> list[str]:
    """Those dotted names whose value differs, sorted. A name means all below it; names of other roots never differ."""
    return sorted(
        name for name in reads
        if name.partition(".")[0] in ("kubernetes", "vars") and _text(before, name) != _text(after, name)
    )


def _text(context: Context, name: str) -> str:
    """The value at a dotted name as text; the order of keys counts, because a template that loops shows it."""
    value: object = context
    for part in name.split("."):
        # `vars.items` is the method of the mapping, and reads all of it.
        if not isinstance(value, Mapping) or hasattr(dict, part):
            break
        reached = value.get(part, _MISSING)
        if reached is _MISSING:
            # A key that has a dot in it cannot be told from two keys: then the whole mapping is what is read.
            if not any("." in key for key in value):
                return "missing"
            break
        value = reached
    return repr(value)
