"""The steps of the workflows, run with what GitHub gives them: each event, a fork, an event file that is none."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from forge import NOTHING, Forge, new_forge
from small_stack import STACK, files
from workflow_expressions import evaluate, interpolated
from workflow_runner import Event, Job, Runner

METADATA = f"{STACK}/1-36/metadata.yaml"
CHANGED = {f"{STACK}/1-36/cluster-class/machine.yaml": files(image="b")[f"{STACK}/1-36/cluster-class/machine.yaml"]}
BUMPED = files(version="v2", image="b")
ASKS = (
    f"::error file={METADATA},line=3,endLine=3,col=17,endColumn=19,title=CS101 docker/scs/1-36::clusterStack must be v2"
)
FORMS = ("sarif", "xml", "html")

Start = Callable[..., dict[str, Job]]


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return new_forge(tmp_path / "origin.git", files())


@pytest.fixture
def start(root: Path, tmp_path: Path, forge: Forge, tools: Path) -> Start:
    """Runs a workflow for an event, with the inputs of a caller."""
    return lambda name, event, **inputs: Runner(root, tmp_path / "run", forge.repo.path, event, **inputs).run(name)


def judged(jobs: dict[str, Job]) -> tuple[str, str, str, str]:
    """The results of the steps that judge, and of the check that is required."""
    steps = jobs["judge"].outcomes
    assert jobs["judge"].result == jobs["stacks"].result
    assert "Traceback" not in jobs["judge"].err
    return steps["Versions"], steps["Manifests"], steps["What it changes"], jobs["stacks"].result


def base(job: Job) -> str:
    """The base that the check took, and why."""
    found = re.search(r"base: (.*)", job.err)
    assert found is not None, job.err
    return found[1]


@pytest.mark.parametrize("fork", [pytest.param(False, marks=pytest.mark.slow), True], ids=["branch", "fork"])
def test_a_pull_request_whose_versions_lie(start: Start, forge: Forge, tmp_path: Path, *, fork: bool) -> None:
    jobs = start("check.yml", forge.pull_request(forge.topic(CHANGED), fork=fork))
    assert judged(jobs) == ("failure", "success", "success", "failure")
    said = jobs["judge"]
    assert base(said) == "origin/main (target of the pull request, as merged for this run)"
    assert [line for line in said.out.splitlines() if line.startswith("::")] == [
        next(line for line in said.out.splitlines() if line.startswith(ASKS))
    ]
    assert "clusterStack must be v2" in said.summary
    assert "docker-scs-1-36" in said.summary, "the diff stands in it too"
    assert jobs["stacks"].out == "::error::a job ended with: failure\n"
    artifacts = {path.relative_to(tmp_path / "run" / "artifacts").as_posix()
                 for path in (tmp_path / "run" / "artifacts").rglob("*") if path.is_file()}
    assert artifacts == {
        "cluster-stacks-comment/comment.txt", "cluster-stacks-comment/pull-request.txt",
        *(f"cluster-stacks-reports/{verb}.{form}" for verb in ("check", "validate") for form in FORMS),
    }
    comment = (tmp_path / "run/artifacts/cluster-stacks-comment/comment.txt").read_text()
    parts = [comment.index(part) for part in ("clusterStack must be v2", "nothing found in 1 stack", "docker-scs-1-36")]
    assert parts == sorted(parts)
    assert (tmp_path / "run/artifacts/cluster-stacks-comment/pull-request.txt").read_text() == "7\n"


@pytest.mark.slow
def test_a_pull_request_whose_versions_are_right(start: Start, forge: Forge) -> None:
    jobs = start("check.yml", forge.pull_request(forge.topic(BUMPED)), runner="mine", tools="kubeconform")
    assert judged(jobs) == ("success", "success", "success", "success")
    assert "::error" not in jobs["judge"].out


@pytest.mark.slow
def test_the_number_counts_from_the_target_and_not_from_where_the_branch_left_it(start: Start, forge: Forge) -> None:
    start_of_both = forge.main
    forge.push(forge.topic(files("1-37"), name="other"))
    forge.push(forge.topic({f"{STACK}/1-36/cluster-addon/cilium/new.yaml": "a: b\n", METADATA: BUMPED[METADATA]}))
    late = forge.topic({**CHANGED, METADATA: BUMPED[METADATA]}, parent=start_of_both, name="late")
    jobs = start("check.yml", forge.pull_request(late))
    assert judged(jobs)[0] == "failure"
    assert "clusterStack must be v3" in jobs["judge"].out


@pytest.mark.slow
def test_a_merge_queue_counts_from_what_stands_before_it(start: Start, forge: Forge) -> None:
    first = forge.merge_group(forge.topic(BUMPED))
    also = {f"{STACK}/1-36/cluster-class/more.yaml": "", METADATA: BUMPED[METADATA]}
    jobs = start("check.yml", forge.merge_group(forge.topic(also, name="second"), first.sha))
    assert judged(jobs) == ("failure", "success", "skipped", "failure")
    assert base(jobs["judge"]) == "origin/main (what the merge queue builds on)"
    assert "clusterStack must be v3" in jobs["judge"].out
    assert judged(start("check.yml", first))[3] == "success"


@pytest.mark.slow
@pytest.mark.parametrize(("make", "why", "ended"), [
    (lambda forge: forge.push(forge.topic(CHANGED)), "before the push", "failure"),
    (lambda forge: forge.push(forge.topic(BUMPED)), "before the push", "success"),
    (lambda forge: forge.push(forge.topic(CHANGED), "feature"), "default branch, as the push says", "failure"),
    (lambda forge: forge.tag("v1"), "default branch, as the push says", "success"),
    (lambda forge: forge.dispatch(), "names no base", "success"),
], ids=["push", "push-bumped", "branch", "tag", "dispatch"])
def test_other_events(start: Start, forge: Forge, make: Callable[[Forge], Event], why: str, ended: str) -> None:
    jobs = start("check.yml", make(forge))
    assert judged(jobs) == (ended, "success", "skipped", ended)
    assert why in base(jobs["judge"])
    assert ("clusterStack must be v2" in jobs["judge"].out) == (ended == "failure")


@pytest.mark.slow
def test_a_push_by_force_is_compared_with_what_it_replaced(start: Start, forge: Forge) -> None:
    first = forge.main
    forge.push(replaced := forge.topic(BUMPED))
    other = forge.topic({**BUMPED, f"{STACK}/1-36/cluster-class/more.yaml": ""}, first, "other")
    event = forge.push(other, before=replaced)
    jobs = start("check.yml", event)
    assert base(jobs["judge"]) == "origin/main (before the push)"
    assert "clusterStack must be v3" in jobs["judge"].out
    # The server still has the commit, but no branch leads to it any more: the clone of the run lacks it.
    forge.repo.git("branch", "--delete", "--force", "topic")
    jobs = start("check.yml", event)
    assert judged(jobs)[0] == "failure"
    assert f"this clone lacks {replaced}" in jobs["judge"].out + jobs["judge"].err


@pytest.mark.slow
def test_the_first_push_of_all_has_nothing_to_be_compared_with(start: Start, forge: Forge) -> None:
    jobs = start("check.yml", forge.push(forge.topic(BUMPED), before=NOTHING))
    assert judged(jobs) == ("failure", "success", "skipped", "failure")
    assert "there is nothing to compare with, name a commit with --base" in jobs["judge"].err


@pytest.mark.slow
@pytest.mark.parametrize("payload", [None, b"[]", b"\xff\xfe{"], ids=repr)
def test_an_event_that_cannot_be_read_is_never_a_pass(start: Start, forge: Forge, payload: bytes | None) -> None:
    event = dataclasses.replace(forge.push(forge.topic(BUMPED)), payload=payload)
    jobs = start("check.yml", event)
    assert judged(jobs) == ("failure", "success", "skipped", "failure")
    assert "--base" in jobs["judge"].out + jobs["judge"].err


@pytest.mark.slow
def test_a_pull_request_whose_event_file_is_missing(start: Start, forge: Forge) -> None:
    """Its base is in the variables, but no comment can be made: nobody knows for which pull request."""
    event = dataclasses.replace(forge.pull_request(forge.topic(CHANGED)), payload=None)
    jobs = start("check.yml", event)
    assert judged(jobs)[0] == "failure"
    assert jobs["judge"].outcomes["Say it to the pull request"] == "failure"


def test_publishing_in_one_job(start: Start, forge: Forge) -> None:
    jobs = start("publish.yml", forge.dispatch())
    assert [job.result for job in jobs.values()] == ["skipped", "skipped", "success"]
    first = forge.repo.git("rev-parse", "rendered")
    assert "releases/docker/scs/1-36/v1" in forge.repo.git("ls-tree", "-r", "--name-only", "rendered")
    assert start("publish.yml", forge.dispatch())["publish"].result == "success"
    assert forge.repo.git("rev-parse", "rendered") == first, "nothing changed: no commit"


@pytest.mark.slow
def test_publishing_in_shards(start: Start, forge: Forge) -> None:
    more = {name: text for minor in ("1-34", "1-35", "1-37") for name, text in files(minor).items()}
    event = forge.push(forge.topic(more))
    jobs = start("publish.yml", event, shards=3, branch="out", tools="kubeconform", runner="mine")
    assert {id_: job.result for id_, job in jobs.items()} == {
        "plan": "success", "render": "success", "publish": "success",
    }
    assert int(jobs["plan"].outputs["shards"]) == len(json.loads(jobs["plan"].outputs["matrix"])["include"]) > 1
    paths = forge.repo.git("ls-tree", "-r", "--name-only", "out")
    assert len(set(re.findall(r"releases/docker/scs/[\d-]+/v1/", paths))) == 4
    first = forge.repo.git("rev-parse", "out")
    jobs = start("publish.yml", forge.dispatch(), shards=3, branch="out")
    assert [job.result for job in jobs.values()] == ["success", "skipped", "success"], "an empty matrix starts no job"
    assert (jobs["plan"].outputs["shards"], forge.repo.git("rev-parse", "out")) == ("0", first)


@pytest.mark.slow
def test_nothing_is_published_where_a_shard_failed(start: Start, forge: Forge) -> None:
    broken = {**files("1-37"), f"{STACK}/1-37/cluster-class/class.yaml": "a: <% unknown %>\n"}
    jobs = start("publish.yml", forge.push(forge.topic(broken)), shards=2)
    assert [job.result for job in jobs.values()] == ["success", "failure", "skipped"]
    assert "rendered" not in forge.repo.git("branch", "--list", "rendered")


@pytest.mark.slow
@pytest.mark.parametrize("shards", [1, 3])
def test_only_the_default_branch_is_published(start: Start, forge: Forge, shards: int) -> None:
    jobs = start("publish.yml", forge.push(forge.topic(BUMPED), "feature"), shards=shards)
    assert {job.result for job in jobs.values()} == {"skipped"}


@pytest.mark.slow
def test_a_preview_comes_and_goes(start: Start, forge: Forge) -> None:
    head = forge.topic(BUMPED)
    for action, there in (("opened", True), ("synchronize", True), ("closed", False)):
        jobs = start("preview.yml", forge.pull_request(head, action=action), runner="mine", tools="")
        assert jobs["preview"].result == "success", jobs["preview"].err
        assert bool(forge.repo.git("branch", "--list", "preview/pr-7")) == there


@pytest.mark.slow
def test_a_fork_gets_no_preview(start: Start, forge: Forge) -> None:
    jobs = start("preview.yml", forge.pull_request(forge.topic(BUMPED), fork=True), runner="mine", tools="")
    assert jobs["preview"].result == "skipped"


@pytest.mark.parametrize(("text", "value"), [
    ("join(needs.*.result, ' ')", "failure success"), ("!(1 == 2) && 'it''s'", "it's"), ("github.none.of.this", None),
    ("inputs.shards > 1", False), ("'A' == 'a'", True), ("'' || 0 || 'x'", "x"), ("format('{1}{0}', 1, true)", "true1"),
    ("contains(needs.*.result, 'failure')", True), ("fromJSON('[1]')", [1]), ("null == 0", True),
])
def test_expressions(text: str, value: object) -> None:
    needs = {"a": {"result": "failure"}, "b": {"result": "success"}}
    assert evaluate(text, {"needs": needs, "inputs": {}, "github": {}}, {}) == value
    assert interpolated(f"<${{{{ {text} }}}}>", {"needs": needs, "inputs": {}, "github": {}}, {}).startswith("<")
