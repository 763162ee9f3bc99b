"""How a Cluster gets from one Kubernetes version to another: what its webhook refuses, and over which versions it goes.

Sources: Cluster API 1.14, core/webhooks/admission/cluster.go (validateTopologyVersionUpdate) and
exp/topology/desiredstate/upgrade_plan.go. What stands between the two on a running cluster (an upgrade that is not done
yet) cannot be seen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cluster_stacks.validation.capi.semver import Semver, parse_tolerant

_SKEW = 3
"""The minors that workers may be behind their control plane."""


class Plan(NamedTuple):
    """The versions that the control plane and the workers go through, in order; `refusal` says why they cannot."""

    refusal: str = ""
    control_plane: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()


def upgrade_plan(old: str, new: str, listed: Sequence[str] = ()) -> Plan:
    """The way of a Cluster from version `old` to `new`; `listed` are the kubernetesVersions of the class that it gets.

    Without a list there is one step, of at most one minor. With a list, `new` is in it, and the control plane goes
    through the last listed version of each minor between; workers follow where they would fall back too far.
    """
    before, after = parse_tolerant(old), parse_tolerant(new)
    if before is None or after is None:
        return Plan(f"{old if before is None else new} is no version")
    if listed and new not in listed:
        return Plan(f"the class is for Kubernetes {', '.join(listed)}, not {new}")
    if before == after:
        return Plan()
    if after.release < before.release:
        return Plan(f"Kubernetes cannot go back from {old} to {new}")
    if not listed:
        if after.release >= (before.major, before.minor + 2, 0):
            return Plan(f"Kubernetes cannot skip a minor, from {old} to {new}")
        return Plan("", (new,), (new,))
    return _chained(old, new, before, after, listed)


def _chained(old: str, new: str, before: Semver, after: Semver, listed: Sequence[str]) -> Plan:
    steps: dict[int, str] = {}
    for text in listed:
        version = parse_tolerant(text)
        if version is not None and before.release < version.release <= after.release:
            # Of one minor the last; patches of the minor that is left are passed over.
            if version.minor > before.minor or after.minor == before.minor:
                steps[version.minor] = text
            if text == new:
                break
    missing = [minor for minor in range(before.minor + 1, after.minor + 1) if minor not in steps]
    if missing:
        return Plan(f"from {old} to {new} the class lists no version of {before.major}.{missing[0]}")
    return Plan("", tuple(steps.values()), tuple(_workers(before, after, steps, new)))


def _workers(before: Semver, after: Semver, steps: dict[int, str], new: str) -> list[str]:
    """Workers skip what they can: a step each time that the control plane would be more than three minors ahead."""
    between = range(before.minor + _SKEW, after.minor, _SKEW)
    return [*(steps[minor] for minor in between if minor in steps), new]
