"""Runs the steps of a workflow as GitHub's runner would: each `run:` with bash, in a clone, with the event's variables.

Actions of others are stood in for: checkout fetches from a bare repository as far as its inputs say, artifacts are
folders, setup-python is the Python under test, nothing is cached. Our own actions run as they are. Nothing is
installed: the folders that the action would fill are there before it starts.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from workflow_expressions import evaluate, interpolated, shown

SUCCESS, FAILURE, SKIPPED = "success", "failure", "skipped"
STATUS = ("success(", "failure(", "always(", "cancelled(")
SERVER = "https://github.example"
REPOSITORY = "fleet/stacks"


@dataclass(frozen=True)
class Event:
    """What starts a workflow. `payload` None: there is no event file; bytes: it holds them."""

    name: str
    sha: str
    ref: str
    payload: dict[str, Any] | bytes | None
    base_ref: str = ""

    @property
    def ref_name(self) -> str:
        return self.ref.removeprefix("refs/heads/").removeprefix("refs/tags/").removeprefix("refs/pull/")


@dataclass
class Job:
    """What became of a job: of all its steps, and of those that a matrix made of it."""

    result: str = SUCCESS
    outputs: dict[str, Any] = field(default_factory=dict)
    out: str = ""
    err: str = ""
    summary: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)


class Runner:
    """One run: `remote` is the repository on GitHub, `artifacts` what the run leaves there."""

    def __init__(
        self, root: Path, folder: Path, remote: Path, event: Event, *, api: str = "https://api.github.example",
        **inputs: object,
    ) -> None:
        self.root, self.folder, self.remote, self.event, self.inputs = root, folder, remote, event, inputs
        self.api = api
        self.artifacts, self.jobs = folder / "artifacts", dict[str, Job]()
        self.artifacts.mkdir(parents=True, exist_ok=True)
        (folder / "event.json").unlink(missing_ok=True)
        if event.payload is not None:
            data = event.payload if isinstance(event.payload, bytes) else json.dumps(event.payload).encode()
            (folder / "event.json").write_bytes(data)

    def run(self, name: str) -> dict[str, Job]:
        """Runs a workflow of this project; the jobs in the order of the file, which is that of their needs."""
        workflow = yaml.safe_load((self.root / ".github" / "workflows" / name).read_text())
        for number, (id_, job) in enumerate(workflow["jobs"].items()):
            needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            context = self.context(needs={need: vars(self.jobs[need]) for need in needs})
            status = SUCCESS if all(self.jobs[need].result == SUCCESS for need in needs) else FAILURE
            self.jobs[id_] = Job(SKIPPED)
            if _holds(job.get("if"), context, status):
                self.jobs[id_] = self.matrix(id_, job, context, number)
        return self.jobs

    def matrix(self, id_: str, job: Mapping[str, Any], context: dict[str, Any], number: int) -> Job:
        value = interpolated(job.get("strategy", {}).get("matrix"), context, {})
        cells = [{}] if value is None else value["include"]
        assert cells, "GitHub refuses an empty matrix"
        total = Job()
        for index, cell in enumerate(cells):
            place = self.folder / f"{number}-{id_}-{index}"
            one = _InJob(self, place, context | {"matrix": cell, "strategy": {"job-index": index}}).run(job)
            total = Job(
                FAILURE if FAILURE in (total.result, one.result) else SUCCESS, total.outputs | one.outputs,
                total.out + one.out, total.err + one.err, total.summary + one.summary, total.outcomes | one.outcomes,
            )
        return total

    def context(self, **more: Any) -> dict[str, Any]:
        payload = self.event.payload if isinstance(self.event.payload, dict) else {}
        github = {
            "event_name": self.event.name, "event": payload, "ref": self.event.ref, "ref_name": self.event.ref_name,
            "sha": self.event.sha, "repository": REPOSITORY, "token": "the-token", "workflow": "Stacks",
        }
        return {"github": github, "inputs": self.inputs, **more}


class _InJob:
    """A job on its machine: a workspace and a folder for what is temporary, both empty."""

    def __init__(self, runner: Runner, place: Path, context: dict[str, Any]) -> None:
        self.runner, self.workspace, self.temp, self.job = runner, place / "work", place / "temp", Job()
        shutil.rmtree(place, ignore_errors=True)
        self.workspace.mkdir(parents=True)
        programs = self.temp / "cluster-stacks" / "bin"
        programs.mkdir(parents=True)
        (programs / "cluster-stacks").symlink_to(Path(sys.executable).with_name("cluster-stacks"))
        (programs / "python").symlink_to(sys.executable)
        (self.temp / "cluster-stacks-tools").symlink_to(runner.root / ".tools")
        self.context = context | {"runner": {"temp": str(self.temp), "os": "Linux", "arch": "X64"}}

    def run(self, job: Mapping[str, Any]) -> Job:
        steps, self.job.result = self.steps(job["steps"], self.context)
        context = self.context | {"steps": steps}
        self.job.outputs = {name: interpolated(text, context, {}) for name, text in job.get("outputs", {}).items()}
        return self.job

    def steps(self, steps: list[dict[str, Any]], context: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """The outcome and outputs of steps, and how they ended; those of an action know only of one another."""
        done: dict[str, Any] = {}
        status = SUCCESS
        for number, step in enumerate(steps):
            context = context | {"steps": done}
            told: dict[str, Any] = {"outcome": SKIPPED, "outputs": {}}
            if _holds(step.get("if"), context, status):
                told["outcome"], told["outputs"] = self.step(step, context)
                if told["outcome"] == FAILURE and not step.get("continue-on-error"):
                    status = FAILURE
            done[step.get("id", f"#{number}")] = told
            self.job.outcomes[step.get("name") or step.get("id") or str(step.get("uses"))] = told["outcome"]
        return done, status

    def step(self, step: Mapping[str, Any], context: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        if "run" in step:
            return self.shell(step, context)
        given = {name: interpolated(value, context, {}) for name, value in step.get("with", {}).items()}
        uses = str(step["uses"])
        if not uses.startswith("$/"):
            return getattr(self, uses.partition("@")[0].partition("/")[2].replace("-", "_"))(given)  # type: ignore[no-any-return]
        folder = self.runner.root / uses.removeprefix("$/")
        action = yaml.safe_load((folder / "action.yml").read_text())
        assert set(given) <= set(action["inputs"]), "GitHub warns of inputs that an action does not know"
        inputs = {name: shown(given.get(name, one.get("default", ""))) for name, one in action["inputs"].items()}
        inner = context | {"inputs": inputs, "github": context["github"] | {"action_path": str(folder)}}
        steps, status = self.steps(action["runs"]["steps"], inner)
        outputs = {name: one["value"] for name, one in action.get("outputs", {}).items()}
        return status, {name: interpolated(text, {"steps": steps}, {}) for name, text in outputs.items()}

    def shell(self, step: Mapping[str, Any], context: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Runs a script as the runner does, with files for what it gives to later steps and to the summary."""
        files = {name: self.temp / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for path in files.values():
            path.write_text("")
        given = {name: shown(interpolated(text, context, {})) for name, text in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]], cwd=self.workspace,
            env={**self.environment(), **given, **{name: str(path) for name, path in files.items()}},
            capture_output=True, text=True, check=False,
        )
        self.job.out += done.stdout
        self.job.err += done.stderr
        self.job.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        return (FAILURE if done.returncode else SUCCESS), dict(line.split("=", 1) for line in lines)

    def environment(self) -> dict[str, str]:
        event = self.runner.event
        return {
            **os.environ, "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event.name,
            "GITHUB_EVENT_PATH": str(self.runner.folder / "event.json"), "GITHUB_REF": event.ref,
            "GITHUB_REF_NAME": event.ref_name, "GITHUB_SHA": event.sha, "GITHUB_BASE_REF": event.base_ref,
            "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_SERVER_URL": SERVER, "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REF_TYPE": "tag" if event.ref.startswith("refs/tags/") else "branch",
            "RUNNER_TEMP": str(self.temp), "RUNNER_OS": "Linux", "GITHUB_API_URL": self.runner.api,
        }

    # --- actions of others; each gives its outcome and outputs

    def checkout(self, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Fetches what actions/checkout fetches: the commit as deep as asked for, or with 0 all branches and tags."""
        event, depth = self.runner.event, int(given.get("fetch-depth", 1))
        here = event.ref.replace("refs/heads/", "refs/remotes/origin/").replace("refs/pull/", "refs/remotes/pull/")
        fetch = [] if depth == 0 and "refs/pull/" not in event.ref else [f"+{event.sha}:{here}"]
        if depth == 0:
            fetch += ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
        branch = ["-B", event.ref_name, here] if event.ref.startswith("refs/heads/") else [here]
        for arguments in (
            ["init", "--quiet"], ["remote", "add", "origin", self.runner.remote.as_uri()],
            ["fetch", "--quiet", "--no-tags", *([f"--depth={depth}"] if depth else []), "origin", *fetch],
            ["checkout", "--quiet", "--force", *branch],
        ):
            subprocess.run(["git", *arguments], cwd=self.workspace, check=True, capture_output=True)
        return SUCCESS, {}

    def setup_python(self, _: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return SUCCESS, {"python-path": sys.executable}

    def cache(self, _: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        return SUCCESS, {}

    def upload_artifact(self, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        into = self.runner.artifacts / str(given["name"])
        for path in map(Path, str(given["path"]).split()):
            if path.is_dir():
                shutil.copytree(path, into, dirs_exist_ok=True)
            elif path.is_file():
                into.mkdir(exist_ok=True)
                shutil.copy2(path, into)
        return SUCCESS, {}

    def download_artifact(self, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """By its name, into the folder itself; by a pattern, each into a folder of its name."""
        into, name = Path(given["path"]), str(given.get("name", ""))
        found = [one for one in self.runner.artifacts.iterdir() if fnmatch(one.name, name or given["pattern"])]
        for one in found:
            shutil.copytree(one, into if name else into / one.name, dirs_exist_ok=True)
        return (SUCCESS if found or not name else FAILURE), {}


def _holds(condition: object, context: Mapping[str, Any], status: str) -> bool:
    """Whether a step or job runs: without a word of the status it takes that all went well so far."""
    text = shown(condition if condition is not None else "success()").strip()
    text = text.removeprefix("${{").removesuffix("}}") if text.startswith("${{") else text
    functions = {
        "success": lambda: status == SUCCESS, "failure": lambda: status == FAILURE,
        "always": lambda: True, "cancelled": lambda: False,
    }
    if not any(word in text for word in STATUS):
        text = f"success() && ({text})"
    return bool(evaluate(text, context, functions))
