"""From objects back to the lines that made them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cluster_stacks.model.release import Release
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import Position
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering.locate import locate

MACHINES = """\
# two of them
#% for role in ["a", "b"]
---
apiVersion: v1
kind: MachineTemplate
metadata:
  name: <% release_name %>-<% role %>
spec:
  files:
#% for n in range(2)
    - path: /<% n %>
      "a/b~c": <% vars.x %>
#% endfor
---
#% endfor
"""
ADDON = "<# a comment\n#>\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {k: <% vars.x %>}\n"
IMAGE = "apiVersion: v1\nkind: Image\nmetadata:\n  name: <% images.kind.name %>\n"


@pytest.fixture
def stack(make: Callable[..., StackSource]) -> StackSource:
    return make({
        "cluster-class/machines.yaml": MACHINES, "cluster-addon/x/a.yaml": ADDON,
        "cluster-addon/x/addon.yaml": "namespace: x\n", "node-images/templates/i.yaml": IMAGE,
        "node-images/images.yaml": "apiVersion: cluster-stacks.io/v1alpha1\n"
        f"images: [{{name: kind, method: url, url: u, checksum: 'sha256:{1:064x}'}}]\n",
        "sample-cluster.yaml": "apiVersion: v1\nkind: Cluster\n\nmetadata: {name: <% release_name %>}\n",
    }, values={"x": "y"})


@pytest.mark.parametrize(
    ("name", "pointer", "file", "line", "column"),
    [
        ("docker-scs-1-36-v3", "/spec/variables/1/name", "cluster-class/class.yaml", 13, 13),
        ("docker-scs-1-36-v3", "", "cluster-class/class.yaml", 1, 1),
        ("docker-scs-1-36-v3", "/spec/nothing/there", "cluster-class/class.yaml", 6, 3),
        ("docker-scs-1-36-v3-a", "/metadata/name", "cluster-class/machines.yaml", 7, 9),
        ("docker-scs-1-36-v3-b", "/kind", "cluster-class/machines.yaml", 5, 7),
        ("docker-scs-1-36-v3-b", "/spec/files/1/path", "cluster-class/machines.yaml", 11, 13),
        ("docker-scs-1-36-v3-b", "/spec/files/1/a~1b~0c", "cluster-class/machines.yaml", 12, 16),
        ("docker-scs-1-36-v3-b", "/metadata/annotations/x", "cluster-class/machines.yaml", 7, 3),
        ("docker-scs-1-36-v3-b", "/spec/files/x/y", "cluster-class/machines.yaml", 11, 5),
        ("my-cluster", "/metadata", "sample-cluster.yaml", 4, 11),
        ("x", "/data/k", "cluster-addon/x/a.yaml", 6, 11),
        ("image", "/metadata/name", "node-images/templates/i.yaml", 4, 9),
    ],
)
def test_places(
    stack: StackSource, render: Callable[[StackSource], Release], name: str, pointer: str, file: str, line: int,
    column: int,
) -> None:
    release = render(stack)
    assert release.images is not None
    wanted = {"my-cluster": "Cluster", "image": "Image"}.get(name)
    item = next(
        o for o in (*release.objects, *release.images.objects)
        if (o.kind == wanted if wanted else o.name == name and o.kind != "Cluster")
    )
    found = locate(stack, item, pointer, Settings())
    assert (found.path.removeprefix("providers/docker/scs/1-36/"), found.line, found.column) == (file, line, column)


def test_a_key_and_a_place_within_a_text(
    make: Callable[..., StackSource], render: Callable[[StackSource], Release]
) -> None:
    text = "kind: A\nmetadata:\n  name: <% release_name %>\nspec:\n  template: |\n    a\n    <% vars.x %> {{ .b }}\n"
    stack = make({"cluster-class/more.yaml": f"# a template\napiVersion: v1\n{text}"}, values={"x": "longer"})
    item = next(item for item in render(stack).objects if item.kind == "A")
    key = locate(stack, item, "/spec/template", Settings(), on_key=True)
    assert (key.line, key.column) == (7, 3)
    within = locate(stack, item, "/spec/template", Settings(), within=Position(2, 11))
    assert (within.line, within.column) == (9, 21)
