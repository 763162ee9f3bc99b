"""One part of a publish, rendered and judged by a job of its own, and the parts put together again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from cluster_stacks import __version__
from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.judged_releases import judged_releases
from cluster_stacks.operations.plan import lacking
from cluster_stacks.publishing.bundle import Bundled, BundleReader, Header, write_bundle
from cluster_stacks.publishing.rules import BUNDLES
from cluster_stacks.publishing.shards import Shard, shard_of
from cluster_stacks.publishing.supply import Judged
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.settings import load_settings
from cluster_stacks.repository.snapshot import CommitSnapshot, read_path
from cluster_stacks.repository.stacks import discover


@dataclass(frozen=True, slots=True)
class ShardResult:
    """How many releases were written into the bundle; none, and no file, where `findings` has an error."""

    releases: int = 0
    findings: tuple[Finding, ...] = ()
    read: Callable[[str], bytes | None] = field(default=lambda _: None, compare=False, repr=False)


def render_shard(
    repo: Path, shard: Shard, output: Path, *, head: str = "HEAD", branch: str | None = None, every: bool = False
) -> ShardResult:
    """Renders and judges the releases of one shard that the branch lacks, as `plan` tells, into the file `output`.

    The file is there whole or not at all. Raises CannotTell where it cannot be written.
    """
    git = Git.discover(repo)
    try:
        snapshot = CommitSnapshot(git, git.commit(head))
        settings = load_settings(snapshot)
        stacks = [stack for stack in discover(snapshot).stacks if shard.holds(stack)]
        todo = stacks if every else lacking(snapshot, stacks, settings, branch)
        findings: list[Finding] = []
        releases = _releases(judged_releases(snapshot, settings, todo), findings)
        count = _write(output, Header(snapshot.revision, shard, __version__), releases, findings)
        return ShardResult(count, tuple(dict.fromkeys(findings)), partial(read_path, snapshot))
    finally:
        git.close()


def _releases(judged: Iterator[Judged], findings: list[Finding]) -> Iterator[Bundled]:
    """The releases that are right. What was found goes to `findings`."""
    for item in judged:
        findings += item.findings
        if item.release is not None and not _has_error(item.findings):
            yield Bundled(item.release, item.findings)


def _has_error(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _write(output: Path, header: Header, releases: Iterator[Bundled], findings: list[Finding]) -> int:
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}-")
    except OSError as error:
        raise CannotTell(f"cannot write {output}: {error.strerror}") from error
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            binary: BinaryIO = file
            count = write_bundle(binary, header, releases)
        if _has_error(findings):
            return 0
        new.chmod(0o644)
        new.replace(output)
        return count
    finally:
        new.unlink(missing_ok=True)


class Bundles:
    """The bundles of one publish: callable as supply.Render, giving what they hold instead of rendering it."""

    def __init__(self, paths: Sequence[Path], source: str) -> None:
        """Raises Refused for bundles that do not belong together or to the commit `source`, with all there is."""
        self._readers = [BundleReader(path) for path in paths]
        findings = [*self._strangers(paths, source), *self._doubled(paths)]
        if findings:
            raise Refused(*findings)

    def __call__(self, stacks: Sequence[StackId]) -> Iterator[Judged]:
        """The releases of `stacks`, in the order of the bundles. Raises Refused where one of them is in none."""
        wanted = set(stacks)
        seen: set[StackId] = set()
        for reader in self._readers:
            for item in reader.releases():
                stack = item.release.stack
                if stack not in wanted - seen or not reader.header.shard.holds(stack):
                    continue
                seen.add(stack)
                yield Judged(item.release, item.remarks)
        if missing := sorted(wanted - seen, key=lambda stack: stack.sort_key):
            raise Refused(*self._missing(missing))

    def _strangers(self, paths: Sequence[Path], source: str) -> Iterator[Finding]:
        counts = {reader.header.shard.of for reader in self._readers}
        for path, reader in zip(paths, self._readers, strict=True):
            header = reader.header
            if header.source != source:
                yield _finding(f"{path} was made from commit {header.source[:7]}, and this is {source[:7]}")
            if header.tool != __version__:
                yield _finding(f"{path} was made by cluster-stacks {header.tool}, and this is {__version__}")
        if len(counts) > 1:
            yield _finding(f"the bundles are of different splits ({', '.join(map(str, sorted(counts)))} shards)")

    def _doubled(self, paths: Sequence[Path]) -> Iterator[Finding]:
        seen: dict[Shard, Path] = {}
        for path, reader in zip(paths, self._readers, strict=True):
            first = seen.setdefault(reader.header.shard, path)
            if first is not path:
                both = f"{path} is given twice" if path == first else f"{first} and {path} are both"
                yield _finding(f"{both}: shard {reader.header.shard} is to be given once")

    def _missing(self, stacks: Sequence[StackId]) -> Iterator[Finding]:
        count = self._readers[0].header.shard.of if self._readers else 1
        given = {reader.header.shard.number for reader in self._readers}
        for stack in stacks:
            number = shard_of(stack, count)
            why = "its bundle lacks it: render that shard again" if number in given else "no bundle of it was given"
            command = f"cluster-stacks render --shard {number}/{count} -o FILE"
            yield _finding(f"{stack} is of shard {number}/{count}, and {why} (`{command}`)", str(stack))


def _finding(message: str, stack: str = "") -> Finding:
    return Finding(BUNDLES.id, Severity.ERROR, message, stack=stack, key=message)
