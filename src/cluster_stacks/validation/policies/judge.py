"""Policies on objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.cel.programs import Program
from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.index import split_api_version
from cluster_stacks.validation.policies.policy import Expression, Policy, PolicyRule
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.policy import BAD_POLICY, BROKEN
from cluster_stacks.validation.texts import texts_of

if TYPE_CHECKING:
    from cluster_stacks.model.release import Release

Facts = Mapping[str, object]
_NAMES = frozenset({"apiVersion", "kind", "metadata"})
_LONG = 4
"""Shorter texts stand in messages by chance."""
_LAYERS = {"cluster-class": "class", "cluster-addon": "addon", "node-images": "images"}


def problems(items: Sequence[Item], policies: Sequence[Policy], release: Release | None = None) -> Iterator[Problem]:
    """What objects break of policies. Without a release `stack` and `release` are empty."""
    stack, made = _facts(release)
    for item in items:
        group, layer = split_api_version(item.api_version)[0], _layer(item)
        for policy in policies:
            if policy.match.is_for(group, item.kind, layer, str(stack.get("id", ""))):
                yield from _judged(item, policy, stack, made)


def _facts(release: Release | None) -> tuple[Facts, Facts]:
    """What expressions see of the stack and of its release."""
    if release is None:
        return {}, {}
    stack, versions = release.stack, release.metadata
    return (
        {"id": str(stack), "provider": stack.provider, "name": stack.name, "kubernetes": stack.kubernetes_minor},
        {
            "name": release.name, "clusterStack": str(versions.cluster_stack), "kubernetes": str(versions.kubernetes),
            "clusterAddon": str(versions.cluster_addon or ""), "nodeImage": str(versions.node_image or ""),
        },
    )


def _layer(item: Item) -> str:
    """The layer that an object is of, by the folder that it stands in."""
    return next((_LAYERS[part] for part in item.scope.split("/") if part in _LAYERS), "")


def _judged(item: Item, policy: Policy, stack: Facts, release: Facts) -> Iterator[Problem]:
    variables: dict[str, object] = {}
    values = (item.value, stack, release, variables)
    for name, expression in policy.variables:
        try:
            variables[name] = _value(expression, values)
        except EvaluationError as error:
            yield _unevaluated(item, policy, error)
            return
    for rule in policy.rules:
        try:
            if _value(rule.expression, values) is True:
                continue
        except EvaluationError as error:
            yield _unevaluated(item, policy, error)
            continue
        said = _said(rule, values)
        place = rule.field_path or _repeated(said, item)
        text = f"{said} (policy {policy.name})"
        yield Problem(item.document, BROKEN.id, text, (*item.prefix, *place), severity=rule.severity, item=item)


def _repeated(message: str, item: Item) -> Pointer:
    """The field whose text a message repeats, the longest of several: `name a version of kindest/node:latest`."""
    texts = (found for found in texts_of(item.value) if found[0][0] not in _NAMES and len(found[1]) >= _LONG)
    return max((found for found in texts if found[1] in message), key=lambda found: len(found[1]), default=((), ""))[0]


def _value(expression: Expression, values: tuple[object, ...]) -> object:
    program = expression.program
    assert isinstance(program, Program), "policies that do not compile are refused where they are read"
    return program.run(*values)


def _said(rule: PolicyRule, values: tuple[object, ...]) -> str:
    if rule.message_expression:
        try:
            said = " ".join(str(_value(rule.message_expression, values)).split())
        except EvaluationError:
            said = ""
        if said:
            return said[:1000]
    return rule.message or f"the expression is false: {' '.join(rule.expression.text.split())[:200]}"


def _unevaluated(item: Item, policy: Policy, error: EvaluationError) -> Problem:
    text = f"policy {policy.name} of {policy.path} cannot be evaluated on this object: {error}"
    return Problem(item.document, BAD_POLICY.id, text, item.prefix, severity=Severity.ERROR, item=item)
