"""Secrets in what generators deliver: what a release holds was judged when it was rendered, this is new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from cluster_stacks.documents.secrets import secrets_in
from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity

_SECRET = re.compile(rb"^kind:[ \t]*[\"']?Secret\b", re.MULTILINE)


def require_no_secrets(files: Mapping[str, bytes | str], allowed: Sequence[str]) -> None:
    """Raises Refused where new files of a delivery (those given as bytes) hold a Secret with data, a key or a token."""
    findings = [
        finding
        for path, data in files.items()
        if isinstance(data, bytes) and not any(fnmatchcase(path, pattern) for pattern in allowed)
        for finding in _found(path, data, allowed)
    ]
    if findings:
        raise Refused(*findings)


def _found(path: str, data: bytes, allowed: Sequence[str]) -> Iterator[Finding]:
    found = {(hit.what, hit.is_key): hit for hit in secrets_in(data.decode("utf-8", "replace"))}
    if not found and not _SECRET.search(data):
        return
    # All rules come with these two, and next to no delivery asks for them.
    from cluster_stacks.validation.problem import Item
    from cluster_stacks.validation.rules import secret

    for hit in found.values():
        yield _finding(secret.rule_of(hit).id, f"{hit.what} in {path}, which a generator makes: take it out", path)
    if not _SECRET.search(data):
        return
    for document in load_documents(data, path):
        if isinstance(document.value, Mapping) and document.value.get("kind") == "Secret":
            for problem in secret.check([Item(0, (), document.value)], allowed):
                yield _finding(problem.rule, problem.message, path)


def _finding(rule: str, message: str, path: str) -> Finding:
    return Finding(rule, Severity.ERROR, message, path, key=message)
