#!/usr/bin/env python3
"""The whole walk in a scratch clone: edit, refused commit, bump, render, validate, publish, and again.

Every command that is shown is run as it stands, and must end as it is meant to. Needs this Python with cluster-stacks
installed, Git, and no network: the remote is a bare repository in the same folder.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT = ROOT / "out" / "demo"
STACK = "docker/scs/1-36"
SHARED = "providers/docker/scs/shared"
SETTINGS = """\
repositoryURL: https://git.example.org/fleet/stacks.git
generators:
  - name: flux
  - name: argocd
"""


@dataclass(frozen=True)
class Shell:
    """Says and runs commands in the clone."""

    clone: Path
    env: dict[str, str]
    color: bool

    def title(self, text: str) -> None:
        print("\n" + self._bold(f"── {text} ".ljust(100, "─")), flush=True)

    def note(self, text: str) -> None:
        print(textwrap.fill(text, 100), flush=True)

    def run(self, *argv: str, expect: int = 0, lines: int | None = None) -> str:
        """Runs one command; its output is shown indented, at most `lines` of it. Ends the demo on another exit code."""
        print(self._bold(f"$ {argv[2] if argv[0] == 'sh' else shlex.join(argv)}"), flush=True)
        done = subprocess.run(
            argv, cwd=self.clone, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        output = done.stdout.decode("utf-8", "replace")
        shown = output.splitlines()
        cut = len(shown) - lines if lines is not None and len(shown) > lines else 0
        for line in shown[: len(shown) - cut]:
            print(f"  {line}".rstrip())
        if cut:
            print(f"  … and {cut} lines more")
        if expect:
            print(f"  (exit code {done.returncode})")
        sys.stdout.flush()
        if done.returncode != expect:
            sys.exit(f"demo: that ended with {done.returncode}, and {expect} was expected")
        return output

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces the one place where a file says `old`, and shows it as a diff."""
        file = self.clone / path
        text = file.read_text(encoding="utf-8")
        if text.count(old) != 1:
            sys.exit(f"demo: {path} says {old!r} {text.count(old)} times: the demo must be adapted to it")
        file.write_text(text.replace(old, new), encoding="utf-8")
        self.run("git", "diff", "--unified=1", path)

    def _bold(self, text: str) -> str:
        return f"\033[1m{text}\033[0m" if self.color else text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--into", type=Path, metavar="DIR", help=f"a new folder (default: {DEFAULT}, made anew)")
    into = parser.parse_args().into
    if into is None:
        shutil.rmtree(DEFAULT, ignore_errors=True)
    folder: Path = (into or DEFAULT).absolute()
    if folder.exists():
        sys.exit(f"demo: {folder} exists: name a new folder")
    shell = Shell(folder / "clone", environment(folder), sys.stdout.isatty() and not os.environ.get("NO_COLOR"))
    prepare(folder, shell)
    for step in (look, edit_and_be_refused, mend, render_and_validate, publish, edit_again, look_at_branch):
        step(shell)
    what_next(shell, folder)


def environment(folder: Path) -> dict[str, str]:
    """The caller's, with the commands of this Python first, and a Git that knows nothing of the caller's settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    paths = (sysconfig.get_path("scripts"), str(ROOT / ".tools" / "bin"), env.get("PATH", ""))
    env.update(
        PATH=os.pathsep.join(paths), GIT_CONFIG_GLOBAL=str(folder / "gitconfig"), GIT_CONFIG_NOSYSTEM="1",
        GIT_PAGER="cat", LC_ALL="C.UTF-8", COLUMNS="100",
    )
    return env


def prepare(folder: Path, shell: Shell) -> None:
    """A remote with the reference stacks, and a clone of it."""
    seed, remote = folder / "seed", folder / "remote.git"
    seed.mkdir(parents=True)
    (folder / "gitconfig").write_text(
        "[user]\n\tname = Stack Author\n\temail = author@example.invalid\n[init]\n\tdefaultBranch = main\n"
        "[advice]\n\tdetachedHead = false\n"
    )
    shutil.copytree(ROOT / "providers", seed / "providers", symlinks=True)
    (seed / ".cluster-stacks.yaml").write_text(SETTINGS, encoding="utf-8")

    def git(*arguments: str | Path) -> None:
        subprocess.run(["git", *map(str, arguments)], cwd=folder, env=shell.env, check=True)

    git("-C", seed, "init", "--quiet")
    git("-C", seed, "add", "--all")
    git("-C", seed, "commit", "--quiet", "--message", "Reference stacks")
    git("clone", "--quiet", "--bare", seed, remote)
    git("clone", "--quiet", remote, shell.clone)
    shutil.rmtree(seed)


def look(shell: Shell) -> None:
    shell.title("A repository of cluster stacks, and Git's own hooks to guard it")
    shell.run("cat", ".cluster-stacks.yaml")
    shell.run("cluster-stacks", "list")
    hooks = shell.run("cluster-stacks", "--hooks-path").strip()
    shell.run("git", "config", "core.hooksPath", hooks)


def edit_and_be_refused(shell: Shell) -> None:
    shell.title("Edit a layer: an addon that the three minors share")
    shell.edit(
        f"{SHARED}/cluster-addon/metrics-server/values.yaml",
        "    - --kubelet-insecure-tls\n",
        "    - --kubelet-insecure-tls\n    - --metric-resolution=30s\n",
    )
    shell.run("cluster-stacks", "changes", "--worktree")
    shell.note("The addon changed, the versions did not: the commit is refused.")
    shell.run("git", "add", "providers")
    shell.run("git", "commit", "--quiet", "--message", "metrics-server: a sample every 30 s", expect=1)


def mend(shell: Shell) -> None:
    shell.title("Bump: the smallest edit that makes metadata.yaml right, in every minor that the edit reaches")
    shell.run("cluster-stacks", "bump")
    shell.run("git", "diff", "--unified=0", f"providers/{STACK}/metadata.yaml")
    shell.run("git", "commit", "--quiet", "--all", "--message", "metrics-server: a sample every 30 s")
    shell.run("git", "push", "--quiet", "origin", "main")


def render_and_validate(shell: Shell) -> None:
    shell.title("Render and validate: what would be published, as plain files")
    shell.run("cluster-stacks", "render", STACK, "-o", "../rendered")
    shell.run("sh", "-c", "find ../rendered -type f | sort")
    shell.run("cluster-stacks", "validate")


def publish(shell: Shell) -> None:
    shell.title("Publish: one commit on the branch `rendered`")
    shell.run("cluster-stacks", "publish", "--push")
    shell.note("Once more: nothing changed, so there is no commit.")
    shell.run("cluster-stacks", "publish", "--push")


def edit_again(shell: Shell) -> None:
    shell.title("Edit again, this time the class, and publish: the new version stands beside the old one")
    timeout = "\n        nodeStartupTimeoutSeconds: "
    shell.edit(f"{SHARED}/cluster-class/cluster-class.yaml", f"{timeout}600\n", f"{timeout}900\n")
    shell.run("cluster-stacks", "bump")
    shell.run("git", "commit", "--quiet", "--all", "--message", "Control planes may take 15 minutes to start")
    shell.run("git", "push", "--quiet", "origin", "main")
    shell.run("cluster-stacks", "publish", "--push")
    shell.run("git", "log", "--format=%h %s%n%w(96,4,4)%b", "origin/rendered")


def look_at_branch(shell: Shell) -> None:
    shell.title("The branch")
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "origin/rendered"],
        cwd=shell.clone, env=shell.env, capture_output=True, text=True, check=True,
    )
    print("$ git ls-tree -r --name-only origin/rendered | tree", flush=True)
    print("\n".join(tree(listed.stdout.splitlines())), flush=True)


def tree(paths: list[str], shown: str = STACK) -> list[str]:
    """Paths as an indented tree. One series is shown in full, the folders of all others as a count of their files."""
    folded = Counter(prefix for path in paths if (prefix := other_series(path, shown)))
    lines: list[str] = []
    seen: set[str] = set()
    for path in paths:
        prefix = other_series(path, shown)
        parts = (prefix or path).split("/")
        for depth, part in enumerate(parts):
            here = "/".join(parts[: depth + 1])
            if here not in seen:
                count = f"   {folded[here]} files" if here in folded else ""
                lines.append("  " * (depth + 1) + part + ("" if here == path else "/") + count)
            seen.add(here)
    return lines


def other_series(path: str, shown: str) -> str:
    """The part of a path that ends with <provider>/<stack>/<minor>, unless it is that of the stack that is shown."""
    match = re.match(r"(?:.*?/)?([^/]+/[^/]+/\d+-\d+)/", path)
    return match.group().rstrip("/") if match and match.group(1) != shown else ""


def what_next(shell: Shell, folder: Path) -> None:
    shell.title("What a user does next")
    release = f"releases/{STACK}/v3"
    print(textwrap.dedent(f"""\
        # look around
        cd {shlex.quote(str(shell.clone))} && git checkout rendered

        # let Flux deliver every release to the management cluster (delivery/flux/README.md), or
        kubectl apply -f delivery/flux/source.yaml -f delivery/flux/root.yaml
        # let Argo CD do it (delivery/argocd/README.md), or
        kubectl apply -n argocd -f delivery/argocd/root.yaml
        # bring one release by hand
        kubectl apply --namespace my-clusters -k {release}

        # make a cluster, after a look at its variables
        kubectl apply --namespace my-clusters -f {release}/sample-cluster.yaml
        # move a cluster to v3, its addons first ({release}/README.md)
        kubectl patch cluster my-cluster --namespace my-clusters --type merge --patch-file {release}/upgrade.yaml

        # in a repository of your own: hooks and workflows as docs/hooks-and-ci.md says"""))
    print(f"\nThe scratch clone stays in {folder}.")


if __name__ == "__main__":
    main()
