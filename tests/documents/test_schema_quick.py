"""The quick look at a document calls nothing fine in which the thorough one finds something."""

from __future__ import annotations

import datetime

import pytest

from cluster_stacks.documents import schema
from cluster_stacks.runtime.data import data_dir

NAMES = sorted(path.name.removesuffix(".schema.json") for path in data_dir("schemas").glob("*.schema.json"))
VALUES: list[object] = [
    {}, [], None, "text", 1, {"": 1}, {1: 2}, {"schemaVersion": 1}, {"schemaVersion": 1.0}, {"schemaVersion": True},
    {"schemaVersion": 10**400}, {"schemaVersion": float("nan")}, {"branch": "rendered"}, {"branch": "rendered\n"},
    {"branch": "\ud800"}, {"branch": "a..b"}, {"generators": [{"name": "flux"}]}, {"generators": [{"name": "flux\n"}]},
    {"branch": datetime.date(2026, 1, 2)}, {"apiVersion": "x", "kind": "y"}, {"name": "cilium", "order": 1},
]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_called_fine_is_fine(name: str) -> None:
    thorough = schema._validator(name)
    for value in VALUES:
        assert not schema._is_fine(value, name) or thorough.is_valid(value), value


def test_the_quick_look_does_tell() -> None:
    assert schema._is_fine({"branch": "rendered", "generators": [{"name": "flux"}]}, "settings")
    assert not schema._is_fine({"branch": "rendered\n"}, "settings")
    assert not schema._is_fine({1: 2}, "settings")
