"""The form of single files: metadata.yaml, overlay.yaml and the settings, as they are on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cluster_stacks.documents.syntax import remarks
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import SETTINGS_PATH
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.settling import problems_in
from cluster_stacks.repository.metadata import parse_metadata
from cluster_stacks.repository.overlay import parse_overlay
from cluster_stacks.repository.paths import METADATA, OVERLAY, place_of
from cluster_stacks.repository.settings import parse_settings


def check_files(repo: Path, paths: Sequence[Path]) -> list[Finding]:
    """What is wrong with the form of these files (relative to `repo`). Others are passed over.

    Raises CannotTell for a file that cannot be read.
    """
    found: list[Finding] = []
    for path in paths:
        name = path.as_posix().removeprefix("./")
        try:
            data = (repo / path).read_bytes()
        except OSError as error:
            raise CannotTell(f"cannot read {name}: {error.strerror}") from error
        try:
            _parse(name, data)
            found += remarks(data, name)
        except Refused as refused:
            found += refused.findings
    return found


def _parse(path: str, data: bytes) -> None:
    if path == SETTINGS_PATH:
        findings = problems_in(data, parse_settings(data, path), None)
        if findings:
            raise Refused(*findings)
    place = place_of(path)
    stack: StackId | None = place.stack if place else None
    if place is None or stack is None:
        return
    if place.key == METADATA:
        parse_metadata(data, path, stack)
    elif place.key == OVERLAY:
        parse_overlay(data, path, stack)
