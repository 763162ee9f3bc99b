"""`make flux-local`: flux-local, a consumer that nobody here wrote, builds and tests what is published for Flux.

Needs two programs on PATH that this project does not install: `flux-local` (PyPI) and `flux`, which it calls. Needs no
cluster and no network: charts are named by HelmReleases, which flux-local reads and does not fetch.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = str(Path(sys.executable).with_name("cluster-stacks"))
SETTINGS = "repositoryURL: https://git.example.org/stacks.git\ngenerators: [{name: flux}]\n"
CLUSTER = "clusters/workload"
MANAGEMENT = "clusters/management"


def run(folder: Path, *command: str) -> str:
    """The output of a program; ends this script where it fails."""
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=env)
    if done.returncode:
        sys.exit(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout


def publish(work: Path) -> None:
    """A repository with the reference stacks, and its rendered branch checked out."""
    run(work.parent, "git", "init", "-q", "-b", "main", str(work))
    for name, value in (("user.name", "test"), ("user.email", "test@example.org")):
        run(work, "git", "config", name, value)
    shutil.copytree(ROOT / "providers", work / "providers")
    (work / ".cluster-stacks.yaml").write_text(SETTINGS, encoding="utf-8")
    run(work, "git", "add", "-A")
    run(work, "git", "commit", "-q", "-m", "Reference stacks")
    run(work, COMMAND, "publish")
    run(work, "git", "checkout", "-q", "rendered")


def clusters(work: Path) -> list[str]:
    """What an operator commits: the management cluster's entry, and the addons of a cluster for each release."""
    flux = work / "delivery/flux"
    (work / MANAGEMENT).mkdir(parents=True)
    for name in ("source.yaml", "root.yaml"):
        shutil.copy(flux / name, work / MANAGEMENT / name)
    paths = [MANAGEMENT]
    for number, example in enumerate(sorted(flux.glob("addons/*/*/*/*/example.yaml"))):
        folder = work / f"{CLUSTER}-{number}"
        folder.mkdir()
        shutil.copy(flux / "source.yaml", folder / "source.yaml")
        shutil.copy(example, folder / "addons.yaml")
        paths.append(folder.relative_to(work).as_posix())
    run(work, "git", "add", "-A")  # flux-local reads what Git knows
    return paths


def main() -> None:
    missing = [name for name in ("flux-local", "flux", "kustomize") if shutil.which(name) is None]
    if missing:
        sys.exit(f"not on PATH: {', '.join(missing)}. flux-local: PyPI; flux: fluxcd.io; kustomize: make tools")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch) / "work"
        publish(work)
        for path in clusters(work):
            tested = run(work, "flux-local", "test", "--all-namespaces", "--path", path)
            built = run(work, "flux-local", "build", "ks", "--all-namespaces", "--path", path)
            print(f"{path}: {tested.strip().splitlines()[-1].strip('= ')}, {built.count('kind: ')} objects built")
            if " passed" not in tested:
                sys.exit(f"flux-local tested nothing in {path}")


if __name__ == "__main__":
    main()
