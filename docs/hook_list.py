"""The hooks of .pre-commit-hooks.yaml as Markdown: a page of their own, and the list that other pages hold."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import click
import yaml

from cluster_stacks.cli.main import cli

ROOT = Path(__file__).resolve().parent.parent
START = "<!-- hooks: made by docs/generate.py from .pre-commit-hooks.yaml -->"
END = "<!-- /hooks -->"
PAGES = ("README.md", "docs/hooks-and-ci.md")
"""The pages that hold the list, between the marks."""

INTRO = """\
What `.pre-commit-hooks.yaml` offers; [hooks and CI](../hooks-and-ci.md#pre-commit) says which to use where. Ids are an
interface: none is renamed. An option is given by `args`:

```yaml
      - id: cluster-stacks-validate
        args: [--engine, embedded]
```"""
NOT_OF_A_HOOK = {
    "--repo", "--base", "--head", "--staged", "--worktree", "--format", "--keep-index", "--files", "--deepen", "--path",
    "--kubernetes", "--commit", "--dry-run", "--merge", "--promote", "--quiet", "--verbose", "--color",
}
"""What an entry says already, what would judge something else than the commit, and what only a terminal shows."""
NOT_OF_FILES = {"--target", "--all"}

Hook: TypeAlias = Mapping[str, Any]


def hooks() -> list[Hook]:
    """The hooks, in the order of the file."""
    found: list[Hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return found


def page() -> Iterator[str]:
    """The parts of docs/reference/hooks.md."""
    yield "# Hooks"
    yield INTRO
    for hook in hooks():
        verb, *given = shlex.split(hook["entry"])[1:]
        yield f"## {hook['id']}"
        yield hook["description"]
        yield "\n".join([
            "| | |", "|---|---|", f"| runs | [`{hook['entry']}`](commands.md#cluster-stacks-{verb}) {_when(hook)} |",
            f"| stages | {', '.join(hook['stages'])} |", *_options(verb, NOT_OF_FILES if "--files" in given else set()),
        ])


def replaced(text: str, below: str) -> str:
    """A page with its list as it must be; `below` is where the page finds docs/. Raises ValueError without marks."""
    rows = [f"| [`{hook['id']}`]({below}reference/hooks.md#{hook['id']}) | {hook['description']} | {_when(hook)} |"
            for hook in hooks()]
    block = "\n".join([START, "| hook | does | runs |", "|---|---|---|", *rows, END])
    made, count = re.subn(f"{re.escape(START)}.*?{re.escape(END)}", lambda _: block, text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"one list of hooks between marks is expected, and there are {count}")
    return made


def _when(hook: Hook) -> str:
    if hook.get("always_run"):
        return "on every commit"
    return "where a YAML file is part of it" if "files" not in hook else "where one of these files is part of it"


def _options(verb: str, without: set[str]) -> Iterator[str]:
    """A row an option that makes sense in a hook."""
    with click.Context(cli) as context:
        command = cli.get_command(context, verb)
    assert command is not None, verb
    for one in command.params:
        if not isinstance(one, click.Option) or one.hidden or NOT_OF_A_HOOK.union(without).intersection(one.opts):
            continue
        choices = "/".join(map(str, one.type.choices)) if isinstance(one.type, click.Choice) else ""
        value = "" if one.is_flag else f" {one.metavar or choices or 'TEXT'}"
        flags = ", ".join([max(one.opts, key=len), *one.secondary_opts])
        yield f"| `{flags}{value}` | {' '.join((one.help or '').split())} |"
