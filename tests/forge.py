"""A repository on GitHub, as far as its runs see one: a bare repository, and the events of what happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitrepo_plugin import Files, GitRepo, new_repository
from workflow_runner import REPOSITORY, Event

NOTHING = "0" * 40


@dataclass
class Forge:
    """`repo` is what everyone sees; a topic is an edit on top of main, or of another commit."""

    repo: GitRepo

    @property
    def main(self) -> str:
        return self.repo.git("rev-parse", "main")

    def topic(self, files: Files, parent: str = "main", name: str = "topic") -> str:
        return self.repo.commit(files, branch=name, parent=parent)

    def merge(self, head: str, into: str = "main") -> str:
        """The commit that joins both, on no branch."""
        tree = self.repo.git("merge-tree", "--write-tree", into, head).splitlines()[0]
        return self.repo.git("commit-tree", tree, "-p", into, "-p", head, "-m", "Merge")

    def pull_request(self, head: str, *, action: str = "synchronize", fork: bool = False, number: int = 7) -> Event:
        """A run for a pull request is for its merge with the target, which the forge keeps in a ref of its own."""
        merged, ref = self.merge(head), f"refs/pull/{number}/merge"
        self.repo.git("update-ref", ref, merged)
        pull = {
            "number": number, "state": "open", "base": {"ref": "main", "sha": self.main},
            "head": {"ref": "topic", "sha": head, "repo": {"full_name": "somebody/stacks" if fork else REPOSITORY}},
        }
        return Event("pull_request", merged, ref, self.payload(action=action, pull_request=pull), "main")

    def merge_group(self, head: str, onto: str = "") -> Event:
        """A queue builds on main, or on what stands before in the queue."""
        onto = onto or self.main
        merged = self.merge(head, onto)
        ref = f"refs/heads/gh-readonly-queue/main/pr-7-{onto}"
        self.repo.git("update-ref", ref, merged)
        group = {"base_sha": onto, "base_ref": "refs/heads/main", "head_sha": merged, "head_ref": ref}
        return Event("merge_group", merged, ref, self.payload(merge_group=group))

    def push(self, commit: str, branch: str = "main", *, before: str = "") -> Event:
        """Moves a branch, by force where it must be."""
        ref = f"refs/heads/{branch}"
        before = before or self.repo.git("rev-parse", "--verify", "--quiet", ref, ok=None) or NOTHING
        self.repo.git("update-ref", ref, commit)
        return Event("push", commit, ref, self.payload(ref=ref, before=before, after=commit))

    def tag(self, name: str) -> Event:
        self.repo.git("tag", name, "main")
        ref = f"refs/tags/{name}"
        return Event("push", self.main, ref, self.payload(ref=ref, before=NOTHING, after=self.main))

    def dispatch(self) -> Event:
        return Event("workflow_dispatch", self.main, "refs/heads/main", self.payload(ref="refs/heads/main"))

    def payload(self, **more: Any) -> dict[str, Any]:
        return {"repository": {"full_name": REPOSITORY, "default_branch": "main"}, **more}


def new_forge(folder: Path, files: Files) -> Forge:
    """A forge with these files on main."""
    forge = Forge(new_repository(folder, bare=True))
    forge.repo.commit(files)
    return forge
