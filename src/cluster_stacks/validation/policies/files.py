"""Policies as files have them: read, checked against their schema, and compiled."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.near import near_names
from cluster_stacks.model.settings import SETTINGS_PATH
from cluster_stacks.runtime.data import data_dir
from cluster_stacks.validation.cel.places import field_path
from cluster_stacks.validation.cel.syntax import CelError
from cluster_stacks.validation.policies.policy import Expression, Match, Policy, PolicyRule, message, variable
from cluster_stacks.validation.rules.policy import BAD_POLICY

FOLDER = "policies"


@cache
def bundled() -> tuple[Policy, ...]:
    """The policies that come with the tool. Raises CannotTell where the installation lacks them."""
    found: list[Policy] = []
    for path in sorted(data_dir(FOLDER).glob("*.yaml")):
        found += (_policy(document) for document in load_documents(path.read_bytes(), f"{FOLDER}/{path.name}"))
    return tuple(found)


def load_policies(files: Iterable[tuple[str, bytes]], disabled: Collection[str] = ()) -> tuple[Policy, ...]:
    """The policies that hold: the bundled ones and those of files (path, bytes), less the disabled.

    One of a file replaces a bundled one of its name. Raises Refused with all that is wrong, at its line.
    """
    found: list[Finding] = []
    own: dict[str, Policy] = {}
    for path, data in files:
        try:
            documents = load_documents(data, path)
        except Refused as refused:
            found += refused.findings
            continue
        for document in documents:
            wrong, policy = _read(document)
            found += wrong
            if policy and own.setdefault(policy.name, policy) is not policy:
                found.append(_finding(document, ("name",), f"a second policy named {policy.name!r}"))
    policies = {**{policy.name: policy for policy in bundled()}, **own}
    found += (_unknown(name, policies) for name in disabled if name not in policies)
    if found:
        raise Refused(*found)
    return tuple(policy for name, policy in policies.items() if name not in disabled)


def _read(document: Document) -> tuple[list[Finding], Policy | None]:
    from cluster_stacks.documents.schema import check

    wrong = [dataclasses.replace(finding, rule=BAD_POLICY.id) for finding in check(document, "policy")]
    if wrong:
        return wrong, None
    policy = _policy(document)
    for expression in policy.expressions():
        program = expression.program
        if isinstance(program, CelError):
            at = f"line {program.line}, column {program.column}" if program.line > 1 else f"column {program.column}"
            text = f"the expression does not compile: {program} ({at} of it)"
            wrong.append(_finding(document, expression.place, text))
    return wrong, policy


def _policy(document: Document) -> Policy:
    value: dict[str, Any] = document.value
    match = value.get("match", {})
    return Policy(
        value["name"], document.path,
        Match(*(tuple(match.get(key, ())) for key in ("apiGroups", "kinds", "stacks", "layers"))),
        tuple(_rule(rule, ("rules", index)) for index, rule in enumerate(value["rules"])),
        tuple(
            (each["name"], variable(each["expression"], ("variables", index, "expression")))
            for index, each in enumerate(value.get("variables", ()))
        ),
        value.get("description", ""),
    )


def _rule(value: dict[str, Any], place: tuple[str | int, ...]) -> PolicyRule:
    said = value.get("messageExpression")
    return PolicyRule(
        Expression(value["expression"], (*place, "expression")),
        " ".join(str(value.get("message", "")).split()),
        message(said, (*place, "messageExpression")) if said else None,
        Severity(value.get("severity", "error")),
        field_path(value.get("fieldPath", "")) or (),
    )


def _unknown(name: str, known: Iterable[str]) -> Finding:
    near = near_names(name, known)
    text = f"policies.disabled names {name!r}, which is none: {f'did you mean {near[0]}?' if near else 'remove it'}"
    return Finding(BAD_POLICY.id, Severity.ERROR, text, path=SETTINGS_PATH, key=name)


def _finding(document: Document, place: tuple[str | int, ...], text: str) -> Finding:
    at = document.position(place)
    return Finding.at(BAD_POLICY.id, Severity.ERROR, text, document.path, at, key="/".join(map(str, place)))
