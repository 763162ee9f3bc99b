"""One mistake, one finding: leaves out what only follows from another finding.

A reference with a typo leads nowhere; then the selectors of patches select nothing, and the template that was meant is
used by nobody. Rules do not know of each other, so each of them tells. Here the finding that names the mistake stays,
and what goes away once that is mended is left out. Nothing is left out for what is not an error, or is let pass by the
settings: a run never becomes green by this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import NamedTuple

from cluster_stacks.model.finding import Finding, Severity

Key = Callable[[Finding], Iterable[Hashable]]


class Link(NamedTuple):
    """Findings of the rules `follow` come of those of `causes` where `of` of the one and `to` of the other meet."""

    follow: frozenset[str]
    causes: frozenset[str]
    of: Key
    to: Key


def without_consequences(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that tell of a mistake of their own, in their order. Pure; linear in their number."""
    told = tuple(findings)
    errors = [finding for finding in told if finding.severity is Severity.ERROR and finding.object]
    if not errors:
        return told
    rules = {finding.rule for finding in errors}
    left: set[int] = set()
    for link in LINKS:
        if link.causes & rules:
            keys = {key for finding in errors if finding.rule in link.causes for key in link.to(finding)}
            left.update(
                id(finding) for finding in told
                if finding.rule in link.follow and finding.object and not keys.isdisjoint(link.of(finding))
            )
    return tuple(finding for finding in told if id(finding) not in left)


def _rules(first: int, last: int) -> frozenset[str]:
    return frozenset(f"CS{number}" for number in range(first, last + 1))


def _pointer(finding: Finding) -> str:
    return finding.object.pointer if finding.object else ""


def _object(finding: Finding) -> Hashable:
    return (finding.stack, finding.path, finding.object and finding.object[:3])


def _each(finding: Finding) -> Iterator[Hashable]:
    """The object."""
    yield _object(finding)


def _place(finding: Finding) -> Iterator[Hashable]:
    """The place in the object."""
    yield _object(finding), _pointer(finding)


def _parent(finding: Finding) -> Iterator[Hashable]:
    """What the place is a part of: the reference, of its name."""
    yield _object(finding), _pointer(finding).rpartition("/")[0]


def _above(finding: Finding) -> Iterator[Hashable]:
    """The place, and all that it is a part of."""
    pointer = _pointer(finding)
    for end in [*(at for at, sign in enumerate(pointer) if sign == "/"), len(pointer)]:
        yield _object(finding), pointer[:end]


def _meant(finding: Finding) -> Iterator[Hashable]:
    """The field that an unknown one is nearly called."""
    near = re.search(r"did you mean '([^']*)'\?$", finding.message)
    if near:
        yield _object(finding), f"{_pointer(finding).rpartition('/')[0]}/{near[1]}"


def _patch(finding: Finding) -> Iterator[Hashable]:
    """The patch of a class that the place is in."""
    parts = _pointer(finding).split("/")
    if parts[1:3] == ["spec", "patches"] and len(parts) > 3:
        yield _object(finding), parts[3]


def _of_references(finding: Finding) -> Iterator[Hashable]:
    """The class, of a finding at a reference to a template, or at a control plane that lacks one."""
    pointer = _pointer(finding)
    if "/patches/" not in pointer and ("Ref/" in pointer or "/ref/" in pointer or pointer.endswith("/controlPlane")):
        yield _object(finding)


def _of_kinds(finding: Finding) -> Iterator[Hashable]:
    """The class, of a selector whose kind or group it lacks; the name of a worker class is a mistake of its own."""
    if "/names/" not in _pointer(finding):
        yield _object(finding)


def _of_versions(finding: Finding) -> Iterator[Hashable]:
    """The stack, of a finding about which versions of Kubernetes a class takes."""
    if "/kubernetesVersions" in _pointer(finding) or _pointer(finding).endswith("/topology/version"):
        yield finding.stack


def _of_variables(finding: Finding) -> Iterator[Hashable]:
    """The stack, of a finding about which variables a class has."""
    if "/variables/" in _pointer(finding):
        yield finding.stack


SCHEMA = frozenset({"CS403", "CS404", "CS405"})
TEMPLATES = frozenset({"CS622", "CS627", "CS628", "CS710", "CS717", "CS719"})
LINKS = (
    # Where a rule of its own says it, what the schema says of the same place adds nothing.
    Link(frozenset({"CS405"}), _rules(415, 434) | _rules(601, 659), _place, _place),
    # The API server asks CEL rules of what fits the schema; ours ran on a value of another type.
    Link(frozenset({"CS435", "CS436"}), SCHEMA, _place, _above),
    # A field with a typo in its name lacks under the right one.
    Link(frozenset({"CS403"}), frozenset({"CS402"}), _place, _meant),
    # References that are wrong by themselves, or lead nowhere.
    Link(frozenset({"CS701", "CS702"}), frozenset({"CS405", "CS602", "CS603"}), _parent, _parent),
    Link(frozenset({"CS624"}), frozenset({"CS405", "CS602", "CS603", "CS701", "CS702"}), _of_kinds, _of_references),
    Link(frozenset({"CS607"}), frozenset({"CS701"}), _each, _of_references),
    # The versions of a class, and what asks for one of them.
    Link(frozenset({"CS706"}), frozenset({"CS611"}), _of_versions, _of_versions),
    Link(frozenset({"CS633"}), frozenset({"CS611", "CS706"}), _of_versions, _of_versions),
    # Variables with a name that cannot be, a default that does not fit: what uses them.
    Link(TEMPLATES | _rules(711, 720), frozenset({"CS612"}), _each, _each),
    Link(frozenset({"CS635"}), frozenset({"CS612"}), _of_variables, _of_variables),
    Link(_rules(711, 720), frozenset({"CS617"}), _each, _each),
    # What a patch reads cannot be told where its template is wrong, and nor can what it makes of an object.
    Link(frozenset({"CS718"}), TEMPLATES, _each, _each),
    Link(frozenset({"CS650"}), TEMPLATES | _rules(620, 628) | _rules(711, 720), _patch, _patch),
)
