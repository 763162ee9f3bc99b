"""Where a new stack comes from: the minor that it copies, and the one that clusters come from."""

from __future__ import annotations

from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.stack import MINOR, StackId
from cluster_stacks.repository.paths import METADATA
from cluster_stacks.versioning.change import Origin
from cluster_stacks.versioning.reach import FamilyStates
from cluster_stacks.versioning.sources import Sources


def origin_of(family: FamilyStates, stack: StackId, sources: Sources) -> Origin | None:
    """What a new stack says it copies, else the nearest minor whose versions it has; None where there is none."""
    overlay = sources.after[stack].overlay
    if overlay.origin:
        at = overlay.document.position(("from",)) if overlay.document else None
        versions = () if overlay.origin == stack.minor else _versions(family, overlay.origin, sources)
        return Origin(overlay.origin, versions, True, at)
    own = sources.after[stack].metadata
    for minor in reversed([*_higher(family, stack), *_lower(family, stack)]):
        known = tuple(there for there in _versions(family, minor, sources) if own and same_versions(there, own))
        if known:
            return Origin(minor, known)
    return None


def same_versions(one: Metadata, other: Metadata) -> bool:
    """Whether the three versions that follow from changes are the same; Kubernetes is another in each minor."""
    mine, theirs = ((m.cluster_stack, m.cluster_addon, m.node_image) for m in (one, other))
    return mine == theirs


def previous_minor(family: FamilyStates, stack: StackId) -> str | None:
    """The minor before this one, of those that were there before the change, else of those that are now."""
    there = [minor for minor in _lower(family, stack) if METADATA in family.before.get(minor, {})]
    return next(reversed(there or _lower(family, stack)), None)


def new_minor(family: FamilyStates) -> str:
    """The one minor that the change makes; empty where there is none, or more than one."""
    new = [minor for minor in family.after if MINOR.fullmatch(minor) and minor not in family.before]
    return new[0] if len(new) == 1 else ""


def _lower(family: FamilyStates, stack: StackId) -> list[str]:
    return [minor for minor in _sorted(family) if _number(minor) < _number(stack.minor)]


def _higher(family: FamilyStates, stack: StackId) -> list[str]:
    """From the furthest to the nearest."""
    return [minor for minor in reversed(_sorted(family)) if _number(minor) > _number(stack.minor)]


def _sorted(family: FamilyStates) -> list[str]:
    return sorted(family.minors, key=_number)


def _number(minor: str) -> tuple[int, ...]:
    return tuple(int(part) for part in minor.split("-"))


def _versions(family: FamilyStates, minor: str, sources: Sources) -> tuple[Metadata, ...]:
    """The versions of a minor in each state that has it, the newest on the target first."""
    stack = family.family.stack(minor)
    states = [side.get(stack) for side in (sources.tip, sources.before, sources.after)]
    return tuple(state.metadata for state in states if state and state.metadata)
