"""What is published is verified, what is not is rendered, and once is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.release import Release
from cluster_stacks.model.stack import StackId
from cluster_stacks.publishing.objects import ObjectWriter
from cluster_stacks.publishing.supply import Judged, Supplier
from cluster_stacks.publishing.verify import Candidate
from cluster_stacks.releases.branch import read_branch

Make = Callable[..., Any]
WARNING = Finding("CS400", Severity.WARNING, "might be better")
ERROR = Finding("CS400", Severity.ERROR, "is wrong")


class Kitchen:
    """Serves releases, and counts how often each is asked for."""

    def __init__(self, *releases: Release, findings: Sequence[Finding] = ()) -> None:
        self.releases = {release.stack: release for release in releases}
        self.asked: list[StackId] = []
        self.findings = tuple(findings)

    @property
    def candidates(self) -> list[Candidate]:
        return [
            Candidate(r.stack, r.metadata, str(r.facts["sourceDigest"]), "sha256:u") for r in self.releases.values()
        ]

    def __call__(self, stacks: Sequence[StackId]) -> Iterable[Judged]:
        for stack in stacks:
            self.asked.append(stack)
            yield Judged(self.releases[stack], self.findings)


def test_only_what_the_branch_lacks_is_rendered_and_only_once(repo: Any, release: Make) -> None:
    old, new = release(), release("docker/scs/1-37", content="new")
    repo.publish([old])
    branch, writer = read_branch(repo.ask, repo.git("rev-parse", "rendered")), ObjectWriter(repo.ask)
    kitchen = Kitchen(old, new)
    supply = Supplier(lambda _: kitchen.candidates, kitchen)
    for _ in range(2):
        assert [item.stack for item in supply(branch, writer)] == [new.stack]
    assert kitchen.asked == [new.stack]
    assert [item.stack for item in supply(read_branch(repo.ask, None), writer)] == [new.stack, old.stack]
    assert kitchen.asked == [new.stack, old.stack]


def test_other_content_is_found_before_anything_is_rendered(repo: Any, release: Make) -> None:
    repo.publish([release(unit="v1")])
    branch = read_branch(repo.ask, repo.git("rev-parse", "rendered"))
    kitchen = Kitchen(release(content="other", unit="v1"), release("docker/scs/1-37", content="new"))
    candidates = [Candidate(c.stack, c.metadata, c.source_digest, "sha256:other") for c in kitchen.candidates]
    with pytest.raises(Refused) as caught:
        Supplier(lambda _: candidates, kitchen)(branch, ObjectWriter(repo.ask))
    assert [finding.rule for finding in caught.value.findings] == ["CS561", "CS562"]
    assert kitchen.asked == []


def test_every_error_is_told_and_none_staged(repo: Any, release: Make) -> None:
    kitchen = Kitchen(release(), release("docker/scs/1-37", content="new"), findings=[WARNING, ERROR])
    supply = Supplier(lambda _: kitchen.candidates, kitchen)
    with pytest.raises(Refused) as caught:
        supply(read_branch(repo.ask, None), ObjectWriter(repo.ask))
    assert caught.value.findings == (ERROR, ERROR)


def test_warnings_stop_nothing(repo: Any, release: Make) -> None:
    kitchen = Kitchen(release(), findings=[WARNING])
    supply = Supplier(lambda _: kitchen.candidates, kitchen)
    assert len(supply(read_branch(repo.ask, None), ObjectWriter(repo.ask))) == 1
    assert supply.remarks == (WARNING,)
