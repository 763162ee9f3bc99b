"""`make bench`: the costs that matter, each as a ratio to a baseline of the same run. Nothing here can fail on time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from branch import first_publish, publish
from cluster_stacks.runtime.data import data_dir
from corpus import make_charts, make_repository
from measure import Measurement, measure
from past import add_elsewhere, make_history
from validation import hook, memory, rendered

HERE = Path(__file__).resolve().parent
COMMAND = str(Path(sys.executable).with_name("cluster-stacks"))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: what, its cost, the baseline's cost, and the ratio that we want at most."""

    what: str
    ours: float
    baseline: float
    limit: float
    unit: str = "s"

    def __str__(self) -> str:
        verdict = "ok" if self.ours <= self.limit * self.baseline else "OVER"
        return (f"{self.what:<58} {self.ours:9.3f} {self.baseline:9.3f} {self.unit:<4}"
                f"{self.ours / self.baseline:7.2f}  ≤ {self.limit:<5} {verdict}")


def hooks(repository: Path) -> list[Row]:
    """What a commit costs that touches no stack."""
    (repository / "README.md").write_text("no stack\n", encoding="utf-8")
    subprocess.run(["git", "add", "README.md"], cwd=repository, check=True)
    git = measure(["git", "diff-index", "--cached", "--raw", "-z", "--no-renames", "HEAD", "--", "providers"],
                  cwd=repository, runs=20).seconds
    python = measure([sys.executable, "-I", "-c", "pass"], cwd=repository, runs=20).seconds
    check = measure([COMMAND, "check", "--staged"], cwd=repository, runs=20).seconds
    guard = measure([str(HERE.parent / "hooks" / "pre-commit")], cwd=repository, runs=20,
                    env={"PATH": f"{Path(COMMAND).parent}:{os.environ['PATH']}"}).seconds
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=repository, check=True)
    return [
        Row("check --staged, nothing relevant / python + git read", check, python + git, 5),
        Row("native hook's guard, nothing relevant / git read", guard, git, 3),
    ]


def ranges(repository: Path) -> Row:
    """What a pull request costs that changes ten stacks."""
    floor = measure([sys.executable, str(HERE / "floor_check.py"), "main", "change"], cwd=repository, runs=10).seconds
    check = measure([COMMAND, "check", "--base", "main", "--head", "change"], cwd=repository, runs=10).seconds
    return Row("check --base --head, 10 changed stacks / floor script", check, floor, 1.5)


def replay(scratch: Path) -> list[Row]:
    """What a history costs, of 10,000 commits and 200 stacks, against the pass of git that it cannot do without."""
    repository = scratch / "history"
    make_history(repository)
    words = ["git", "log", "--raw", "--no-renames", "-m", "--first-parent"]
    git = measure(words, cwd=repository, runs=5).seconds
    line = measure([COMMAND, "history"], cwd=repository, runs=5, ok=(0, 1))
    audit = measure([COMMAND, "history", "--all-refs"], cwd=repository, runs=3, ok=(0, 1)).seconds
    whole = measure(["git", "log", "--raw", "--no-renames", "-m", "--all"], cwd=repository, runs=3).seconds
    return [
        Row("history, 10,000 commits, 200 stacks / git log --raw", line.seconds, git, 3),
        Row("  … peak memory of the process tree / 200 MiB", line.mebibytes, 200, 1, "MiB"),
        Row("history --all-refs / git log --raw --all", audit, whole, 5),
    ]


def elsewhere(scratch: Path) -> list[Row]:
    """What 100,000 files that are no stacks add to a check, beyond what they add to git's own diff."""
    small, big = scratch / "small", scratch / "big"
    for repository in (small, big):
        make_repository(repository, 50)
    add_elsewhere(big)
    range_ = ["--base", "main", "--head", "change"]
    found = []
    for what, options, diff in (
        ("--base --head", range_, ["main...change", "--", "providers"]),
        ("--staged", ["--staged"], ["--cached", "HEAD", "--", "providers"]),
    ):
        for repository in (small, big):
            edited = repository / "providers/docker/s00000/1-36/cluster-class/worker.yaml"
            edited.write_text("a: 1\n", encoding="utf-8")
            subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
        ours, git = (
            [measure(words, cwd=repository, runs=10, ok=(0, 1)).seconds for repository in (small, big)]
            for words in ([COMMAND, "check", *options], ["git", "diff", "--raw", "--no-renames", *diff])
        )
        found.append(
            Row(f"check {what}, 100,000 other files / none, less git diff", ours[1] - git[1], ours[0] - git[0], 1.2)
        )
    return found


def everything(repository: Path, charts: Path) -> tuple[Row, Measurement]:
    """Render and validate all stacks against helm and kubeconform on the same classes as charts."""
    location = f"{data_dir('schemas')}/crds/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
    script = (
        "mkdir -p out && ls -d docker-* | xargs -P2 -I@ sh -c 'helm template @ @ > out/@.yaml' && "
        f"kubeconform -strict -summary -n 2 -schema-location '{location}' out"
    )
    baseline = measure(["sh", "-c", script], cwd=charts)
    ours = measure([COMMAND, "validate", "--engine", "embedded", "--worktree"], cwd=repository)
    return Row("render + validate everything / helm template + kubeconform", ours.seconds, baseline.seconds, 0.4), ours


def publishing(scratch: Path) -> list[Row]:
    """What it costs to publish one changed stack of 500, and the memory that a first publish of 2,000 takes."""
    cost = publish(scratch / "500", 500, COMMAND)
    memory = first_publish(scratch / "2000", 2000, COMMAND).mebibytes
    return [
        Row("publish --push, 1 changed stack of 500 / all, first time", cost.one.seconds, cost.first.seconds, 0.03),
        Row("  … / temporary index, commit-tree, push", cost.one.seconds, cost.plumbing.seconds, 3),
        Row("  … / clone, wipe, write again, push", cost.one.seconds, cost.clone.seconds, 1),
        Row("first publish of 2,000: peak memory of the tree / 300 MiB", memory, 300, 1, "MiB"),
    ]


def validating(scratch: Path) -> list[Row]:
    """What all rules cost on rendered stacks, against kubeconform alone; and what one changed stack costs in a hook."""
    costs = rendered(scratch / "validate-500", 500, COMMAND)
    alone = costs.kubeconform.seconds
    waits = hook(scratch / "validate-500/stacks", COMMAND)
    held = memory(scratch / "validate-2000", 2000, COMMAND)
    return [
        Row("validate --path, 500 rendered stacks, all rules / kubeconform", costs.embedded.seconds, alone, 1.5),
        Row("  … and kubeconform too (--engine auto) / kubeconform", costs.auto.seconds, alone, 3),
        Row("validate --all, the same from source / kubeconform", costs.source.seconds, alone, 3),
        *(Row(f"validate --staged, 1 changed of 500, {engine} / 0.6 s", seconds, 0.6, 1)
          for engine, seconds in waits.items()),
        *(Row(f"validate, 2,000 stacks{how}: peak memory of the tree / 500 MiB", mebibytes, 500, 1, "MiB")
          for how, mebibytes in zip(("", " from source"), held, strict=True)),
    ]


def main() -> None:
    print(f"{'':<58} {'ours':>9} {'baseline':>9} {'':<4}{'ratio':>7}  wanted")
    with tempfile.TemporaryDirectory() as scratch:
        for row in (*replay(Path(scratch)), *elsewhere(Path(scratch)), *publishing(Path(scratch)),
                    *validating(Path(scratch))):
            print(row, flush=True)
    for count in (500, 2000):
        with tempfile.TemporaryDirectory() as scratch:
            repository, charts = Path(scratch, "stacks"), Path(scratch, "charts")
            make_repository(repository, count)
            make_charts(charts, count)
            print(f"{count} stacks")
            for row in (*hooks(repository), ranges(repository)):
                print(row, flush=True)
            row, ours = everything(repository, charts)
            print(row)
            print(Row("  … peak memory of the process tree / 300 MiB", ours.mebibytes, 300, 1, "MiB"), flush=True)


if __name__ == "__main__":
    main()
