"""What the specification says of versions, written a second time: plain dicts, and no code of the package.

A state is {path: (mode, bytes)}. `judge` says which versions of which stacks are wrong, what each must be, and which
rules may say so. Source of the rules: the cluster-stacks specification, and docs/versioning.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from versioning.model.reading import ADDON, COMPONENTS, IMAGE, STACK, Stack, State, contents, overlay, stacks, versions

STANDS_STILL = {STACK: "CS101", ADDON: "CS102", IMAGE: "CS103"}
ALONE, TAKEN, STEP, NEW = "CS104", "CS105", "CS106", "CS107"


class Wrong(NamedTuple):
    """One version that is wrong. `must` is None where nobody can compute it."""

    stack: Stack
    component: str
    must: str | None
    rules: frozenset[str]


# --- versions: v3, v4-alpha.0

_FORM = re.compile(r"v(\d+)(?:-([a-z]+)\.(\w+))?")


def parts(version: str) -> tuple[int, str | None, str | None]:
    """v4-alpha.0 → (4, "alpha", "0"); v3 → (3, None, None)."""
    match = _FORM.fullmatch(version)
    assert match, version
    return int(match[1]), match[2], match[3]


def follows(new: str, old: str) -> bool:
    """Whether `new` is one step after `old`."""
    number, channel, patch = parts(new)
    old_number, old_channel, old_patch = parts(old)
    if number != old_number:  # the next number, or its first pre-release; before v1 there are only pre-releases
        return number == old_number + 1 and begins(new) and (old_channel is None or old_number == 0)
    if old_channel is None:
        return False
    if channel is None:  # promoted
        return True
    if channel != old_channel:  # alpha, then beta: never back
        return channel > old_channel and begins(new)
    assert patch is not None
    assert old_patch is not None
    if old_patch.isdigit():
        return patch.isdigit() and int(patch) == int(old_patch) + 1
    return patch != old_patch


def begins(version: str) -> bool:
    """Whether nothing of the same number or channel comes before it: v4, v4-alpha.0, v4-sha.abc."""
    _, channel, patch = parts(version)
    return channel is None or patch == "0" or not str(patch).isdigit()


def after(old: str) -> str | None:
    """What a bump makes of a version."""
    number, channel, patch = parts(old)
    if channel is None:
        return f"v{number + 1}"
    return f"v{number}-{channel}.{int(patch) + 1}" if patch and patch.isdigit() else None


def is_first(version: str) -> bool:
    """v1, or any pre-release before it or of v0: v1-alpha.0, v0-sha.abc."""
    number, channel, _ = parts(version)
    return number == 1 if channel is None else number <= 1


def is_promoted(new: str, old: str) -> bool:
    """v4-rc.1 → v4, which needs no other content."""
    return parts(new)[:2] == (parts(old)[0], None) and parts(old)[1] is not None


# --- the judgement

def differing(base: State, head: State, stack: Stack) -> set[str]:
    """What differs: components, each for its own layer (clusterStack for the class), and `kubernetes`."""
    old, new = versions(base, stack), versions(head, stack)
    before = contents(base, stack) if old else {component: {} for component in COMPONENTS}
    now = contents(head, stack)
    found = {component for component in COMPONENTS if before[component] != now[component]}
    same = old and new and old["kubernetes"] == new["kubernetes"]
    return found if same else {*found, "kubernetes"}


def moved(base: State, head: State, stack: Stack) -> set[str]:
    """The components that have to move from one state to another: clusterStack with anything that differs."""
    found = differing(base, head, stack)
    return found | {STACK} if found else found


def to_ship(base: State, head: State, tip: State, stack: Stack) -> set[str]:
    """What a branch brings: what differs from where it left, unless the target has come to the same meanwhile."""
    found = differing(base, head, stack)
    there = versions(tip, stack)
    if there and there != versions(base, stack):  # else nobody has given it a version
        found &= differing(tip, head, stack)
    return found | {STACK} if found else found


def judge(base: State, head: State, tip: State) -> set[Wrong]:
    """What is wrong with the versions of `head`, which left the target at `base` and will be merged into `tip`."""
    return {wrong for stack in stacks(head) for wrong in judge_stack(base, head, tip, stack)}


def judge_stack(base: State, head: State, tip: State, stack: Stack) -> list[Wrong]:
    """The same of one stack."""
    before, now, there = (versions(state, stack) for state in (base, head, tip))
    assert now
    last = there or before
    if last is None:
        first = firsts(base, head, tip, stack)
        return [Wrong(stack, c, first[c], frozenset({NEW})) for c in COMPONENTS if now[c] != first[c]]
    found = []
    changed = to_ship(base, head, tip, stack)
    for c in COMPONENTS:
        if c in changed:
            if not follows(now[c], last[c]):
                found.append(Wrong(stack, c, after(last[c]), frozenset(blame(c, before, now, there))))
            continue
        with_stack = STACK in changed or is_promoted(now[STACK], last[STACK])
        promoted = is_promoted(now[c], last[c]) and (c == STACK or with_stack)
        if not promoted and now[c] not in {state[c] for state in (before, there) if state}:
            found.append(Wrong(stack, c, last[c], frozenset({ALONE})))
    return found


def firsts(base: State, head: State, tip: State, stack: Stack) -> dict[str, str]:
    """What the versions of a new stack must be: first ones, or all three of the minor that it says it copies."""
    now = versions(head, stack)
    assert now
    first = {c: now[c] if is_first(now[c]) else "v1" for c in COMPONENTS}
    family, _, minor = stack.rpartition("/")
    origin = overlay(head, stack).get("from", minor)
    if first.items() <= now.items() or origin == minor:
        return first
    copied = [versions(state, f"{family}/{origin}") for state in (tip, base, head)]
    known = [{c: said[c] for c in COMPONENTS} for said in copied if said and said[STACK] == now[STACK]]
    return next((said for said in known if said.items() <= now.items()), (known or [first])[0])


def blame(
    c: str, before: Mapping[str, str] | None, now: Mapping[str, str], there: Mapping[str, str] | None
) -> set[str]:
    """The rules that may say that a version which had to move did not move to the right place."""
    taken = there is not None and now[STACK] == there[STACK] and (before is None or now[STACK] != before[STACK])
    if taken:  # one finding tells of all versions of the stack
        return {TAKEN}
    if before is None:  # made on both branches: it stands still, or has gone wrong
        return {STANDS_STILL[c], STEP}
    return {STANDS_STILL[c]} if now[c] == before[c] else {STEP}
