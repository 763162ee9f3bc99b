"""The catalogue of a rendered branch as a page, with all that differs from release to release."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from cluster_stacks.model.errors import CannotTell
from cluster_stacks.operations.finding_releases import Offer, read_offer
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch
from cluster_stacks.releases.compare import ReleaseComparison, compare_releases
from cluster_stacks.releases.contents import Contents
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.releases.offered import Place, offered
from cluster_stacks.releases.published import read_published
from cluster_stacks.reporting.catalogue import page
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.runtime.files import put
from cluster_stacks.runtime.progress import track

PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class CatalogueResult:
    """What was written: the files, of how many live releases of how many stacks, and of which branch."""

    files: tuple[Path, ...]
    releases: int
    stacks: int
    branch: str


def write_catalogue(
    repo: Path, output: Path, *, branch: str | None = None, environment: str | None = None
) -> CatalogueResult:
    """Writes index.html and catalogue.json into the folder `output`, which is made where it is missing.

    The branch is read as the clone at `repo` knows it. Raises CannotTell where it knows none, or where the folder
    cannot be written; Refused for a branch that was damaged.
    """
    with read_offer(repo, branch, environment) as offer:
        facts = tuple(offer.branch.facts())
        provenance = (("Source commit", offer.branch.hydrator.get("drySha", "")), ("Commit", offer.branch.commit or ""))
        comparer = _Comparer(offer.branch)
        compared = {
            (old.name, new.name): comparer.compare(old, new)
            for old, new in track(_following(facts), "comparing", len(_following(facts)))
        }
        catalogue = offered(
            offer.branch.series, facts, Place(_url(offer), offer.name.removeprefix("origin/")),
            [(label, text) for label, text in provenance if text], lambda old, new: compared[old.name, new.name],
        )
        data = _file(offer.branch, layout.CATALOGUE)
    files = {PAGE: page(catalogue).encode(), layout.CATALOGUE: data}
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            put(output / name, content, 0o644)
    except OSError as error:
        raise CannotTell(f"{output} cannot be written: {error.strerror}") from error
    stacks = len({(item.stack.provider, item.stack.name) for item in facts})
    return CatalogueResult(tuple(output / name for name in files), len(facts), stacks, offer.name)


def _following(facts: tuple[ReleaseFacts, ...]) -> list[tuple[ReleaseFacts, ReleaseFacts]]:
    """Each live release with the one before it in its series."""
    return [(old, new) for old, new in pairwise(facts) if old.stack == new.stack]


class _Comparer:
    """Reads releases from the branch, each but once: the newer of one comparison is the older of the next."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._last: tuple[str, Contents] | None = None

    def compare(self, old: ReleaseFacts, new: ReleaseFacts) -> ReleaseComparison:
        before = self._last[1] if self._last and self._last[0] == old.name else self._read(old)
        after = self._read(new)
        self._last = (new.name, after)
        return compare_releases(before, after)

    def _read(self, facts: ReleaseFacts) -> Contents:
        return read_published(self._branch, facts.stack, facts.version)


def _url(offer: Offer) -> str:
    return offer.branch.hydrator.get("repoURL", "")


def _file(branch: Branch, path: str) -> bytes:
    entry = branch.entries[path]
    ((_, data),) = CommitSnapshot(branch.git, branch.commit or "HEAD").read([entry])
    return data
