"""The hooks that `.pre-commit-hooks.yaml` offers, installed by the real pre-commit from a clone of this checkout."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from pre_committed import METADATA, VALUES, Source, append, configure, git, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_offered_hooks(root: Path) -> None:
    hooks = {hook["id"]: hook for hook in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text())}
    assert set(hooks) == {
        "cluster-stacks-check", "cluster-stacks-bump", "cluster-stacks-metadata", "cluster-stacks-validate",
        "cluster-stacks-clusters",
    }
    for hook in hooks.values():
        assert hook["language"] == "python"
        assert hook["minimum_pre_commit_version"] == "3.2.0"
        assert hook["stages"]
        # A deleted file is passed to no hook: one that judges the state of the repository runs always, without files.
        if hook["id"] != "cluster-stacks-clusters":
            assert hook.get("pass_filenames") is False or re.match(r"\^", hook["files"])


def test_a_change_without_a_bump_is_refused_and_with_one_is_taken(repository: Path) -> None:
    append(repository / VALUES)
    git(repository, "add", "--all")
    refused = run(repository, "git", "commit", "--message", "Change")
    assert refused.returncode == 1
    assert "clusterAddon" in refused.stdout
    assert METADATA in refused.stdout
    assert run(repository, "cluster-stacks", "bump").returncode == 0
    taken = run(repository, "git", "commit", "--all", "--message", "Change")
    assert taken.returncode == 0, taken.stdout


def test_a_commit_that_only_deletes_is_seen(repository: Path) -> None:
    git(repository, "rm", "--quiet", VALUES)
    refused = run(repository, "git", "commit", "--message", "Delete")
    assert refused.returncode == 1
    assert "clusterAddon" in refused.stdout


def test_a_commit_beside_the_stacks_is_taken(repository: Path) -> None:
    (repository / "README.md").write_text("A fleet\n")
    git(repository, "add", "--all")
    assert run(repository, "git", "commit", "--message", "Say what this is").returncode == 0


def test_what_is_not_staged_is_not_judged(repository: Path) -> None:
    (repository / "README.md").write_text("A fleet\n")
    git(repository, "add", "README.md")
    append(repository / VALUES)
    assert run(repository, "git", "commit", "--message", "Say what this is").returncode == 0


def test_broken_metadata_is_refused(repository: Path) -> None:
    (repository / METADATA).write_text("versions: [\n")
    git(repository, "add", "--all")
    refused = run(repository, "git", "commit", "--message", "Break")
    assert refused.returncode == 1
    assert METADATA in refused.stdout


def test_the_bump_hook_mends_and_fails_once(repository: Path, source: Source) -> None:
    configure(repository, source, ["cluster-stacks-bump"])
    append(repository / VALUES)
    git(repository, "add", "--all")
    first = run(repository, "git", "commit", "--message", "Change")
    assert first.returncode == 1, "a hook that wrote something must stop the commit, so that it is looked at"
    assert "v2" in (repository / METADATA).read_text()
    git(repository, "add", "--all")
    second = run(repository, "git", "commit", "--message", "Change")
    assert second.returncode == 0, second.stdout


def test_the_validate_hook_judges_what_is_rendered(repository: Path, source: Source) -> None:
    configure(repository, source, ["cluster-stacks-validate"])
    git(repository, "add", "--all")
    assert (done := run(repository, "pre-commit", "run", "--all-files")).returncode == 0, done.stdout
    worker = repository / "providers/docker/scs/shared/cluster-class/default-worker.yaml"
    worker.write_text(worker.read_text().replace("joinConfiguration:", "joinConfig:"))
    git(repository, "add", "--all")
    refused = run(repository, "pre-commit", "run", "--all-files")
    assert refused.returncode == 1
    assert "joinConfig" in refused.stdout


def test_what_is_pushed_and_what_is_merged(repository: Path, tmp_path: Path) -> None:
    done = run(repository, "pre-commit", "install", "-t", "pre-push", "-t", "pre-merge-commit")
    assert done.returncode == 0, done.stdout
    git(repository, "init", "--quiet", "--bare", str(tmp_path / "remote"))
    git(repository, "remote", "add", "origin", str(tmp_path / "remote"))
    git(repository, "push", "--quiet", "--no-verify", "origin", "HEAD:main")
    for topic in ("one", "two"):
        git(repository, "checkout", "--quiet", "-b", topic, "origin/main")
        added = repository / f"providers/docker/scs/1-36/cluster-class/{topic}.yaml"
        added.parent.mkdir(exist_ok=True)
        added.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: <% release_name %>}\n")
        git(repository, "add", "--all")
        git(repository, "commit", "--quiet", "--no-verify", "--message", "Change")
        refused = run(repository, "git", "push", "origin", topic)
        assert refused.returncode == 1
        assert "clusterStack must be v2" in refused.stdout
        assert run(repository, "cluster-stacks", "bump").returncode == 0
        git(repository, "commit", "--quiet", "--all", "--message", "Bump")
        assert (done := run(repository, "git", "push", "origin", topic)).returncode == 0, done.stdout
    git(repository, "push", "--quiet", "origin", "one:main")
    git(repository, "fetch", "--quiet", "origin")
    refused = run(repository, "git", "merge", "--no-edit", "origin/main")
    assert refused.returncode != 0
    assert "clusterStack must be v3" in refused.stdout


def test_try_repo(source: Source, repository: Path) -> None:
    done = run(
        repository, "pre-commit", "try-repo", source.path, "cluster-stacks-check", "--ref", source.rev, "--all-files"
    )
    assert done.returncode == 0, done.stdout
