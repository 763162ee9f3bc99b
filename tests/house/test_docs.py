"""The pages that people read: links lead somewhere, commands exist, files that are shown have their form."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
import pytest
import yaml

from cluster_stacks.cli.main import cli
from cluster_stacks.documents.schema import violations
from pages import Block, blocks, split

HERE = Path(__file__).resolve().parents[2]
FIRST = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
STACKS = [*(HERE / "providers").glob("*/*.md"), *(HERE / "providers").glob("*/*/*.md")]
PAGES = [*(HERE / page for page in FIRST), *sorted((HERE / "docs").rglob("*.md")), *sorted(STACKS)]
WRITTEN = [page for page in PAGES if page.parent.name != "reference"]  # the others are made from the code
SHELL = ("", "sh", "shell", "bash", "console")

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
CODE = re.compile(r"(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
COMMAND = re.compile(r"^\s*(?:\$ |- run: |run: |- )?(cluster-stacks .*)$")
INNER = re.compile(r"\$\((cluster-stacks [^)]*)\)")
MODULE = re.compile(r"[a-z_]+/[\w./-]+\.py")
NAMED = re.compile(r"[\w./<>*-]*[\w>]\.ya?ml\b")


def name(page: Path) -> str:
    return page.relative_to(HERE).as_posix()


@cache
def prose(page: Path) -> str:
    """A page without its fenced blocks, every line where it was."""
    lines = dict(split(page)[0])
    return "\n".join(lines.get(number, "") for number in range(1, max(lines) + 1))


def line_of(match: re.Match[str]) -> int:
    return match.string.count("\n", 0, match.start()) + 1


# --- links


@cache
def anchors(page: Path) -> frozenset[str]:
    """The ids that GitHub gives to the headings of a page."""
    seen: Counter[str] = Counter()
    found = set()
    for _, line in split(page)[0]:
        match = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if match:
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1].replace("`", ""))
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return frozenset(found)


def links(page: Path) -> Iterator[tuple[int, str]]:
    for match in LINK.finditer(CODE.sub(lambda code: re.sub(r"[^\n]", "`", code[0]), prose(page))):
        target = match[1] or match[2]
        if not re.match(r"[a-z][a-z0-9+.-]*:", target):
            yield line_of(match), unquote(target)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for number, target in links(page):
        path, _, anchor = target.partition("#")
        file = Path(os.path.normpath(page.parent / path)) if path else page
        inside = file == HERE or HERE in file.parents
        if not inside or not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(f"{name(page)}:{number}: {target}")
    assert not dead


def test_every_page_can_be_reached_from_the_first() -> None:
    reached: set[Path] = set()
    open_ = [HERE / "README.md"]
    while open_:
        page = open_.pop()
        reached.add(page)
        files = {Path(os.path.normpath(page.parent / target.partition("#")[0])) for _, target in links(page)}
        files |= {file for folder in files if folder.is_dir() for file in folder.glob("*.md")}
        open_ += [file for file in files if file.suffix == ".md" and file.is_file() and file not in reached]
    assert not [name(page) for page in PAGES if page not in reached]


SOURCES = [HERE, HERE / "src" / "cluster_stacks"]
"""Where pages about the code begin their paths."""


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_module_that_is_named_is_there(page: Path) -> None:
    named = [(line_of(match), match[2]) for match in CODE.finditer(prose(page)) if MODULE.fullmatch(match[2])]
    assert not [f"{name(page)}:{number}: {path}" for number, path in named
                if not any((folder / path).exists() for folder in SOURCES)]


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_code_that_is_shown_is_python(page: Path) -> None:
    for block in blocks(page):
        if block.language == "python":
            ast.parse("\n".join(block.lines))


# --- commands


def commands(page: Path) -> Iterator[tuple[int, str]]:
    """The commands of a page: those of its blocks, with their lines joined, and those of code in its prose."""
    for block in blocks(page):
        if block.language in (*SHELL, "yaml"):
            yield from written(block)
    for match in CODE.finditer(prose(page).replace("\\|", "|")):
        if match[2].startswith("cluster-stacks "):
            yield line_of(match), " ".join(match[2].split())


def written(block: Block) -> Iterator[tuple[int, str]]:
    prompted = any(line.startswith("$ ") for line in block.lines)
    for number, line in enumerate(block.lines, block.line):
        if prompted and not line.startswith("$ "):
            continue
        match = COMMAND.match(line)
        if match:
            yield number, match[1]
        yield from ((number, inner) for inner in INNER.findall(line))


def words(command: str) -> list[str]:
    """The words of a command up to what only a shell sees, less its comment; `<that commit>` is one."""
    lexer = shlex.shlex(re.sub(r"<[a-z ]+>", "WORD", command), posix=True, punctuation_chars="|&;<>()")
    lexer.whitespace_split, lexer.commenters = True, "#"
    found = []
    for word in lexer:
        if re.fullmatch(r"[|&;<>()]+", word):
            break
        found.append(word)
    return found[1:]


def judge(arguments: list[str]) -> str:
    """Why click would not take these arguments; empty where it would. Nothing is run, and no file is looked for."""
    context = click.Context(cli, info_name="cluster-stacks")
    command: click.Command = cli
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        verb, *arguments = arguments
        below = command.get_command(context, verb)
        if below is None:
            return f"no verb {verb}"
        command, context = below, click.Context(below, parent=context, info_name=verb)
    try:
        given, rest, _ = command.make_parser(context).parse_args(list(arguments))
    except click.UsageError as error:
        return error.format_message()
    if rest:
        return f"too many arguments: {rest}"
    for option in command.params:
        if isinstance(option.type, click.Choice) and given.get(option.name or "") not in (None, *option.type.choices):
            return f"{option.opts[0]} has no {given[option.name or '']}"
    return ""


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_every_command_is_one(page: Path) -> None:
    wrong = []
    for number, command in commands(page):
        said = judge(words(command))
        if said:
            wrong.append(f"{name(page)}:{number}: {command}: {said}")
    assert not wrong


@pytest.mark.parametrize("command", [
    "cluster-stacks chek", "cluster-stacks check --bas main", "cluster-stacks check --format xml",
    "cluster-stacks list --head", "cluster-stacks new stak a/b", "cluster-stacks doctor docker/scs | cat",
    "cluster-stacks --hook-path",
])
def test_a_command_that_is_none_is_found(command: str) -> None:
    assert judge(words(command))


# --- files that are shown

SCHEMAS = {
    ".cluster-stacks.yaml": "settings", "metadata.yaml": "metadata", "overlay.yaml": "overlay", "addon.yaml": "addon",
    "images.yaml": "images", "generator.yaml": "generator", "clusteraddon.yaml": "clusteraddon",
}


class Loader(yaml.SafeLoader):
    """YAML as its readers here take it: dates are text, and `on` is a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, words) for tag, words in found if not tag.endswith((":timestamp", ":bool")) or first in "tf"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def kind(block: Block, value: Any) -> str:
    """What a block of YAML is: by its first line, by its keys, by the file that the paragraph before names last."""
    if block.lines[0].startswith("# ") and (named := NAMED.findall(block.lines[0])):
        return kind_of_file(named[0])
    first = value[0] if isinstance(value, list) and value else value
    if "repos" in first or {"repo", "hooks"} <= set(first):
        return "pre-commit"
    if {"jobs", "steps"} & set(first) or {"uses", "run"} & set(first):
        return "workflow"
    named = NAMED.findall(block.before)
    if named:
        return kind_of_file(named[-1])
    settings = json.loads((HERE / "schemas" / "settings.schema.json").read_bytes())["properties"]
    return "settings" if set(first) <= set(settings) else ""


def kind_of_file(path: str) -> str:
    if path.startswith(".github/workflows/"):
        return "workflow"
    if path.startswith("policies/"):
        return "policy"
    return SCHEMAS.get(path.rpartition("/")[2], "")


def shown() -> list[tuple[Path, Block, Any, str]]:
    found = []
    for page in WRITTEN:
        for block in blocks(page):
            if block.language == "yaml":
                value = yaml.load(re.sub(r"<%.*?%>", "X", "\n".join(block.lines)), Loader)
                found.append((page, block, value, kind(block, value)))
    return found


def test_every_file_that_is_shown_has_its_form() -> None:
    files = shown()
    wrong = [
        f"{name(page)}:{block.line}: {kind}: {one.message}"
        for page, block, value, kind in files if kind not in ("", "workflow", "pre-commit")
        for one in violations(value, kind)
    ]
    assert not wrong
    seen = {kind for *_, kind in files}
    assert {"settings", "metadata", "overlay", "addon", "images", "generator", "workflow", "pre-commit"} <= seen


def test_every_hook_that_is_shown_is_there() -> None:
    hooks = {one["id"] for one in yaml.safe_load((HERE / ".pre-commit-hooks.yaml").read_text())}
    for page, block, value, kind in shown():
        if kind == "pre-commit":
            for repository in value["repos"] if isinstance(value, dict) else value:
                assert {one["id"] for one in repository["hooks"]} <= hooks, f"{name(page)}:{block.line}"


def test_every_workflow_that_is_shown_is_one(tmp_path: Path) -> None:
    """As a whole: what a page leaves out, a trigger or a runner, is put around it."""
    files = []
    for page, block, value, kind in shown():
        if kind == "workflow":
            files.append(tmp_path / f"{page.stem}-{block.line}.yml")
            files[-1].write_text(json.dumps(completed(value)))
    program = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [program, "--builtin-schema", "vendor.github-workflows", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def completed(value: Any) -> dict[str, Any]:
    whole: dict[str, Any] = {"steps": value} if isinstance(value, list) else dict(value)
    if "steps" in whole:
        whole = {"jobs": {"job": whole}}
    for job in whole["jobs"].values():
        if "uses" not in job:
            job.setdefault("runs-on", "ubuntu-24.04")
            job.setdefault("steps", [{"run": "true"}])
    return {"on": "push", **whole}
