"""Shell completion, as docs/hooks-and-ci.md tells to switch it on."""

from __future__ import annotations

import os
import subprocess

import pytest


def complete(words: str, number: int) -> list[str]:
    env = os.environ | {"_CLUSTER_STACKS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
    done = subprocess.run(["cluster-stacks"], env=env, capture_output=True, text=True, check=False)
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(shell: str) -> None:
    env = os.environ | {"_CLUSTER_STACKS_COMPLETE": f"{shell}_source"}
    done = subprocess.run(["cluster-stacks"], env=env, capture_output=True, text=True, check=False)
    assert "cluster_stacks_completion" in done.stdout


def test_verbs_options_and_values_are_completed() -> None:
    assert complete("cluster-stacks upg", 1) == ["upgrade"]
    assert complete("cluster-stacks new ", 2) == ["addon", "minor", "stack"]
    assert "--keep-versions" in complete("cluster-stacks new minor --k", 3)
    assert complete("cluster-stacks doctor --format ", 3) == ["text", "json"]
