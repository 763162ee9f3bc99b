"""tools/build: the pinned programs are there, say the pinned versions, and a second run builds nothing."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

VERSION = {
    "kubeconform": ["-v"], "kustomize": ["version"], "actionlint": ["-version"],
    "helm": ["version", "--template", "{{.Version}}"],
}


@pytest.fixture
def build(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, although its name has no `.py`."""
    loader = importlib.machinery.SourceFileLoader("tools_build", str(root / "tools" / "build"))
    spec = importlib.util.spec_from_loader("tools_build", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "tools_build", module)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", VERSION)
def test_each_program_is_the_pinned_one(tools: Path, build: ModuleType, name: str) -> None:
    done = subprocess.run([str(tools / name), *VERSION[name]], capture_output=True, text=True, check=True)
    (tool,) = (tool for tool in build.TOOLS if tool.name == name)
    assert done.stdout.split()[0] == build.pinned_version(tool)


def test_a_second_run_builds_nothing(root: Path, tools: Path, tmp_path: Path) -> None:
    # Without any Go: whatever had to be built would end in an error.
    env = {**os.environ, "PATH": str(tmp_path), "GO": ""}
    done = subprocess.run([sys.executable, str(root / "tools" / "build")], env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_another_pin_is_another_key(build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "helm"
    module.mkdir()
    monkeypatch.setattr(build, "HERE", tmp_path)
    (tool,) = (tool for tool in build.TOOLS if tool.name == "helm")
    keys = set()
    for sums in ("one", "two"):
        (module / "go.mod").write_text("go 1.26.0\n")
        (module / "go.sum").write_text(sums)
        keys.add(build.key(tool))
    assert len(keys) == 2


def test_every_module_is_a_tool_and_every_tool_a_module(root: Path, build: ModuleType) -> None:
    modules = {path.parent.name for path in (root / "tools").glob("*/go.mod")}
    assert modules == {tool.name for tool in build.TOOLS}
    for tool in build.TOOLS:
        what = "module" if (tool.module / "main.go").exists() else "tool"  # of our own, or somebody's
        assert f"{what} {tool.package}\n" in (tool.module / "go.mod").read_text()


def test_the_go_package_is_new_enough(build: ModuleType) -> None:
    assert build.numbers(build.GO_PACKAGE.split("==")[1]) >= build.needed_go(list(build.TOOLS))


def test_an_unknown_tool_is_named(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "tools" / "build"), "helmet"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert re.search(r"no such tool: helmet$", done.stderr.strip())
