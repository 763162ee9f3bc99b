"""The files of the rendered branch, in a folder of the user's."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.choosing import Chosen, choose
from cluster_stacks.operations.generating import generations
from cluster_stacks.operations.rendered import map_rendered, whole
from cluster_stacks.publishing.deliver import Generation
from cluster_stacks.releases import layout
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.repository.effective import load_stacks
from cluster_stacks.repository.snapshot import read_path


@dataclass(frozen=True, slots=True)
class RenderedFolder:
    """A folder that was written: a release, a unit of node images, or a delivery. `path` is its path on the branch."""

    path: str
    files: int
    stack: StackId | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What was written; nothing where there are findings. `read` gives a source file by its path, for snippets."""

    folders: tuple[RenderedFolder, ...]
    findings: tuple[Finding, ...]
    read: Callable[[str], bytes | None]


def render_tree(
    repo: Path, patterns: Sequence[str], output: Path, *,
    head: str | None = None, staged: bool = False,
) -> RenderResult:
    """Renders the stacks that `patterns` mean (none: all) below `output`; each release is a folder that is replaced.

    The generators that settings enable deliver what was rendered, and nothing else that a branch may have. All is made
    before anything is put in place: with one finding, nothing is written. What else stands in `output` stays as it is.
    Raises CannotTell where a folder in the way was not written by this command.
    """
    with choose(repo, patterns, head=head, staged=staged) as chosen, _staging(output) as staging:
        folders, findings = _render(chosen, staging)
        if not findings:
            rendered_before = (output / layout.RELEASES).is_dir()
            for folder in folders:
                if folder.stack is not None or not rendered_before:
                    _check_free(output / folder.path)
            for folder in folders:
                _put(staging / folder.path, output / folder.path)
        sources = {finding.path: read_path(chosen.snapshot, finding.path) for finding in findings if finding.path}
        return RenderResult(() if findings else folders, findings, partial(_get, sources))


def _render(chosen: Chosen, staging: Path) -> tuple[tuple[RenderedFolder, ...], tuple[Finding, ...]]:
    folders: list[RenderedFolder] = []
    findings = list(chosen.findings)
    facts: list[ReleaseFacts] = []
    sources = load_stacks(chosen.snapshot, chosen.stacks)
    for outcome in map_rendered(sources, chosen.settings, whole, total=len(chosen.stacks)):
        findings += outcome.findings
        if outcome.result is not None and not findings:
            folders += _write_release(outcome.result, staging)
            facts.append(ReleaseFacts.from_json(outcome.result.facts, layout.RELEASE_FILE))
    if facts and not findings:
        for generation in generations(chosen.snapshot, chosen.settings):
            folders.append(_write_delivery(generation, facts, staging))
    return tuple(folders), tuple(findings)


def _write_release(release: Release, staging: Path) -> Iterator[RenderedFolder]:
    path = layout.release_folder(release.stack, release.metadata.cluster_stack)
    _write(staging / path, release.files)
    yield RenderedFolder(path, len(release.files), release.stack, release.notes)
    if release.images is not None:
        unit = layout.unit_folder(release.stack, release.images.version)
        _write(staging / unit, release.images.files)
        yield RenderedFolder(unit, len(release.images.files), release.stack)


def _write_delivery(generation: Generation, facts: Sequence[ReleaseFacts], staging: Path) -> RenderedFolder:
    path = layout.delivery_folder(generation.name)
    files = {file.path: file.data for file in generation.run(facts, ())}
    _write(staging / path, files)
    return RenderedFolder(path, len(files))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@contextmanager
def _staging(output: Path) -> Iterator[Path]:
    """A folder beside what it becomes, so that putting it in place is a rename. Gone at the end, whatever happens."""
    if output.exists() and not output.is_dir():
        raise CannotTell(f"{output} is a file: name a folder with -o")
    made = [path for path in (output, *output.parents) if not path.exists()]
    output.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".cluster-stacks-", dir=output) as staging:
            yield Path(staging)
    finally:
        for path in made:  # nothing was written: leave no empty folder behind
            if not any(path.iterdir()):
                path.rmdir()


_MARKS = (layout.RELEASE_FILE, layout.IMAGE_FILE, "kustomization.yaml")


def _check_free(place: Path) -> None:
    """Raises CannotTell where something is in the way that may be anybody's."""
    ours = place.is_dir() and any((place / mark).is_file() for mark in _MARKS)
    if place.is_symlink() or (place.exists() and not ours):
        raise CannotTell(f"{place} was not written by `cluster-stacks render`: move it away, or name another folder")


def _put(staged: Path, place: Path) -> None:
    if place.exists():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    staged.rename(place)


def _get(sources: Mapping[str, bytes | None], path: str) -> bytes | None:
    return sources.get(path)
