"""Makes docs/reference from the code: the verbs, the rules, the schemas, the kinds that are judged, the hooks.

    docs/generate.py          writes the pages
    docs/generate.py --check  fails where a page is not what the code gives

Everything is found by import: a new verb, a new rule table or a new schema is on its page without a change here. The
list of hooks also stands in pages that people write, between marks.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import hook_list

from cluster_stacks.cli.main import VERBS, cli
from cluster_stacks.cli.rules import settable
from cluster_stacks.model.finding import RuleInfo
from cluster_stacks.operations.catalogue import EXAMPLES, examples, rule_tables
from cluster_stacks.operations.kinds import Project, kubernetes_minors, projects
from cluster_stacks.operations.list_rules import RuleReport
from cluster_stacks.operations.rules import is_settable

DOCS = Path(__file__).resolve().parent
REFERENCE = DOCS / "reference"
SCHEMAS = DOCS.parent / "schemas"
NOTE = "<!-- Made by docs/generate.py from the code: edit that, then run `make docs`. -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page differs")
    check = parser.parse_args().check
    pages = {
        "commands.md": commands_page(), "rules.md": rules_page(), "schemas.md": schemas_page(),
        "kinds.md": kinds_page(), "hooks.md": _page([NOTE, *hook_list.page()]),
    }
    pages |= {f"../../{name}": _with_hooks(DOCS.parent / name) for name in hook_list.PAGES}
    stale = [name for name, text in pages.items() if _read(REFERENCE / name) != text]
    stale += [path.name for path in sorted(REFERENCE.glob("*")) if path.name not in pages]
    if check:
        for name in stale:
            sys.stdout.writelines(_diff(name, pages.get(name, "")))
        if stale:
            names = ", ".join(Path(name).name for name in stale)
            sys.exit(f"docs/reference is not what the code gives ({names}): run `make docs`")
        return
    REFERENCE.mkdir(exist_ok=True)
    for name in stale:
        if name in pages:
            (REFERENCE / name).write_text(pages[name], encoding="utf-8")
        else:
            (REFERENCE / name).unlink()


def _with_hooks(path: Path) -> str:
    return hook_list.replaced(_read(path), "" if path.parent == DOCS else "docs/")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _diff(name: str, text: str) -> Iterator[str]:
    old = _read(REFERENCE / name).splitlines(keepends=True)
    yield from difflib.unified_diff(old, text.splitlines(keepends=True), f"committed/{name}", f"made/{name}", n=1)


# --- commands


def commands_page() -> str:
    parts = [NOTE, "# Commands", _prose(cli.help or ""), _verb_table()]
    with click.Context(cli, info_name="cluster-stacks") as root:
        for verb in VERBS:
            command = cli.get_command(root, verb)
            if command is not None:
                parts.extend(_command(root, f"cluster-stacks {verb}", verb, command))
    return _page(parts)


def _verb_table() -> str:
    rows = [f"| [`{verb}`](#cluster-stacks-{verb}) | {_cell(help_)} |" for verb, (_, help_) in VERBS.items()]
    return "\n".join(["| verb | does |", "|---|---|", *rows])


def _command(parent: click.Context, title: str, name: str, command: click.Command) -> Iterator[str]:
    with click.Context(command, parent=parent, info_name=name) as context:
        arguments = [_argument(one) for one in command.params if isinstance(one, click.Argument)]
        options = [_option(one) for one in command.params if isinstance(one, click.Option) and not one.hidden]
        yield f"## {title}"
        yield _prose(command.help or "")
        group = isinstance(command, click.Group)
        yield "```\n" + " ".join([title, *["[OPTIONS]"] * bool(options), *arguments, *["VERB"] * group]) + "\n```"
        if options:
            yield "\n".join(["| option | |", "|---|---|", *options])
        if isinstance(command, click.Group):
            for sub in command.list_commands(context):
                found = command.get_command(context, sub)
                if found is not None:
                    yield from _command(context, f"{title} {sub}", sub, found)


def _argument(argument: click.Argument) -> str:
    name = argument.metavar or (argument.name or "").upper() + ("..." if argument.nargs != 1 else "")
    return name if argument.required or name.startswith("[") else f"[{name}]"


def _option(option: click.Option) -> str:
    """Made here and not by click, whose words change with its version."""
    flags = ", ".join([*option.opts, *option.secondary_opts])
    if not option.is_flag and not option.count:
        choices = "/".join(map(str, option.type.choices)) if isinstance(option.type, click.Choice) else ""
        flags += " " + (option.metavar or choices or option.type.name.upper())
    said = [option.help or ""]
    if option.show_default and isinstance(option.default, (str, int)):
        said.append(f"Default: `{option.default}`.")
    return f"| `{_cell(flags)}` | {_cell(' '.join(said))} |"


# --- rules


def rules_page() -> str:
    tables = rule_tables()
    rules = sorted((rule for table in tables.values() for rule in table), key=lambda rule: rule.id)
    _refuse_duplicates(rules)
    index = ["| rule | name | severity | says |", "|---|---|---|---|"]
    index += [_rule_row(rule) for rule in rules]
    intro = (
        "Every finding names its rule. Ids are an interface: none is renamed or used again. Errors make a command end "
        "with 1, warnings and notes do not. `cluster-stacks rules CS101` shows a rule in the terminal, with the "
        "severity that a repository gives it; [settings](../settings.md) says how severities are set and findings "
        f"waived. The examples are some of those in [{EXAMPLES}](../../{EXAMPLES}), which the tests run: what `main` "
        "has, what a branch changes, and what is found, with paths below `providers/docker/scs/`."
    )
    parts = [NOTE, "# Rules", intro, "\n".join(index)]
    for rule in rules:
        parts += _rule(rule)
    return _page(parts)


def _rule(rule: RuleInfo) -> Iterator[str]:
    shown = RuleReport(rule, rule.severity, is_settable(rule.id), examples(rule))
    yield f"## {rule.id}"
    yield f"**{rule.name}** ({rule.severity}): {rule.summary}."
    yield _prose(rule.explanation)
    if rule.source:
        yield f"Source: {rule.source}"
    if shown.examples.files:
        links = (f"[{path.split('/')[-2]}](../../{path})" for path in shown.examples.files)
        yield f"Examples: {', '.join(links)}"
    for title, text in (("Bad", shown.examples.bad), ("Good", shown.examples.good)):
        if text and not shown.examples.files:
            yield f"{title}:\n\n```yaml\n{text.rstrip()}\n```"
    if not shown.is_settable:
        yield settable(shown)


def _rule_row(rule: RuleInfo) -> str:
    return f"| [{rule.id}](#{rule.id.lower()}) | {rule.name} | {rule.severity} | {_cell(rule.summary)} |"


def _refuse_duplicates(rules: list[RuleInfo]) -> None:
    ids = [rule.id for rule in rules]
    twice = sorted({id_ for id_ in ids if ids.count(id_) > 1})
    if twice:
        sys.exit(f"two rules have one id: {', '.join(twice)}")


# --- kinds


KINDS = """\
Every kind that comes with a schema, from the CRDs of the projects at the versions named. *Deprecated*: the API server \
still takes the version, and warns. *Not served*: it knows no such kind. Releases are the project's, where they are \
known; *yes* is what the CRD says. The contract is Cluster API's that objects of the version follow."""


def kinds_page() -> str:
    parts = [NOTE, "# Kinds", KINDS]
    for project in projects():
        parts.append(f"## {project.source.name} {project.source.version}")
        gone = [f"{version} is gone since {release}" for version, release in project.gone]
        parts.append(f"From `{project.source.module}`" + "".join(f"; {text}" for text in gone) + ".")
        head = "| kind | apiVersion | since | deprecated | not served | contract |"
        parts.append("\n".join([head, "|---|---|---|---|---|---|", *_kind_rows(project)]))
    parts.append("## Kubernetes")
    rows = (f"| {minor.minor} | {minor.count} | {_codes(minor.added)} | {_codes(minor.removed)} |"
            for minor in kubernetes_minors())
    parts.append("\n".join(["| minor | kinds | new | gone |", "|---|---|---|---|", *rows]))
    return _page(parts)


def _kind_rows(project: Project) -> Iterator[str]:
    for versions in project.kinds.values():
        for info in versions:
            deprecated = info.deprecated_since or ("yes" if info.deprecated else "")
            unserved = f"from {info.unserved_from}" if info.unserved_from else "" if info.served else "yes"
            cells = (info.kind, info.api_version, info.since, deprecated, unserved, ", ".join(info.own_contracts))
            yield f"| {' | '.join(cells)} |"


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


# --- schemas


def schemas_page() -> str:
    parts = [NOTE, "# Schemas", "JSON Schemas of the files that people write and of those that the command writes."]
    paths = sorted(SCHEMAS.glob("*.schema.json"))
    for path in paths:
        schema = json.loads(path.read_text(encoding="utf-8"))
        parts.append(f"## {path.name.removesuffix('.schema.json')}")
        parts.append(f"[schemas/{path.name}](../../schemas/{path.name})" + _sentence(schema.get("title")))
        if schema.get("description"):
            parts.append(_prose(str(schema["description"])))
        rows = list(_rows(schema, schema, "", set()))
        if rows:
            parts.append("\n".join(["| key | type | |", "|---|---|---|", *rows]))
    return _page(parts)


def _sentence(title: object) -> str:
    return f": {title}" if title else ""


def _rows(schema: Mapping[str, Any], root: Mapping[str, Any], prefix: str, seen: set[str]) -> Iterator[str]:
    """One row a key, children below their parent; a definition that holds itself is entered once."""
    schema, seen = _resolve(schema, root, seen)
    required = set(schema.get("required", ()))
    for name, child in schema.get("properties", {}).items():
        yield from _row(f"{prefix}{name}", child, root, seen, required=name in required)
    others = {f"<{pattern}>": child for pattern, child in schema.get("patternProperties", {}).items()}
    others["*"] = schema.get("additionalProperties")
    for name, child in others.items():
        if isinstance(child, dict) and child:
            yield from _row(f"{prefix}{name}", child, root, seen, required=False)


def _row(
    name: str, schema: Mapping[str, Any], root: Mapping[str, Any], seen: set[str], *, required: bool
) -> Iterator[str]:
    whole, below = _resolve(schema, root, seen)
    notes = [str(whole.get("description") or whole.get("title") or "")]
    if "default" in whole:
        notes.append(f"Default: `{json.dumps(whole['default'])}`.")
    mark = " (required)" if required else ""
    yield f"| `{_cell(name)}`{mark} | {_cell(_type(whole, root))} | {_cell(' '.join(note for note in notes if note))} |"
    if whole.get("type") == "array" and isinstance(whole.get("items"), dict):
        yield from _rows(whole["items"], root, f"{name}[].", below)
    else:
        yield from _rows(whole, root, f"{name}.", below)


def _resolve(
    schema: Mapping[str, Any], root: Mapping[str, Any], seen: set[str]
) -> tuple[Mapping[str, Any], set[str]]:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema, seen
    if reference in seen:
        return {"description": "as above"}, seen
    target: Any = root
    for part in reference[2:].split("/"):
        target = target[part]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}, seen | {reference}


def _type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(dict.fromkeys(_type(_resolve(one, root, set())[0], root) for one in schema[key]))
    types = schema.get("type", "anything")
    text = " or ".join(types) if isinstance(types, list) else str(types)
    if text == "array" and isinstance(schema.get("items"), dict):
        return f"list of {_type(_resolve(schema['items'], root, set())[0], root)}"
    return text + (f" `{schema['pattern']}`" if "pattern" in schema else "")


# --- text


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|").strip()


def _prose(text: str) -> str:
    """Click's help as Markdown: its `\\b` blocks, whose lines must stay, become code."""
    blocks = []
    for block in re.split(r"\n\s*\n", text.strip()):
        kept = block.lstrip().startswith("\b")
        blocks.append("```\n" + block.replace("\b\n", "").strip("\n") + "\n```" if kept else _flow(block))
    return "\n\n".join(blocks)


def _flow(block: str) -> str:
    return "\n".join(line.strip() for line in block.strip().splitlines())


def _page(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


if __name__ == "__main__":
    main()
