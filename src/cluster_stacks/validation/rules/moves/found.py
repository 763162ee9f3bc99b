"""What a release breaks for Clusters that move to it, before it is known whether the release says so itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from cluster_stacks.model.finding import Fix, Related, RuleInfo, Severity
from cluster_stacks.releases.earlier import Earlier
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.context import Context

ANNOUNCEMENTS = "cluster-class/breaking.yaml"


class Found(NamedTuple):
    """One break. `what` names it in breaking.yaml; `text` begins where the names of the earlier releases end.

    `certain` is false where it depends on a value. `pointer` is into the item, or into `file` where that is set.
    """

    rule: str
    what: str
    item: Item
    pointer: Pointer
    text: str
    earlier: Earlier
    related: tuple[Related, ...] = ()
    certain: bool = True
    file: str = ""


def problems(context: Context, rule: RuleInfo, found: Iterable[Found]) -> Iterator[Problem]:
    """The problems of one rule. The same break of two earlier releases is one; an announced one is a note."""
    merged: dict[tuple[object, ...], list[Found]] = {}
    for each in found:
        if each.rule == rule.id:
            merged.setdefault((each.what, each.item.document, each.pointer, each.text), []).append(each)
    announced = announcements(context)
    for same in merged.values():
        first = same[0]
        names = " and ".join(f"{each.earlier.name} ({each.earlier.origin})" for each in same)
        reason = announced.get(first.what)
        severity = Severity.ERROR if first.certain else Severity.WARNING
        fix = None
        if reason is not None:
            severity, advice = Severity.NOTE, f"announced: {reason}"
        elif first.earlier.same:
            advice = f"{first.earlier.name} is published with other content: bump first"
            fix = Fix("Give the change a version of its own.", f"cluster-stacks bump {first.earlier.facts.stack}")
        else:
            advice = f"mend it, or announce `{first.what}` in {ANNOUNCEMENTS}"
            fix = Fix(f"Or say why in {ANNOUNCEMENTS}: `breaking: [{{what: {first.what}, reason: …}}]`.")
        related = tuple(dict.fromkeys(place for each in same for place in each.related))
        yield Problem(
            first.item.document, rule.id, f"moving from {names} {first.text}; {advice}", first.pointer,
            severity=severity, item=first.item, fix=fix, related=related, file=first.file,
        )


def announcements(context: Context) -> dict[str, str]:
    """What the release says that it breaks, each with its reason."""
    entries = context.release.facts.get("breaking") if context.release else None
    return {str(each["what"]): str(each["reason"]) for each in entries} if isinstance(entries, list) else {}


Finder = Callable[[Context], tuple[Found, ...]]
