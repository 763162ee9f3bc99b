"""The check that a vendored chart renders is asked of Helm once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import chart_check
from cluster_stacks.rendering.helm import helm_template
from cluster_stacks.rendering.release import render

pytestmark = pytest.mark.usefixtures("tools")

FILES = {
    "cluster-addon/x/Chart.yaml": "apiVersion: v2\nname: x\nversion: 0.0.0\n",
    "cluster-addon/x/templates/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
}


def test_what_rendered_is_remembered_and_a_mistake_is_not(
    make: Callable[..., StackSource], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked: list[str] = []
    def counted(*words: object) -> object:
        asked.append(str(words[3]))
        return helm_template(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(chart_check, "helm_template", counted)
    for remembered in (set[str](), set[str]()):  # in this process, and in the next one
        monkeypatch.setattr(chart_check, "_fine", remembered)
        render(make(FILES), Settings())
        render(make(FILES), Settings())
    assert asked == ["x"]
    for _ in range(2):
        with pytest.raises(Refused):
            render(make(FILES | {"cluster-addon/x/templates/a.yaml": "{{ fail \"no\" }}"}), Settings())
    assert asked == ["x"] * 3
