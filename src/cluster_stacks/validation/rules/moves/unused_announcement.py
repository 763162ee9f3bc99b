"""What a release announces to break does break."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context
from cluster_stacks.validation.rules.moves import addon_in_place, class_breaks
from cluster_stacks.validation.rules.moves.found import ANNOUNCEMENTS, announcements

RULE = RuleInfo(
    "CS663", "breaking-unused", "a break is announced that does not happen",
    "Told where the release was held against earlier ones. An announcement frightens those who read it, and would let "
    "the next break of that name pass unseen: remove it with the first version that does not break it. It stays as "
    "long as Clusters of the minor before, or of the last release, still meet it.",
    Severity.WARNING, "this project: docs/validation.md",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds announcements that nothing bears out."""
    told = announcements(context)
    if not told or not context.items or not class_breaks.sources(context):
        return
    happened = {each.what for each in (*class_breaks.found(context), *addon_in_place.found(context))}
    for index, what in enumerate(told):
        if what not in happened:
            near = near_names(what, happened)
            advice = f"did you mean {near[0]!r}?" if near else "remove it"
            names = " and ".join(each.name for each in class_breaks.sources(context))
            message = f"{what!r} is announced to break, and moves from {names} do not meet it: {advice}"
            yield Problem(
                context.items[0].document, RULE.id, message, ("breaking", index, "what"), severity=RULE.severity,
                file=ANNOUNCEMENTS,
            )
