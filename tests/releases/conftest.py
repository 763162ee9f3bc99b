"""Stacks as they come from a snapshot, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from cluster_stacks.model.metadata import Metadata
from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import StackId
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.model.version import KubernetesVersion, Version

FILES = {
    "cluster-class/class.yaml": "name: <% release_name %>\n",
    "cluster-addon/cilium/Chart.yaml": "apiVersion: v2\nname: cilium\nversion: 1.2.3\n",
    "cluster-addon/cilium/values.yaml": "replicas: <% vars.cilium.replicas %>\n",
    "node-images/images.yaml": "images: []\n",
    "README.md": "About the stack\n",
}


@pytest.fixture
def source() -> Callable[..., StackSource]:
    """Makes a stack: `files` and `modes` on top of usual ones (None removes), versions by name."""

    def make(
        files: Mapping[str, str | None] | None = None, *, variables: Mapping[str, object] | None = None,
        modes: Mapping[str, str] | None = None, shared: bool = False, stack: str = "docker/scs/1-36",
        version: str = "v1", kubernetes: str = "v1.36.1", addon: str = "v1", image: str = "v1",
    ) -> StackSource:
        found = StackId.parse(stack)
        assert found is not None
        folder = found.shared_path if shared else found.path
        texts = {path: text for path, text in {**FILES, **(files or {})}.items() if text is not None}
        return StackSource(
            found,
            Metadata(
                Version.parse(version), KubernetesVersion.parse(kubernetes), Version.parse(addon), Version.parse(image)
            ),
            {
                path: SourceFile(f"{folder}/{path}", (modes or {}).get(path, "100644"), text.encode())
                for path, text in texts.items()
            },
            {"cilium": {"replicas": 1}} if variables is None else variables,
        )

    return make
