"""What becomes of releases after they were published: their state, and the folders of those that are gone for long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cluster_stacks.model.stack import StackId
from cluster_stacks.model.version import Version
from cluster_stacks.releases import layout
from cluster_stacks.releases.branch import Branch, Release
from cluster_stacks.releases.series import Series, Status
from cluster_stacks.repository.snapshot import CommitSnapshot


@dataclass(frozen=True, slots=True)
class Dropped:
    """Releases and units of node images whose folders go from the branch.

    Their numbers stay taken, unless they are `forgotten` too: that is for a preview, whose versions name their content.
    """

    releases: frozenset[Release] = frozenset()
    units: frozenset[Release] = frozenset()
    forgotten: bool = False

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that go."""
        return (
            *(layout.release_folder(*release) for release in sorted(self.releases)),
            *(layout.unit_folder(*unit) for unit in sorted(self.units)),
        )


NOTHING = Dropped()


def with_states(series: Mapping[StackId, Series], states: Mapping[Release, Status]) -> dict[StackId, Series]:
    """The series after something became of some of their versions, each of which one of them has."""
    result = dict(series)
    for (stack, version), status in states.items():
        result[stack] = result[stack].with_status(version, status)
    return result


def without_dropped(series: Mapping[StackId, Series], dropped: Dropped) -> dict[StackId, Series]:
    """The series after folders went; a series of which everything is forgotten goes too."""
    result = dict(series)
    for stack in {stack for stack, _ in (*dropped.releases, *dropped.units)}:
        versions, units = _of(stack, dropped.releases), _of(stack, dropped.units)
        if dropped.forgotten:
            result[stack] = result[stack].forgetting(versions, units)
        else:
            result[stack] = result[stack].without_folders(versions, units)
    return {stack: item for stack, item in result.items() if item.versions or item.images}


def owned_folders(series: Mapping[StackId, Series]) -> dict[str, str]:
    """Every folder of a release or a unit of node images that the branch has → the source commit that it is from."""
    owned: dict[str, str] = {}
    for stack, item in series.items():
        releases, units = (v for v in item.versions if not v.removed), (v for v in item.images if not v.removed)
        owned |= {f"{layout.release_folder(stack, v.version)}/": v.source_commit for v in releases}
        owned |= {f"{layout.unit_folder(stack, v.version)}/": v.source_commit for v in units}
    return owned


def dropped_files(branch: Branch, dropped: Dropped) -> dict[str, None]:
    """Every file of the folders that go: they are ours whole, as the index says."""
    folders = dropped.folders
    if not folders or branch.commit is None:
        return {}
    return dict.fromkeys(entry.path for entry in CommitSnapshot(branch.git, branch.commit).entries(*folders))


def unneeded_units(branch: Branch, gone: frozenset[Release]) -> frozenset[Release]:
    """The units of node images that no release on the branch names once the releases `gone` are.

    A yanked release names its unit too: its bytes stay, and what they name must stay with them.
    """
    kept = [
        (stack, item.version)
        for stack, series in branch.series.items()
        for item in series.versions
        if not item.removed and (stack, item.version) not in gone
    ]
    named = {(facts.stack, Version.parse(facts.images.unit)) for facts in branch.facts(kept) if facts.images}
    known = {
        (stack, unit.version) for stack, series in branch.series.items() for unit in series.images if not unit.removed
    }
    return frozenset(known - named)


def _of(stack: StackId, items: frozenset[Release]) -> frozenset[Version]:
    return frozenset(version for found, version in items if found == stack)
