"""What a compiled program says of its version is remembered; a script is asked each time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cluster_stacks.runtime import tools as module


def test_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked: list[Path] = []

    def answer(name: str, path: Path) -> str:
        asked.append(path)
        return f"v1.0.{len(asked)}"

    monkeypatch.setattr(module, "_asked", answer)
    script, compiled = tmp_path / "script", tmp_path / "compiled"
    script.write_text("#!/bin/sh\n")
    compiled.write_bytes(b"\x7fELF and so on")

    def version(path: Path) -> str:
        module._version.cache_clear()  # the next process
        return module._version("helm", path)

    assert [version(compiled), version(compiled), version(script), version(script)] == [
        "v1.0.1", "v1.0.1", "v1.0.2", "v1.0.3"
    ]
    shutil.copy(compiled, tmp_path / "new")
    (tmp_path / "new").replace(compiled)
    assert version(compiled) == "v1.0.4", "another build"
    shutil.rmtree(tmp_path / "cache")
    assert version(compiled) == "v1.0.5"
