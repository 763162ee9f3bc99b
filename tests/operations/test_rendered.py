"""Stacks through workers: in order, with findings in place of what failed."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import pytest

from cluster_stacks.model.errors import CannotTell, Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.operations.rendered import map_rendered, whole

CLASS = b"apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata: {name: <% release_name %>}\n"


def source(name: str, text: bytes = CLASS) -> StackSource:
    stack = StackId("docker", name, "1-36")
    file = SourceFile(f"{stack.path}/cluster-class/class.yaml", "100644", text)
    versions = Metadata(Version(1), KubernetesVersion(1, 36, 1), Version(1), Version(1))
    return StackSource(stack, versions, {"cluster-class/class.yaml": file}, {})


def test_results_and_findings_in_order() -> None:
    unread = Finding("CS210", Severity.ERROR, "no metadata", "x", stack="docker/b/1-36")
    sources: list[StackSource | Refused] = [source("a"), Refused(unread), source("c", b"a: ["), source("d")]
    found = list(map_rendered(sources, Settings(), whole))
    assert [outcome.result.name if outcome.result else "" for outcome in found] == [
        "docker-a-1-36-v1", "", "", "docker-d-1-36-v1",
    ]
    assert found[1].findings == (unread,)
    assert [(f.rule, f.stack) for f in found[2].findings] == [("CS202", "docker/c/1-36")]


def test_only_what_is_wanted_comes_back() -> None:
    [outcome] = map_rendered([source("a")], Settings(), lambda _, release: len(release.files))
    assert outcome.result == 5


def test_what_then_refuses_is_a_finding() -> None:
    finding = Finding("CS400", Severity.ERROR, "no", "x")

    def refuse(_: StackSource, release: Release) -> int:
        raise Refused(finding)

    [outcome] = map_rendered([source("a")], Settings(), refuse)
    assert (outcome.result, outcome.findings) == (None, (finding,))


def test_a_stack_that_takes_for_ever_is_stopped() -> None:
    def wait(of: StackSource, release: Release) -> str:
        if of.stack.name == "slow":
            time.sleep(60)
        return release.name

    found = list(map_rendered([source("a"), source("slow"), source("c")], Settings(), wait, seconds=0.5))
    assert [outcome.result for outcome in found] == ["docker-a-1-36-v1", None, "docker-c-1-36-v1"]
    (finding,) = found[1].findings
    assert (finding.rule, finding.stack) == ("CS303", "docker/slow/1-36")
    assert finding.path == "providers/docker/slow/1-36/cluster-class/class.yaml"
    assert finding.message == (
        "rendering docker/slow/1-36 ran out of time (more than 0.5 s) and was stopped: simplify this file"
    )


def test_a_missing_tool_ends_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    chart = source("a")
    file = SourceFile("providers/docker/a/1-36/cluster-class/Chart.yaml", "100644", b"name: x\nversion: v1\n")
    of_chart = StackSource(chart.stack, chart.metadata, {"cluster-class/Chart.yaml": file}, {})
    with pytest.raises(CannotTell, match="helm is not on PATH"):
        list(map_rendered([of_chart], Settings(), whole))


CHART_CLASS = b"apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata: {name: '{{ .Release.Name }}-v1'}\n"
LOOP = b"{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}"


def chart(name: str, more: bytes = b"") -> StackSource:
    plain = source(name)
    files = {
        f"cluster-class/{path}": SourceFile(f"{plain.stack.path}/cluster-class/{path}", "100644", data)
        for path, data in {"Chart.yaml": b"name: x\nversion: v1\n", "templates/a.yaml": CHART_CLASS + more}.items()
    }
    return StackSource(plain.stack, plain.metadata, files, {})


@pytest.mark.usefixtures("tools")
def test_charts_in_bounded_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sources = [chart("a"), chart("loop", LOOP), chart("z")]
    found = list(map_rendered(sources, Settings(), whole, seconds=1.5))
    assert [outcome.result.name if outcome.result else "" for outcome in found] == [
        "docker-a-1-36-v1", "", "docker-z-1-36-v1",
    ]
    assert [(f.rule, f.path.rpartition("/")[2]) for f in found[1].findings] == [("CS303", "Chart.yaml")]
    assert list(tmp_path.iterdir()) == []
