"""Stacks in memory: files by their path in the stack, as repository.effective would read them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Protocol

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import KubernetesVersion, Version
from cluster_stacks.rendering.release import render as render_release

STACK = StackId("docker", "scs", "1-36")
CLASS = """\
apiVersion: cluster.x-k8s.io/v1beta2
kind: ClusterClass
metadata:
  name: <% release_name %>
spec:
  kubernetesVersions: [<% kubernetes.version %>]
  workers:
    machineDeployments:
      - class: default-worker
  variables:
    - name: replicas
      required: true
    - name: flavor
"""
Text = str | bytes | tuple[str, str]
"""A file: its content, or its mode and content."""


class Make(Protocol):
    def __call__(
        self, files: Mapping[str, Text], *, values: Mapping[str, object] = ..., class_: bool = ..., version: str = ...,
        kubernetes: str = ...,
    ) -> StackSource: ...


@pytest.fixture
def make() -> Make:
    """Makes the source of docker/scs/1-36 with these files, and a class unless the test has its own."""

    def make(
        files: Mapping[str, Text], *, values: Mapping[str, object] | None = None, class_: bool = True,
        version: str = "v3", kubernetes: str = "v1.36.1",
    ) -> StackSource:
        metadata = Metadata(Version.parse(version), KubernetesVersion.parse(kubernetes), Version(2), Version(1))
        every: dict[str, Text] = ({"cluster-class/class.yaml": CLASS} if class_ else {}) | dict(files)
        return StackSource(STACK, metadata, {key: _file(key, every[key]) for key in sorted(every)}, values or {})

    return make


def _file(key: str, text: Text) -> SourceFile:
    mode, content = text if isinstance(text, tuple) else ("100644", text)
    data = textwrap.dedent(content).encode() if isinstance(content, str) else content
    return SourceFile(f"{STACK.path}/{key}", mode, data)


@pytest.fixture
def render() -> Callable[[StackSource], Release]:
    return lambda source: render_release(source, Settings())


class Refuse(Protocol):
    def __call__(self, source: StackSource) -> tuple[Finding, ...]: ...


@pytest.fixture
def refuse() -> Refuse:
    """The findings that rendering a source raises; every one has its stack, a message and a path."""

    def refuse(source: StackSource) -> tuple[Finding, ...]:
        with pytest.raises(Refused) as caught:
            render_release(source, Settings())
        for finding in caught.value.findings:
            assert finding.stack == "docker/scs/1-36"
            assert finding.path.startswith("providers/docker/scs/1-36")
            assert finding.message
            assert "\n" not in finding.message
        return caught.value.findings

    return refuse


@pytest.fixture
def place() -> Callable[[tuple[Finding, ...]], tuple[str, str, int, int]]:
    """Rule, path in the stack, line and column of the one finding."""

    def place(findings: tuple[Finding, ...]) -> tuple[str, str, int, int]:
        (finding,) = findings
        return finding.rule, finding.path.removeprefix(STACK.path + "/"), finding.line, finding.column

    return place
