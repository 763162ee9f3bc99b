"""A workload's selector finds its own pods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import annotations_problems, label_key, label_value, labels_problems
from cluster_stacks.validation.rules.api.parts import POD_SPECS, Fields, entries, fields, text
from cluster_stacks.validation.rules.context import Context

RULE = RuleInfo(
    "CS429", "bad-workload", "a workload that the API server refuses",
    "The selector of a Deployment, DaemonSet, StatefulSet or ReplicaSet is not empty and matches the labels of its pod "
    "template, and its pods are restarted always; those of a Job or a CronJob OnFailure or Never. The template's "
    "labels and annotations follow the rules of an object's own.",
    source="Kubernetes: apps and batch validation; apimachinery: ValidateLabelSelector",
)
_CONTROLLERS = frozenset({"Deployment", "DaemonSet", "StatefulSet", "ReplicaSet"})
_OPERATORS = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}


def check(context: Context) -> Iterator[Problem]:
    """Finds selectors, restart policies and templates' metadata that do not fit."""
    for item, info in context.known():
        at = POD_SPECS.get((info.group, info.kind)) if info.minor else None
        if at is None or info.kind == "Pod":
            continue
        template = at[:-1]
        found = [*_metadata(fields(item.value, *template), template), *_restart(item.value, at, info.kind)]
        if info.kind in _CONTROLLERS:
            found += _selector(item.value, fields(item.value, *template, "metadata", "labels"))
        for pointer, message in found:
            yield Problem(item.document, RULE.id, message, (*item.prefix, *pointer), item=item)


def _metadata(template: Fields, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    metadata = fields(template, "metadata")
    yield from labels_problems(metadata.get("labels"), (*at, "metadata", "labels"))
    yield from annotations_problems(metadata.get("annotations"), (*at, "metadata", "annotations"))


def _restart(value: Fields, at: Pointer, kind: str) -> Iterator[tuple[Pointer, str]]:
    spec = fields(value, *at)
    policy = text(spec, "restartPolicy")
    if not spec:
        return
    if kind in ("Job", "CronJob"):
        if policy not in ("OnFailure", "Never"):
            said = f"not {policy[:80]!r}" if policy else "and has no default that a Job could have"
            yield (*at, "restartPolicy"), f"the restartPolicy of a {kind} is OnFailure or Never, {said}"
    elif policy not in ("", "Always") and kind != "PodTemplate":
        yield (*at, "restartPolicy"), f"the restartPolicy of a {kind} is Always, not {policy[:80]!r}"


def _selector(value: Fields, labels: Fields) -> Iterator[tuple[Pointer, str]]:
    selector = fields(value, "spec").get("selector")
    at = ("spec", "selector")
    if not isinstance(selector, Mapping):
        return  # the schema requires it
    yield from selector_problems(selector, at)
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        yield at, "the selector is empty: it must match the labels of the pod template"
        return
    for key, wanted in fields(selector, "matchLabels").items():
        if isinstance(wanted, str) and labels.get(key) != wanted:
            message = f"the pod template has no label {key[:80]}: {wanted[:80]}, so the selector never matches its pods"
            yield (*at, "matchLabels", key), message
    for index, wanted in entries(selector, "matchExpressions"):
        if not _matches(wanted, labels):
            message = "the labels of the pod template do not fit, so the selector never matches its pods"
            yield (*at, "matchExpressions", index), message


def _matches(wanted: Fields, labels: Fields) -> bool:
    key, operator, values = text(wanted, "key"), text(wanted, "operator"), wanted.get("values")
    values = values if isinstance(values, list) else []
    if operator == "In":
        return labels.get(key) in values
    if operator == "NotIn":
        return labels.get(key) not in values
    return (key in labels) == (operator == "Exists") if operator in _OPERATORS else True


def selector_problems(selector: Fields, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    """What is wrong with a label selector by itself."""
    for key, value in fields(selector, "matchLabels").items():
        wrong = label_key(key) or (label_value(value) if isinstance(value, str) else "")
        if wrong:
            yield (*at, "matchLabels", key), f"the label {key[:80]!r} {wrong}"
    for index, wanted in entries(selector, "matchExpressions"):
        here = (*at, "matchExpressions", index)
        operator, values = text(wanted, "operator"), wanted.get("values")
        if "operator" not in wanted:
            continue  # the schema says it
        if operator not in _OPERATORS:
            yield (*here, "operator"), f"{operator[:80]!r} is no operator: use In, NotIn, Exists or DoesNotExist"
        elif _OPERATORS[operator] != bool(values):
            yield here, f"{operator} {'asks for values' if _OPERATORS[operator] else 'has no values'}"
        if "key" in wanted and (wrong := label_key(text(wanted, "key"))):
            yield (*here, "key"), f"the label {text(wanted, 'key')[:80]!r} {wrong}"
