"""The commit that a publish is made from, as the rendered branch tells of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cluster_stacks.repository.git import Git

_TRAILER = re.compile(r"Argocd-reference-commit-(author|sha|subject|body|repourl|date): (.*)", re.IGNORECASE)
_SPECIAL = re.compile(r'[()<>@,;:\\".\[\]]')
_FORMAT = "%H%x00%an%x00%ae%x00%aI%x00%s%x00%b"


@dataclass(frozen=True, slots=True)
class SourceCommit:
    """One commit. `date` is the author's, in ISO 8601; `references` are the commits that its own trailers name."""

    oid: str
    author: str
    date: str
    subject: str
    body: str
    references: tuple[Mapping[str, str], ...] = ()

    @property
    def short(self) -> str:
        return self.oid[:7]


def read_source(git: Git, oid: str) -> SourceCommit:
    """Reads a commit. Its texts are UTF-8, whatever the user's configuration says."""
    text = git.run("log", "-1", "--no-show-signature", "--encoding=UTF-8", "--no-mailmap", f"--format={_FORMAT}", oid)
    parts = text.decode("utf-8", "replace").split("\0")
    oid, name, email, date, subject = parts[:5]
    body = "\0".join(parts[5:]).strip("\n")
    return SourceCommit(oid, _address(name, email), date, subject, body, _references(body))


def hydrator_metadata(source: SourceCommit, repository_url: str) -> dict[str, object]:
    """The content of hydrator.metadata, which promotion tools for Argo CD read."""
    data: dict[str, object] = {"drySha": source.oid}
    if repository_url:
        data["repoURL"] = repository_url
    data |= {"author": source.author, "date": source.date, "subject": source.subject, "body": source.body}
    if source.references:
        data["references"] = [{"commit": dict(reference)} for reference in source.references]
    return data


def commit_message(
    source: SourceCommit, repository_url: str, *, title: str = "", trailers: Mapping[str, str] | None = None
) -> str:
    """`<sha7>: <subject>` and trailers that lead back to the source commit. No trailer has more than one line.

    With a `title` the message begins with it instead, and `trailers` stand before those of the source.
    """
    subject = " ".join(source.subject.split()) or "(no message)"
    told = {
        "author": source.author, "sha": source.oid, "subject": subject,
        "body": json.dumps(source.body, ensure_ascii=False) if source.body else "",
        "repourl": repository_url, "date": source.date,
    }
    every = {**(trailers or {}), **{f"Argocd-reference-commit-{key}": value for key, value in told.items()}}
    lines = [f"{key}: {' '.join(value.split())}" for key, value in every.items() if value]
    return f"{' '.join(title.split()) or f'{source.short}: {subject}'}\n\n" + "\n".join(lines) + "\n"


def _address(name: str, email: str) -> str:
    """A name and an address as RFC 5322 writes them."""
    if _SPECIAL.search(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{email}>" if name else f"<{email}>"


def _references(body: str) -> tuple[Mapping[str, str], ...]:
    """The code commit that the trailers of a source commit name, if they do."""
    keys = {"repourl": "repoURL"}
    found: dict[str, str] = {}
    for line in body.rpartition("\n\n")[2].splitlines():
        match = _TRAILER.fullmatch(line)
        if match:
            key = match[1].lower()
            found[keys.get(key, key)] = _json_text(match[2]) if key == "body" else match[2]
    return (found,) if "sha" in found else ()


def _json_text(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, str) else text
