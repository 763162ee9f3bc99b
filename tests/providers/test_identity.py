"""What the versioning rules take for an addon's identity is what rendering gives it."""

from __future__ import annotations

from cluster_stacks.model.stack import StackId
from cluster_stacks.repository.effective import load_stack
from cluster_stacks.repository.git import Git
from cluster_stacks.repository.snapshot import CommitSnapshot
from cluster_stacks.versioning.addons import addon_files, identities
from cluster_stacks.versioning.identity import AddonIdentity
from gitrepo_plugin import GitRepo
from reference_stacks import Rendered


def test_sources_and_releases_agree(stacks_repo: GitRepo, rendered: Rendered) -> None:
    stack = StackId.parse(rendered.stack)
    assert stack
    source = load_stack(CommitSnapshot(Git.discover(stacks_repo.path)), stack)
    found = identities(addon_files(source.files), lambda file: file.data)
    assert found
    assert sorted(found) == sorted(
        AddonIdentity(addon["name"], addon["namespace"], addon["releaseName"]) for addon in rendered.facts["addons"]
    )
