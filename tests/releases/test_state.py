"""Who owns which path."""

from __future__ import annotations

import pytest

from cluster_stacks.documents.json import dumps
from cluster_stacks.documents.schema import check
from cluster_stacks.documents.yaml import load
from cluster_stacks.model.errors import Refused
from cluster_stacks.releases.state import Delivered, Index


@pytest.mark.parametrize(("path", "owned"), [
    ("README.md", True),
    ("releases/docker/scs/1-36/v1/x/y", True),
    ("releases/docker/scs/1-36/v1/", True),
    ("releases/docker/scs/1-36/v10/x", False),
    ("releases/docker/scs/1-36/v1", False),
    ("README.md/x", False),
    ("x", False),
])
def test_what_is_ours(path: str, owned: bool) -> None:
    index = Index({"README.md": "", "releases/docker/scs/1-36/v1/": "c" * 40})
    assert index.owns(path) is owned
    assert index.files == {"README.md"}


def test_there_and_back() -> None:
    index = Index({"z/": "c" * 40, "README.md": ""})
    data = dumps(index.as_json()).encode()
    assert Index.from_json(data, "x") == index
    assert check(load(data, "x"), "index") == []
    delivered = Delivered("flux", "2", "sha256:" + "d" * 64, {"b.yaml": "docker-scs-1-36-v1", "a.yaml": ""})
    data = dumps(delivered.as_json()).encode()
    assert Delivered.from_json(data, "x") == delivered
    assert check(load(data, "x"), "delivered") == []


def test_a_newer_layout_is_refused() -> None:
    with pytest.raises(Refused, match="install a newer"):
        Index.from_json({"schemaVersion": 1, "layoutVersion": 2, "owned": {}}, ".cluster-stacks/index.json")
