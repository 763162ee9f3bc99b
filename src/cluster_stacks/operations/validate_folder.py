"""The objects in any folder, such as a rendered branch, against the schemas of their kinds."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cluster_stacks.documents.yaml import Document, load_documents
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Related
from cluster_stacks.model.stack import MINOR
from cluster_stacks.operations.schemas import own_folders, settings_of
from cluster_stacks.operations.validate import ValidateResult, engine_name
from cluster_stacks.validation.engines import choose
from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.store import minors
from cluster_stacks.validation.validate import Verdict, validate

SUFFIXES = (".yaml", ".yml", ".json")
CHART = "Chart.yaml"
KUSTOMIZE = "kustomize.config.k8s.io/"


@dataclass(slots=True)
class _Found:
    """The documents of a folder by the Kubernetes minor that they are for, and what is not judged."""

    documents: dict[str, list[Document]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    files: int = 0
    others: int = 0


def validate_folder(
    repo: Path, folder: Path, *, engine: str | None = None, capi: str | None = None, kubernetes: str | None = None
) -> ValidateResult:
    """Judges every object in the YAML and JSON files of a folder, or of one file.

    Objects are for the Kubernetes minor `kubernetes`, else for the one that a folder on their path names (`1-36`), else
    for the newest that there are schemas of. Charts are left out, and so are kustomizations and documents that do not
    claim to be objects (neither apiVersion nor kind): notes say so. Raises CannotTell, and Refused for schemas or
    settings that cannot be used.
    """
    settings = settings_of(repo)
    wanted = engine or settings.engine
    engines = choose(wanted, settings)
    found, own = _read(folder, kubernetes), own_folders(repo)
    findings, notes, count, judged = found.findings, _notes(found), 0, dict[str, int]()
    for minor, documents in sorted(found.documents.items()):
        objects = [Judged(d.value, d.path, scope=os.path.dirname(d.path), line=d.line) for d in documents]  # noqa: PTH120
        verdict = validate(objects, kubernetes=minor, engine=wanted, settings=settings, folders=own, capi=capi)
        findings += _placed(verdict, documents)
        notes += verdict.notes
        count += verdict.documents
        judged = {name: judged.get(name, 0) + number for name, number in verdict.judged.items()}
    findings.sort(key=lambda finding: finding.sort_key)
    return ValidateResult(
        tuple(findings), count, judged, engine_name(engines), tuple(dict.fromkeys(notes)), files=found.files,
        read=_read_file,
    )


def _placed(verdict: Verdict, documents: Sequence[Document]) -> Iterator[Finding]:
    for finding, problem in zip(verdict.findings, verdict.problems, strict=True):
        at = documents[problem.document].position(problem.pointer, problem.on_key)
        related = finding.related
        if problem.other is not None:
            other = documents[problem.other]
            there = other.position(("metadata", "name"))
            related = (Related(other.path, there.line, there.column, "the first one"),)
        yield dataclasses.replace(
            finding, line=at.line, column=at.column, end_line=at.end_line, end_column=at.end_column, related=related
        )


def _read(folder: Path, kubernetes: str | None) -> _Found:
    if not folder.exists():
        raise CannotTell(f"there is no {folder}")
    found = _Found()
    alone = folder.is_file()
    for path in [folder] if alone else _files(folder, found.charts):
        found.files += 1
        try:
            documents = load_documents(path.read_bytes(), str(path))
        except Refused as refused:
            found.findings += refused.findings
            continue
        objects = [document for document in documents if alone or _is_meant(document.value)]
        found.others += len(documents) - len(objects)
        if objects:
            found.documents.setdefault(kubernetes or _minor(path), []).extend(objects)
    return found


def _files(folder: Path, charts: list[str]) -> Iterator[Path]:
    """The files to read, in order; charts are noted instead. Links and hidden folders are not followed."""
    for place, folders, files in os.walk(folder):
        if CHART in files:
            charts.append(place)
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if path.suffix in SUFFIXES and not path.is_symlink():
                yield path


def _is_meant(value: object) -> bool:
    """Whether a document claims to be an object of the API server: whatever names a kind, or is no mapping at all.

    An apiVersion alone is that of a stack's metadata.yaml or clusteraddon.yaml, which other rules judge.
    """
    if not isinstance(value, dict):
        return True
    return "kind" in value and not str(value.get("apiVersion", "")).startswith(KUSTOMIZE)


def _minor(path: Path) -> str:
    named = [part.replace("-", ".") for part in path.parts if MINOR.fullmatch(part)]
    return named[-1] if named else minors()[-1]


def _notes(found: _Found) -> list[str]:
    notes = []
    if found.charts:
        names = sorted({Path(chart).name for chart in found.charts})
        notes.append(f"{len(found.charts)} charts are not inflated, their objects not judged: {', '.join(names)}")
    if found.others:
        notes.append(f"{found.others} documents are no objects (kustomizations, values …) and were not judged")
    return notes


def _read_file(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None
