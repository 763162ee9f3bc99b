"""What holds over all files: the import order, who may use which library, and what no file may say."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

PACKAGE = Path("src/cluster_stacks")

# A library, and the files or folders of the package that may import it: one place a job, so that it can be exchanged.
# None: it is for the tests.
ONLY_IN = {
    "click": ("cli/",),
    "git": (),
    "jinja2": ("rendering/", "delivery/templates.py"),
    "jsonschema": ("documents/schema.py",),
    "jsonschema_rs": ("validation/", "delivery/parameters.py", "documents/schema.py"),
    "ruamel": (),
    "subprocess": ("runtime/", "repository/batch.py", "repository/git.py"),
    "yaml": ("documents/",),
}

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w./-])/(?:root|work|farm|home/\w+|Users/\w+)/"),
    "the address of a package index": re.compile(r"--(?:extra-)?index-url|\bindex-url\s*=|\bregistry\s*=\s*https?:"),
    "a switch that turns off Go's checksums": re.compile(r"GO(?:NOSUMDB|NOSUMCHECK|FLAGS=-insecure|SUMDB=off|PROXY=)"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
}


def test_imports_follow_the_order(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_the_order_names_every_package(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text())
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    packages = {path.parent.name for path in (root / PACKAGE).glob("*/__init__.py")}
    assert {layer.removeprefix("cluster_stacks.") for layer in layers} == packages


def test_the_model_is_plain(root: Path) -> None:
    allowed = {"cluster_stacks", *sys.stdlib_module_names} - {"os", "subprocess", "pathlib", "io"}
    for path, module in imports(root / PACKAGE / "model"):
        assert module.split(".")[0] in allowed, f"{path.name} imports {module}: no I/O and no library in the model"


@pytest.mark.parametrize("library", ONLY_IN)
def test_each_library_has_its_place(root: Path, library: str) -> None:
    package = root / PACKAGE
    users = {path.relative_to(package).as_posix() for path, name in imports(package) if name.split(".")[0] == library}
    strangers = sorted(user for user in users if not user.startswith(ONLY_IN[library]))
    assert not strangers, f"{library} is for {', '.join(ONLY_IN[library]) or 'the tests'}"


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_says(root: Path, what: str) -> None:
    hits = []
    for path, text in texts(root):
        if path != Path(__file__):
            hits += [f"{path.relative_to(root)}: {match.group()}" for match in FORBIDDEN[what].finditer(text)]
    assert not hits, f"{what} is in {hits}"


def imports(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file below the folder with every module it imports, wherever in the file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield path, node.module


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """The files that Git has or would take, less those that are no text."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    for name in listed.split(b"\0"):
        path = root / name.decode()
        if name and path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if b"\0" not in data[:8192]:
                yield path, data.decode("utf-8", "replace")
