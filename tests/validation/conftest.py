"""The corpus: files of objects that pass, and files that each say on their first lines what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.runtime.tools import Tool, require_tool
from cluster_stacks.validation.problem import Judged
from cluster_stacks.validation.store import Store

CORPUS = Path(__file__).parent / "corpus"
MINOR = "1.36"


@dataclass(frozen=True, slots=True)
class Case:
    """A file of the corpus. `expected` are (rule, pointer) of all findings; `by_rules` says that no engine has one."""

    path: Path
    expected: frozenset[tuple[str, str]]
    by_rules: bool

    @property
    def documents(self) -> list[Judged]:
        found = load_documents(self.path.read_bytes(), self.path.name)
        return [Judged(document.value, self.path.name, scope=self.path.name, line=document.line) for document in found]


def cases(folder: str) -> list[Case]:
    return [_case(path) for path in sorted((CORPUS / folder).glob("*.yaml"))]


def _case(path: Path) -> Case:
    lines = [line[2:] for line in path.read_text().splitlines() if line.startswith(("# CS", "# rules: "))]
    words = [line.removeprefix("rules: ").split() for line in lines]
    expected = frozenset((word[0], word[1] if len(word) > 1 else "") for word in words)
    return Case(path, expected, any(line.startswith("rules: ") for line in lines))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for folder in ("good", "bad"):
        if folder in metafunc.fixturenames:
            found = cases(folder)
            metafunc.parametrize(folder, found, ids=[case.path.stem for case in found])


@pytest.fixture(scope="session")
def store() -> Store:
    return Store(MINOR)


@pytest.fixture(scope="session")
def kubeconform() -> Tool:
    return require_tool("kubeconform", "the engines are compared")


@pytest.fixture(scope="session")
def corpus() -> list[Case]:
    return [*cases("good"), *cases("bad")]
