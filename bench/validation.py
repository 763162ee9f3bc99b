"""What validation with all rules costs, beside kubeconform alone on the same files."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.runtime.data import data_dir
from cluster_stacks.runtime.pool import default_jobs
from corpus import make_repository
from measure import Measurement, measure

IGNORED = r"(release\.json|kustomization\.yaml|upgrade\.yaml)$"
"""What is no object, and fails kubeconform; ours reads it and finds that out."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Of rendered stacks: kubeconform alone, our embedded engine, our rules with kubeconform; and from the sources."""

    kubeconform: Measurement
    embedded: Measurement
    auto: Measurement
    source: Measurement


def rendered(folder: Path, count: int, command: str) -> Costs:
    """Judges `count` stacks that were rendered before, with nothing remembered from an earlier run."""
    repository, out = _render(folder, count, command)
    schemas = f"{data_dir('schemas')}/crds/{{{{.Group}}}}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json"
    alone = ["kubeconform", "-strict", "-summary", "-n", str(default_jobs()), "-ignore-filename-pattern", IGNORED,
             "-schema-location", schemas, str(out)]
    ours = [command, "validate", "--path", str(out), "--engine"]
    cold = {"XDG_CACHE_HOME": str(folder / "no-cache")}
    return Costs(
        measure(alone, cwd=repository, runs=3),
        measure([*ours, "embedded"], cwd=repository, runs=3, env=cold),
        measure([*ours, "auto"], cwd=repository, runs=2, env=cold),
        measure([command, "validate", "--worktree", "--all", "--engine", "embedded"], cwd=repository, env=cold),
    )


def memory(folder: Path, count: int, command: str) -> tuple[float, float]:
    """The peak memory, in MiB, of judging `count` stacks as they were rendered, and from their sources."""
    repository, out = _render(folder, count, command)
    found = measure([command, "validate", "--path", str(out), "--engine", "embedded"], cwd=repository).mebibytes
    source = measure([command, "validate", "--worktree", "--all", "--engine", "embedded"], cwd=repository).mebibytes
    shutil.rmtree(out)
    return found, source


def hook(repository: Path, command: str) -> dict[str, float]:
    """Seconds that a commit waits for its one changed stack, by engine."""
    edited = next((repository / "providers").rglob("worker.yaml"))
    edited.write_text(edited.read_text(encoding="utf-8").replace("# file 3 of", "# file three of"), encoding="utf-8")
    subprocess.run(["git", "add", "--all"], cwd=repository, check=True)
    found = {
        engine: measure([command, "validate", "--staged", "--engine", engine], cwd=repository, runs=10).seconds
        for engine in ("embedded", "auto")
    }
    subprocess.run(["git", "reset", "-q", "--hard"], cwd=repository, check=True)
    return found


def _render(folder: Path, count: int, command: str) -> tuple[Path, Path]:
    repository, out = folder / "stacks", folder / "rendered"
    make_repository(repository, count)
    measure([command, "render", "--quiet", "--output", str(out)], cwd=repository)
    return repository, out
