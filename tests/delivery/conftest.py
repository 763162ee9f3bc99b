"""Trees of delivered files, built by the real kustomize. The modules beside this file are fixtures of their names."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from cluster_stacks.delivery.catalogue import find_generator
from cluster_stacks.delivery.deliver import deliver
from cluster_stacks.delivery.generator import Generator
from cluster_stacks.delivery.load import load_generator
from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.settings import GeneratorSettings
from cluster_stacks.model.source import SourceFile
from cluster_stacks.releases.facts import ReleaseFacts

Deliver = Callable[..., Path]
Build = Callable[..., list[Any]]
Make = Callable[..., Generator]

DEFINITION = """\
apiVersion: cluster-stacks.io/v1alpha1
name: own
version: 1.0.0
description: for a test
"""


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"delivery_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def facts() -> ModuleType:
    return _module("facts")


@pytest.fixture(scope="session")
def flux() -> ModuleType:
    return _module("flux_substitution")


@pytest.fixture(scope="session")
def argocd() -> ModuleType:
    return _module("argocd_applicationset")


@pytest.fixture(scope="session")
def objects() -> ModuleType:
    return _module("objects")


@pytest.fixture
def delivered(tmp_path: Path, facts: ModuleType) -> Deliver:
    """Writes what a bundled generator delivers; gives the folder, `<branch>/delivery/<name>`."""

    def write(name: str, releases: Sequence[ReleaseFacts], **parameters: object) -> Path:
        folder = tmp_path / "branch" / "delivery" / name
        for file in deliver(find_generator(name), releases, facts.settings(GeneratorSettings(name, parameters))):
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
        return folder

    return write


@pytest.fixture
def build() -> Build:
    """`kustomize build` of a folder, as Flux does it: with the components that an operator lists."""

    def run(folder: Path, *components: str) -> list[Any]:
        kustomization = folder / "kustomization.yaml"
        original = kustomization.read_text()
        if components:
            kustomization.write_text(original + "components:\n" + "".join(f"- {name}\n" for name in components))
        try:
            done = subprocess.run(["kustomize", "build", str(folder)], capture_output=True, check=False)
        finally:
            kustomization.write_text(original)
        assert done.returncode == 0, done.stderr.decode()
        return [document.value for document in load_documents(done.stdout, "build")]

    return run


@pytest.fixture
def make() -> Make:
    """A generator from the text of its generator.yaml, after a head that is always the same, and its templates."""

    def load(definition: str, templates: Mapping[str, str | bytes] = {}, name: str = "own", **kwargs: Any) -> Generator:
        texts = {"generator.yaml": DEFINITION.replace("own", name) + definition, **templates}
        files = {
            path: SourceFile(f"generators/{name}/{path}", "100644", text.encode() if isinstance(text, str) else text)
            for path, text in texts.items()
        }
        return load_generator(name, files, **kwargs)

    return load


@pytest.fixture
def golden(request: pytest.FixtureRequest, original_datadir: Path) -> Callable[[Path], None]:
    """Compares a whole tree with the one beside the test; `--force-regen` of pytest-regressions writes that."""

    def texts(folder: Path) -> dict[str, str]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_text() for path in files}

    def compare(folder: Path) -> None:
        kept = original_datadir / request.node.name
        if request.config.getoption("force_regen"):
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(folder, kept)
            pytest.fail(f"{kept} was made anew: look at its difference")
        assert texts(folder) == texts(kept)

    return compare
