"""Rule 11: the Kubernetes versions that a class names."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.capi.semver import Semver, parse_version
from cluster_stacks.validation.capi.view import classes
from cluster_stacks.validation.problem import Problem
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS611", "kubernetes-versions", "Kubernetes versions of a class that are out of order",
    "kubernetesVersions is the way that upgrades take: each version is higher than the one before it, and no minor is "
    "left out. Each is written in full, `v1.36.4`: the webhook takes `1.36` as well, but a Cluster's version must be "
    "in the list as it is written, and is always written in full.",
    source="Cluster API: ClusterClass webhook, Cluster webhook",
)


def check(context: Context) -> Iterator[Problem]:
    """Finds versions that are none, that do not rise, or that leave out a minor."""
    for view in classes(context):
        before: Semver | None = None
        for pointer, text in view.kubernetes_versions:
            version = parse_version(text)
            if version is None:
                message = f"{text[:80]!r} is no Kubernetes version: write it in full, as v1.36.4"
                yield view.problem(RULE, message, pointer)
                continue
            if before and not follows(before, version):
                yield view.problem(RULE, f"{version} does not come after {before}: sort the versions", pointer)
            elif before and version.minor - before.minor not in (0, 1):
                message = f"{version} is not one minor after {before}: Kubernetes is upgraded minor by minor"
                yield view.problem(RULE, message, pointer)
            before = version


def follows(before: Semver, version: Semver) -> bool:
    """Whether a version is higher than another, or different from it in a way that has no order (`+a`, `+b`)."""
    if before.release != version.release:
        return version.release > before.release
    (old, _, old_build), (new, _, new_build) = (each.rest.partition("+") for each in (before, version))
    if _precedence(old) != _precedence(new):
        return _precedence(new) > _precedence(old)
    return _builds_follow(old_build, new_build)


def _precedence(pre: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    parts = pre.removeprefix("-").split(".") if pre else []
    return not pre, [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _builds_follow(before: str, build: str) -> bool:
    """Numbers come before texts, by their value; two different texts have no order, and either may come first."""
    old, new = (text.split(".") if text else [] for text in (before, build))
    for left, right in zip(old, new, strict=False):
        if left.isdigit() and right.isdigit() and int(left) != int(right):
            return int(right) > int(left)
        if left.isdigit() != right.isdigit():
            return left.isdigit()
        if not left.isdigit() and left != right:
            return True
    return len(new) > len(old)
