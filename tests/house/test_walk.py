"""A pull request from a fork, from the wrong version to the published branch: what is printed is docs/walk.md.

    pytest -m slow tests/house/test_walk.py --force-regen    writes the page anew
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from browser import Page, browser
from forge import Forge
from forge_api import ForgeApi, serving
from gitrepo_plugin import new_repository
from workflow_runner import REPOSITORY, Event, Runner

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STACK = "providers/docker/scs"
VALUES = f"{STACK}/shared/cluster-addon/metrics-server/values.yaml"
SERIES = "releases/docker/scs/1-36"
SETTINGS = "repositoryURL: https://git.example.org/fleet/stacks.git\ngenerators:\n  - name: flux\n  - name: argocd\n"
ID = re.compile(r"\b(?=[0-9a-f]*\d)(?:[0-9a-f]{40}|[0-9a-f]{12}|[0-9a-f]{7})\b")
ROWS = "[...document.querySelectorAll('table tr')].map(row => [...row.cells].map(cell => cell.innerText))"
INTRO = """\
<!-- Made by tests/house/test_walk.py, which runs every step of it. -->

# A pull request, step by step

Somebody without any right in the repository changes an addon and forgets the versions. What follows is what the steps
of the [workflows](ci.md) printed, run as GitHub runs them: for a pull request from a fork, with no secret. Ids of
commits are replaced."""


class Walk:
    """The repository, a contributor's clone, and the page that tells of them."""

    def __init__(self, root: Path, folder: Path, api: ForgeApi) -> None:
        self.root, self.folder, self.api, self.said = root, folder, api, [INTRO]
        self.clone = folder / "clone"
        seed = new_repository(folder / "seed")
        shutil.copytree(root / STACK, seed.path / STACK)
        for minor in ("1-35", "1-37"):
            shutil.rmtree(seed.path / STACK / minor)
        (seed.path / ".cluster-stacks.yaml").write_text(SETTINGS)
        seed.git("add", "--all")
        seed.git("commit", "--quiet", "--message", "Stacks")
        self.forge = Forge(new_repository(folder / "origin.git", bare=True))
        seed.git("push", "--quiet", str(self.forge.repo.path), "main")
        self.git("clone", "--quiet", str(self.forge.repo.path), str(self.clone), cwd=folder)
        self.git("checkout", "--quiet", "-b", "resolution")

    def say(self, *parts: str) -> None:
        self.said += parts

    def show(self, text: str, form: str = "") -> None:
        """A block of what was printed, without what is of this machine or of this run."""
        text = ID.sub("<commit>", text.replace(str(self.folder), ""))
        # What GitHub takes as a command and shows to nobody, and the ids of files.
        text = re.sub(r"^(?:::add-mask::|diff --git |index ).*\n", "", text, flags=re.MULTILINE)
        self.said.append(f"```{form}\n{text.rstrip()}\n```")

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(["git", *arguments], cwd=cwd or self.clone, capture_output=True, text=True, check=True)
        return done.stdout

    def command(self, *arguments: str) -> None:
        """Runs and shows a command of the contributor's."""
        done = subprocess.run(
            arguments, cwd=self.clone, env={**os.environ, "COLUMNS": "100"}, text=True, check=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        self.show("\n".join(["$ " + " ".join(arguments), done.stdout]))

    def push(self, message: str) -> str:
        """Commits all and brings it to the fork, whose commits the repository sees through its pull request."""
        self.git("commit", "--quiet", "--all", "--message", message)
        head = self.git("rev-parse", "HEAD").strip()
        self.git("push", "--quiet", "origin", "HEAD:refs/pull/7/head")
        return head

    def run(self, workflow: str, event: Event) -> Runner:
        runner = Runner(self.root, self.folder / "run", self.forge.repo.path, event, api=self.api.url)
        runner.run(workflow)
        return runner

    def judge(self, head: str) -> Runner:
        """The two workflows of a pull request, one after the other."""
        judged = self.run("check.yml", self.forge.pull_request(head, fork=True))
        self.api.pull = {"state": "open", "head": {"sha": head}}
        followed = {"workflow_run": {"id": 1, "event": "pull_request", "head_sha": head}}
        posted = self.run("comment.yml", Event("workflow_run", self.forge.main, "refs/heads/main", followed))
        assert posted.jobs["comment"].result == "success", posted.jobs["comment"].out
        return judged

    def checks(self, runner: Runner) -> None:
        """The steps as the pull request lists them."""
        steps = ("Versions", "Manifests", "What it changes", "Say it to the pull request")
        rows = [f"| {name} | {runner.jobs['judge'].outcomes[name]} |" for name in steps]
        self.say("\n".join(["| step | |", "|---|---|", *rows, f"| **Stacks** | {runner.jobs['stacks'].result} |"]))


def test_the_walk(root: Path, tmp_path: Path, tools: Path, file_regression: FileRegressionFixture) -> None:
    with serving(ForgeApi("", REPOSITORY)) as api:
        walk = Walk(root, tmp_path, api)
        forgets(walk)
        mends(walk)
    is_merged(walk)
    is_looked_at(walk)
    text = "\n\n".join(walk.said) + "\n"
    assert str(tmp_path) not in text
    file_regression.check(text, fullpath=root / "docs" / "walk.md", encoding="utf-8")


def forgets(walk: Walk) -> None:
    path = walk.clone / VALUES
    path.write_text(path.read_text().replace("    - --kubelet-insecure-tls\n", (
        "    - --kubelet-insecure-tls\n    - --metric-resolution=30s\n")))
    walk.say("## The change", "One argument of an addon, in the folder that all minors share:")
    walk.show(walk.git("diff", "--unified=1"), "diff")
    judged = walk.judge(walk.push("Measure twice a minute"))
    assert judged.jobs["stacks"].result == "failure"
    walk.say("## What the pull request says")
    walk.checks(judged)
    walk.say("*Stacks* is the one to require. On the lines of metadata.yaml stand:")
    said = [line for line in judged.jobs["judge"].out.splitlines() if line.startswith("::")]
    walk.show("\n".join(said))
    metadata = (walk.clone / STACK / "1-36" / "metadata.yaml").read_text().splitlines()
    lines = [int(re.findall(r"line=(\d+)", line)[0]) for line in said]
    assert [metadata[number - 1].split(":")[0].strip() for number in lines] == ["clusterStack", "clusterAddon"]
    (comment,) = walk.api.comments
    walk.say("and a comment:")
    walk.say("\n".join("> " + line if line else ">" for line in shown(comment["body"]).splitlines()))


def mends(walk: Walk) -> None:
    walk.say("## The command that it names")
    walk.command("cluster-stacks", "bump")
    walk.show(walk.git("diff", "--unified=0"), "diff")
    judged = walk.judge(walk.push("Bump"))
    assert judged.jobs["stacks"].result == "success"
    walk.checks(judged)
    (comment,) = walk.api.comments
    walk.say("The comment is still one, and now begins:")
    walk.say("\n".join("> " + line if line else ">" for line in shown(comment["body"]).splitlines()[:7]))


def is_merged(walk: Walk) -> None:
    head = walk.git("rev-parse", "HEAD").strip()
    event = walk.forge.push(walk.forge.merge(head))
    published = walk.run("publish.yml", event).jobs["publish"]
    assert published.result == "success", published.err
    walk.say("## Merged", "The workflow for the default branch publishes:")
    walk.show(published.out)
    again = walk.run("publish.yml", walk.forge.dispatch()).jobs["publish"]
    walk.say("Run again, it has nothing to do:")
    walk.show(again.out)
    walk.say("The branch `rendered` has the release, beside what Flux and Argo CD need to deliver it:")
    walk.show(walk.forge.repo.git("ls-tree", "-r", "--name-only", f"rendered:{SERIES}"))


def is_looked_at(walk: Walk) -> None:
    """The page of the branch in a browser; what it says there is what is told of it."""
    page = walk.folder / "catalogue.html"
    page.write_text(walk.forge.repo.git("show", "rendered:catalogue.html"))
    walk.git("fetch", "--quiet", "origin")
    walk.say("## The catalogue")
    walk.say("The branch has a page of what it offers, `catalogue.html`; this makes one that also compares objects:")
    walk.command("cluster-stacks", "catalogue", "-o", "catalogue")
    walk.say("Its table, as a browser reads it:")
    with browser(walk.folder / "profile") as seen:
        rows = []
        for path in (page, walk.clone / "catalogue" / "index.html"):
            seen.size(390)
            seen.open(path)
            assert seen.errors == []
            assert seen.run("document.documentElement.scrollWidth <= innerWidth"), "it fits a telephone"
            rows = seen.run(ROWS)
            assert any("v2" in cell for row in rows for cell in row)
            if folder := os.environ.get("WALK_SCREENSHOTS"):
                shoot(seen, Path(folder), path.stem)
    head, *rest = [[" ".join(cell.split()) for cell in row] for row in rows if row]
    table = [head, ["---"] * len(head), *(row for row in rest if len(row) == len(head))]
    walk.say("\n".join(f"| {' | '.join(row)} |" for row in table))


def shoot(seen: Page, folder: Path, name: str) -> None:
    """Pictures for a person: a telephone, and a desk in the dark."""
    for width, dark in ((390, False), (1280, True)):
        seen.size(width, dark=dark)
        data = seen.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        (folder / f"{name}-{width}.png").write_bytes(base64.b64decode(data))


def shown(comment: str) -> str:
    """A comment without its hidden mark."""
    return re.sub(r"<!--.*?-->\n*", "", comment)
