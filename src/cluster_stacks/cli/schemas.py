"""`cluster-stacks schemas`: what can be judged, and how to add to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cluster_stacks.cli._options import Context, common
from cluster_stacks.cli.exit_codes import CANNOT_TELL, FINDINGS, FINE

if TYPE_CHECKING:
    from cluster_stacks.operations.schemas import KnownKind


@click.group(help="The schemas that `validate` judges by.")
def command() -> None:
    """Only groups its three verbs."""


@command.command("list")
@common("text", "json")
@click.option("--kubernetes", metavar="MINOR", help="Show Kubernetes' own kinds of this minor, such as 1.36.")
def list_(context: Context, kubernetes: str | None) -> int:
    """Show every kind that has a schema, and where it comes from."""
    from cluster_stacks.operations.schemas import known_kinds

    kinds = known_kinds(context.repo, kubernetes)
    if kubernetes is None and context.format == "text":
        kinds = [known for known in kinds if not known.info.minor]
    context.echo(_json(kinds) if context.format == "json" else _table(kinds))
    if kubernetes is None and context.format == "text":
        from cluster_stacks.validation.store import minors

        context.say(f"and Kubernetes' own kinds of {', '.join(minors())}: --kubernetes MINOR shows them")
    return FINE


@command.command("add")
@common("text")
@click.argument("inputs", nargs=-1, required=True, metavar="FILE|DIR|CHART|URL...")
@click.option("--to", metavar="DIR",
              help="The folder of the repository to write to (default: the first of `schemas:`).")
@click.option("--sha256", metavar="HEX", help="Refuse the one file or URL unless it has this checksum.")
def add(context: Context, inputs: tuple[str, ...], to: str | None, sha256: str | None) -> int:
    """Make schemas of CRDs, and keep them in the repository.

    CRDs are read from YAML files, folders, Helm charts (a folder or .tgz: its crds/, and what stands in templates/
    without being a template) and https addresses. What they came from is recorded, with checksums, in sources.yaml
    beside the schemas.
    """
    from cluster_stacks.operations import add_schemas

    added = add_schemas.add(context.repo, inputs, to, sha256)
    context.echo("\n".join(f"{info.kind} {info.api_version}" for info in added.kinds))
    context.say(f"{len(added.kinds)} kinds, {len(added.files)} files written" if added.files else "nothing to write")
    for note in added.notes:
        context.say(note)
    return FINE


@command.command("check")
@common("text")
@click.option("--crds", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), envvar="CLUSTER_STACKS_CRDS",
              help="Read CRDs from DIR/<folder>/<file> rather than from the Go module proxy.")
@click.option("--write", is_flag=True, help="Write what differs.")
def check(context: Context, crds: Path | None, write: bool) -> int:
    """Make the bundled schemas again from their sources, and compare (for those who work on this project)."""
    from cluster_stacks.operations import schemas

    compared = schemas.check(crds, rewrite=write)
    for path, what in compared.differing:
        context.echo(f"schemas/{path} {what}" + (": written" if compared.written else ""))
    for line in compared.unread:
        click.echo(f"cluster-stacks: not checked: {line}", err=True)
    if compared.unread:
        context.say(f"{compared.files} files were compared; those of {len(compared.unread)} sources could not be")
        return FINDINGS if compared.differing else CANNOT_TELL
    if compared.differing and not compared.written:
        context.say("`cluster-stacks schemas check --write` makes them right")
        return FINDINGS
    context.say(f"{compared.files} files are what their sources give")
    return FINE


def _table(kinds: list[KnownKind]) -> str:
    rows = [
        (known.info.kind, known.info.api_version, known.info.source, known.folder,
         "" if known.info.served else "not served", "deprecated" if known.info.deprecated else "")
        for known in kinds
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(6)]
    lines = ("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def _json(kinds: list[KnownKind]) -> str:
    items = [
        {
            "apiVersion": known.info.api_version, "kind": known.info.kind, "scope": known.info.scope,
            "served": known.info.served, "deprecated": known.info.deprecated,
            "since": known.info.since, "deprecatedSince": known.info.deprecated_since,
            "unservedFrom": known.info.unserved_from,
            "contracts": list(known.info.own_contracts), "source": known.info.source, "folder": known.folder,
        }
        for known in kinds
    ]
    return json.dumps({"schemaVersion": 1, "kinds": items}, indent=2, ensure_ascii=False)
