"""Histories as real commits, and what the checker says of them in the words of the model."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from cluster_stacks.model.finding import Finding
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import GitRepo, new_repository
from versioning.model.history import Commit, Played

DEEP = 50 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 1
RULES = ("CS101", "CS102", "CS103", "CS104", "CS105", "CS106", "CS107")
_MUST = re.compile(r"(clusterStack|clusterAddon|nodeImage) (?:must (?:be|stay) |(must move on from ))?(v[\w.-]*\w)")


def examples(count: int) -> Callable[[Any], Any]:
    """So many examples of a property; fifty times as many with HYPOTHESIS_PROFILE=deep (and pytest --timeout 0)."""
    return settings(
        max_examples=count * DEEP, deadline=None, print_blob=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


class Scratch:
    """A repository that many examples share, one after the other; made anew now and then."""

    def __init__(self) -> None:
        self.repo = new_repository(Path(tempfile.mkdtemp()))
        self._used = 0

    def close(self) -> None:
        shutil.rmtree(self.repo.path)

    def commits(self, commits: Iterable[Commit]) -> list[str]:
        """Writes commits, and gives their ids in order."""
        self._used += 1
        if self._used % 200 == 0:
            self.close()
            self.repo = new_repository(self.repo.path)
        stream = b"".join([b"reset refs/heads/scratch\n", *map(_command, range(1, 1000), commits)])
        done = subprocess.run(
            ["git", "fast-import", "--quiet", "--force"], cwd=self.repo.path, input=stream, stdout=subprocess.PIPE,
            check=True,
        )
        return done.stdout.decode().split()

    def play(self, world: Played) -> tuple[str, str, str]:
        """Writes a world: the ids of its merge base, topic and main."""
        ids = self.commits(world.commits)
        return ids[world.base], ids[world.topic], ids[world.main]


def _command(number: int, commit: Commit) -> bytes:
    """A commit in the language of `git fast-import`, which answers with its id."""
    parents = zip((b"from", b"merge"), commit.parents, strict=False)
    return b"".join([
        b"commit refs/heads/scratch\nmark :%d\ncommitter A <a@example.invalid> %d +0000\ndata 0\n" % (number, number),
        *(b"%s :%d\n" % (word, parent + 1) for word, parent in parents),
        b"deleteall\n",
        *(_file(path, mode, data) for path, (mode, data) in sorted(commit.files.items())),
        b"\nget-mark :%d\n" % number,
    ])


def _file(path: str, mode: str, data: bytes) -> bytes:
    if mode == "160000":
        return b'M 160000 %s "%s"\n' % (data, os.fsencode(path))
    return b'M %s inline "%s"\ndata %d\n%s\n' % (mode.encode(), os.fsencode(path), len(data), data)


def said(findings: Iterable[Finding]) -> set[tuple[str, str, str | None, str]]:
    """(stack, component, version, rule) of findings of the rules of change; None: a version nobody can compute."""
    return {
        (f"providers/{finding.stack}", component, version, finding.rule)
        for finding in findings if finding.rule in RULES
        for component, version in _demands(finding.message)
    }


def _demands(message: str) -> list[tuple[str, str | None]]:
    first, _, others = message.partition("(then also ")
    match = _MUST.search(first)
    assert match, message
    return [(found[1], None if found[2] else found[3]) for found in (match, *_MUST.finditer(others))]


def asked(repo: GitRepo, head: str, target: str) -> list[Finding]:
    """What CI would be told of a branch that is to be merged into a target."""
    return list(check(repo.path, Question(base=target, head=head)).findings)
