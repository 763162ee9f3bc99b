"""The workflows and the action: actionlint finds nothing, and they keep the rules that no linter knows to be ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((HERE / ".github" / "workflows").glob("*.yml"))
EXAMPLES = sorted((HERE / "docs" / "ci").glob("github-*.yml"))
COPY = HERE / ".github" / "actions" / "cluster-stacks" / "action.yml"
ACTIONS = [HERE / "action.yml", *sorted((HERE / ".github" / "actions").glob("*/action.yml"))]
OWN = re.compile(r"\$/\.github/actions/[a-z-]+$|cluster-stacks/cluster-stacks\S*@v0\.1\.0$")
USES = re.compile(r"^\s*(?:- )?uses: (\S+)(.*)$", re.MULTILINE)


def test_actionlint_finds_nothing(root: Path, tools: Path) -> None:
    done = subprocess.run(
        # shellcheck and pyflakes are used where they happen to be installed: the same result everywhere is worth more.
        [str(tools / "actionlint"), "-shellcheck=", "-pyflakes=", *map(str, [*WORKFLOWS, *EXAMPLES])],
        cwd=root, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout


def schema(name: str, files: list[Path]) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [program, "--builtin-schema", f"vendor.{name}", *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("name", "files"), [
    ("github-workflows", [*WORKFLOWS, *EXAMPLES]), ("github-actions", ACTIONS),
    ("gitlab-ci", [HERE / "docs" / "ci" / "gitlab.yml"]),
], ids=["workflows", "actions", "gitlab"])
def test_they_fit_the_schemas_that_editors_use(name: str, files: list[Path]) -> None:
    done = schema(name, files)
    assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing(root: Path) -> None:
    program = Path(sys.executable).with_name("zizmor")
    if not program.exists():
        pytest.skip("zizmor is of the group `lint`, which is not installed")
    done = subprocess.run(
        [str(program), "--offline", "--quiet", ".github", "action.yml"],
        cwd=root, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_action_is_the_same_by_both_of_its_paths() -> None:
    """A reusable workflow names it by a path below the repository's root, which `$/` does not take."""
    assert COPY.read_bytes() == (HERE / "action.yml").read_bytes()


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS, *EXAMPLES], ids=lambda path: str(path.relative_to(HERE)))
def test_every_action_is_pinned_to_a_commit_and_says_its_version(path: Path) -> None:
    for uses, comment in USES.findall(path.read_text()):
        pinned = re.search(r"@[0-9a-f]{40}$", uses) and re.match(r" # v\d+\.\d+\.\d+$", comment)
        assert OWN.match(uses) or pinned, uses


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_jobs_are_bounded_and_get_only_what_they_name(path: Path) -> None:
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request_target" not in workflow[True]
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job, name
        assert "permissions" in job, name
        for step in job["steps"]:
            if str(step.get("uses", "")).startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, name


@pytest.mark.parametrize("name", ["check.yml", "ci.yml"])
def test_required_checks_run_in_the_merge_queue_and_end_in_one_job(name: str) -> None:
    workflow = load(HERE / ".github" / "workflows" / name)
    assert {"pull_request", "merge_group"} <= set(workflow[True])
    last, job = list(workflow["jobs"].items())[-1]
    assert job["if"] == "always()"
    assert set(job["needs"]) == set(workflow["jobs"]) - {last}


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: str(path.relative_to(HERE)))
def test_nothing_is_interpolated_into_a_script(path: Path) -> None:
    document = load(path)
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    for step in (step for job in jobs for step in job["steps"]):
        assert "${{" not in step.get("run", ""), step


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_may_call_what_it_calls(path: Path) -> None:
    """GitHub starts no workflow that is given inputs it does not know, or fewer permissions than its jobs ask for."""
    levels = ["none", "read", "write"]
    for job in load(path)["jobs"].values():
        called = load(HERE / job["uses"].partition("@")[0].removeprefix("cluster-stacks/cluster-stacks/"))
        inputs = (called[True]["workflow_call"] or {}).get("inputs", {})
        assert set(job.get("with", {})) <= set(inputs)
        assert all("default" in one for one in inputs.values()), "every input has a default"
        for asked in (inner["permissions"] for inner in called["jobs"].values()):
            for name, level in asked.items():
                assert levels.index(job["permissions"].get(name, "none")) >= levels.index(level), name


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: str(path.relative_to(HERE)))
def test_our_actions_get_inputs_that_they_know(path: Path) -> None:
    document = load(path)
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    for step in (step for job in jobs for step in job["steps"]):
        if str(step.get("uses", "")).startswith("$/"):
            action = load(HERE / step["uses"].removeprefix("$/") / "action.yml")
            assert set(step["with"]) <= set(action["inputs"]), step
            required = {name for name, one in action["inputs"].items() if one.get("required")}
            assert required <= set(step["with"]), step


def load(path: Path) -> dict[Any, Any]:
    document: dict[Any, Any] = yaml.safe_load(path.read_text())
    return document
