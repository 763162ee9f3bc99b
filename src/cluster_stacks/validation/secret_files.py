"""Keys and tokens in what is published beside objects: the files of addons' charts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from cluster_stacks.documents.secrets import Hit, secrets_in
from cluster_stacks.model.finding import Finding, Fix, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.validation.rules.secret import rule_of

_ADDONS = "cluster-addon/"
_FIX = Fix("Take the value out; or name the file in allowSecrets of the settings.")


def secret_findings(source: StackSource, release: Release, allowed: Sequence[str]) -> Iterator[Finding]:
    """What the charts of a release hold, at its line in the source where it stands there as it is.

    Packed charts and other binary files are not looked into.
    """
    objects = {item.file for item in release.objects}
    for path in sorted(release.files):
        data = release.files[path]
        if not path.startswith(_ADDONS) or path in objects or b"\0" in data[:8000]:
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


def _lines(data: bytes) -> dict[tuple[str, bool], int]:
    """By what is found in a source file, the line of the first."""
    text = data.decode("utf-8", "replace")
    found: dict[tuple[str, bool], int] = {}
    for hit in secrets_in(text, decode=False):
        found.setdefault(_key(hit), text.count("\n", 0, hit.start) + 1)
    return found


def _key(hit: Hit) -> tuple[str, bool]:
    return hit.what, hit.is_key
