"""What the rules of change have in common: the finding on a version in metadata.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_stacks.model.finding import Finding, Fix, Related, RuleInfo
from cluster_stacks.model.metadata import LAYER_COMPONENT, Component
from cluster_stacks.model.stack import Layer
from cluster_stacks.versioning.change import StackChange, Status
from cluster_stacks.versioning.expected import VERSIONED, floor, is_right, version_of, wanted

LAYER_OF: dict[Component, Layer] = {component: layer for layer, component in LAYER_COMPONENT.items()}


def finding(rule: RuleInfo, change: StackChange, component: Component, message: str) -> Finding:
    """A finding on one version, where it stands, with the command that mends it."""
    assert change.head is not None
    version = wanted(change, component)
    if version:
        fix = Fix(f"set {component} to {version}", change.bump)
    else:  # a channel whose patches nobody can count
        fix = Fix(f"write the next {component}, or go to stable", change.bump.replace(" bump", " bump --promote", 1))
    return Finding.at(
        rule.id, rule.severity, message, change.stack.metadata_path, change.head.positions[component],
        related=_related(change, component), stack=str(change.stack), fix=fix, key=component.value,
    )


def _related(change: StackChange, component: Component) -> tuple[Related, ...]:
    """The first file that makes a bump necessary."""
    for layer, reason in change.layers.items():
        if reason.files and component in (Component.CLUSTER_STACK, LAYER_COMPONENT[layer]):
            key = reason.files[0]
            folder = change.stack.shared_path if key in reason.shared else change.stack.path
            return (Related(f"{folder}/{key}", message=f"{layer} changed"),)
    return ()


def standing_still(rule: RuleInfo, change: StackChange, component: Component) -> Iterator[Finding]:
    """One finding where a version stands where it stood although its content changed; not what another rule reports."""
    if _judged(change, component) and change.changed(component) and not _moved(change, component):
        yield finding(rule, change, component, f"{must_be(change, component)}: {change.reason(component)}")


def must_be(change: StackChange, component: Component) -> str:
    """`clusterStack must be v4`, or what to say where the next version cannot be computed."""
    version = wanted(change, component)
    return f"{component} must be {version}" if version else f"{component} must move on from {floor(change, component)}"


def is_collision(change: StackChange) -> bool:
    """Whether the stack's version is one that the target gave to another change since the merge base."""
    if change.status is not Status.CHANGED or change.head is None or change.tip is None:
        return False
    moved = change.base is None or change.tip.cluster_stack != change.base.cluster_stack
    taken = change.head.cluster_stack == change.tip.cluster_stack
    return moved and taken and not change.unreadable and change.changed(Component.CLUSTER_STACK)


def misstepped(change: StackChange, component: Component) -> bool:
    """Whether a version moved, as it had to, and not by one step."""
    return _judged(change, component) and change.changed(component) and _moved(change, component)


def moved_alone(change: StackChange, component: Component) -> bool:
    """Whether a version moved although its content did not change."""
    return _judged(change, component) and not change.changed(component)


def wrong(change: StackChange) -> list[Component]:
    """The versions that are not what they must be."""
    return [component for component in VERSIONED if not is_right(change, component)]


def _judged(change: StackChange, component: Component) -> bool:
    return change.status is Status.CHANGED and not is_collision(change) and not is_right(change, component)


def _moved(change: StackChange, component: Component) -> bool:
    """Whether it is another version than at the merge base; where the stack was not there, than at the tip."""
    assert change.head is not None
    before = change.base or change.tip
    return before is not None and version_of(change.head, component) != version_of(before, component)
