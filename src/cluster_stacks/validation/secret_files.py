"""Keys and tokens in what is published beside objects: the files of addons' charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from cluster_stacks.documents.secrets import Hit, secrets_in
from cluster_stacks.model.finding import Finding, Fix, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.packed import BadArchive, unpack
from cluster_stacks.validation.rules.secret import rule_of

_ADDONS = "cluster-addon/"
_ARCHIVES = 50
"""Packed charts within a packed chart that are looked into."""
_FIX = Fix("Take the value out; or name the file in allowSecrets of the settings.")


def secret_findings(source: StackSource, release: Release, allowed: Sequence[str]) -> Iterator[Finding]:
    """What the charts of a release hold, at its line in the source where it stands there as it is.

    Of packed charts every file is looked at; those that cannot be read have a finding elsewhere. Other binary files are
    not looked into.
    """
    objects = {item.file for item in release.objects}
    for path in sorted(release.files):
        data = release.files[path]
        if not path.startswith(_ADDONS) or path in objects:
            continue
        if path.endswith(".tgz"):
            yield from _packed(source, path, data, allowed)
        if b"\0" in data[:8000]:
            continue
        file = source.files.get(path)
        place = file.path if file else path
        if any(fnmatchcase(place, pattern) for pattern in allowed):
            continue
        hits = {_key(hit): hit for hit in secrets_in(data.decode("utf-8", "replace"), decode=False)}
        lines = _lines(file.data if file else b"")
        for key, hit in hits.items():
            message = f"{hit.what}: take it out, and replace it: it is known now"
            yield Finding(
                rule_of(hit).id, Severity.ERROR, message, place, lines.get(key, 0), 1 if key in lines else 0,
                stack=str(source.stack), fix=_FIX, key=hit.what,
            )


def _packed(source: StackSource, path: str, data: bytes, allowed: Sequence[str]) -> Iterator[Finding]:
    file = source.files.get(path)
    place = file.path if file else path
    if any(fnmatchcase(place, pattern) for pattern in allowed):
        return
    for inside, what, rule in _hits(data):
        message = f"{what} in {inside} of this archive: take it out, and replace it: it is known now"
        yield Finding(
            rule, Severity.ERROR, message, place, stack=str(source.stack), fix=_FIX, key=f"{what} {inside}",
        )


@lru_cache(maxsize=32)  # many stacks vendor one chart
def _hits(data: bytes) -> tuple[tuple[str, str, str], ...]:
    """What the files of an archive hold: the path, what it is, and the rule that it is about."""
    found: dict[tuple[str, str, str], None] = {}
    waiting = [("", data)]
    opened = 0
    while waiting and opened < _ARCHIVES:
        above, packed = waiting.pop()
        opened += 1
        try:
            files = unpack(packed)
        except BadArchive:
            continue
        for inside, content in files.items():
            if inside.startswith("charts/") and inside.endswith(".tgz"):
                waiting.append((f"{above}{inside}/", content))
            elif b"\0" not in content[:8000]:
                for hit in secrets_in(content.decode("utf-8", "replace"), decode=False):
                    found[f"{above}{inside}", hit.what, rule_of(hit).id] = None
    return tuple(found)


def _lines(data: bytes) -> dict[tuple[str, bool], int]:
    """By what is found in a source file, the line of the first."""
    text = data.decode("utf-8", "replace")
    found: dict[tuple[str, bool], int] = {}
    for hit in secrets_in(text, decode=False):
        found.setdefault(_key(hit), text.count("\n", 0, hit.start) + 1)
    return found


def _key(hit: Hit) -> tuple[str, bool]:
    return hit.what, hit.is_key
