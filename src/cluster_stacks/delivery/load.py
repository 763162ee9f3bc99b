"""Reads a generator from the files of its folder."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from cluster_stacks.delivery import rules
from cluster_stacks.delivery.generator import DEFINITION, OWNED, Escape, Generator, Output, Scope
from cluster_stacks.delivery.parameters import schema_problem
from cluster_stacks.documents.yaml import Document, load
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import Position, SourceFile

Base = Callable[[str], Generator | None]


def _nothing(_: str) -> None:
    return None


def load_generator(name: str, files: Mapping[str, SourceFile], base: Base = _nothing) -> Generator:
    """The generator called `name` whose folder holds `files`, keyed by their path in it.

    `base` finds the generator that `extends:` names; the result has its parameters and outputs, and those of `files`
    beside them: an output of the same path replaces the base's, and a file of the same path the base's file.
    Raises Refused (CS501) with what is wrong in generator.yaml, and where.
    """
    if DEFINITION not in files:
        message = f"a generator needs {DEFINITION} in its folder"
        raise rules.refused(rules.DEFINITION, message, f"generators/{name}/{DEFINITION}")
    document = _checked(name, files[DEFINITION])
    own = _read(document, files)
    extended = _extended(document, base)
    generator = _merged(extended, own) if extended else own
    problems = [*_wrong_parameters(document), *_missing_files(generator, document), *_wrong_templates(generator)]
    if problems:
        raise Refused(*problems)
    return generator


def _checked(name: str, definition: SourceFile) -> Document:
    from cluster_stacks.documents.schema import check

    document = load(definition.data, definition.path)
    problems = [dataclasses.replace(found, rule=rules.DEFINITION) for found in check(document, "generator")]
    if not problems and document.value["name"] != name:
        message = f"name is {document.value['name']!r}, but the folder is {name!r}: give both the same name"
        problems = [rules.finding(rules.DEFINITION, message, document.path, document.position(("name",)))]
    if problems:
        raise Refused(*problems)
    return document


def _read(document: Document, files: Mapping[str, SourceFile]) -> Generator:
    value: dict[str, Any] = document.value
    parameters = {"type": "object", "additionalProperties": False, "properties": value.get("parameters", {})}
    return Generator(
        name=value["name"], version=value["version"], description=value["description"], parameters=parameters,
        variables=tuple(value.get("variables", ())), schemes=tuple(value.get("repositorySchemes", ())),
        outputs=tuple(_output(document, number, item) for number, item in enumerate(value.get("outputs", ()))),
        files=dict(files), fingerprint=_fingerprint(files),
    )


def _output(document: Document, number: int, item: Mapping[str, Any]) -> Output:
    scope = Scope(item["scope"])
    return Output(
        template=item["template"], path=item["path"], scope=scope, shared=item.get("shared", scope not in OWNED),
        when=item.get("when", "true"), escape=Escape(item.get("escape", Escape.NONE)), origin=document.path,
        at=document.position(("outputs", number)),
    )


def _fingerprint(files: Mapping[str, SourceFile]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        data = files[path].data
        digest.update(f"{len(path)}:{path}{len(data)}:".encode("utf-8", "surrogateescape") + data)
    return digest.hexdigest()


def _extended(document: Document, base: Base) -> Generator | None:
    name = document.value.get("extends")
    if name is None:
        return None
    found = base(name)
    if found is None:
        message = f"extends {name!r}, which is no generator of this tool: name a bundled one"
        raise rules.refused(rules.DEFINITION, message, document.path, document.position(("extends",)))
    return found


def _merged(base: Generator, own: Generator) -> Generator:
    replaced = {output.path for output in own.outputs}
    kept = tuple(output for output in base.outputs if output.path not in replaced)
    properties = {**_properties(base), **_properties(own)}
    return dataclasses.replace(
        own,
        parameters={**own.parameters, "properties": properties},
        variables=tuple(dict.fromkeys(base.variables + own.variables)),
        schemes=own.schemes or base.schemes,
        outputs=kept + own.outputs,
        files={**base.files, **own.files},
        fingerprint=hashlib.sha256(f"{base.fingerprint} {own.fingerprint}".encode()).hexdigest(),
    )


def _properties(generator: Generator) -> Mapping[str, object]:
    properties = generator.parameters["properties"]
    assert isinstance(properties, dict), "generator.schema.json says so"
    return properties


def _wrong_parameters(document: Document) -> list[Finding]:
    parameters: dict[str, Any] = document.value.get("parameters", {})
    problems = {name: schema_problem(schema) for name, schema in parameters.items()}

    def at(name: str) -> Position:
        return document.position(("parameters", name), key=True)

    return [
        rules.finding(rules.DEFINITION, f"parameter {name} {problem}", document.path, at(name))
        for name, problem in problems.items()
        if problem
    ]


def _missing_files(generator: Generator, document: Document) -> list[Finding]:
    if not generator.outputs:
        message = "there are no outputs: name one, or extend a generator"
        return [rules.finding(rules.DEFINITION, message, document.path, document.position())]
    return [
        rules.finding(
            rules.DEFINITION, f"the template {output.template} is not in the generator's folder: add it",
            output.origin, output.at, key=output.template,
        )
        for output in generator.outputs
        if output.template not in generator.files
    ]


def _wrong_templates(generator: Generator) -> list[Finding]:
    from cluster_stacks.delivery.templates import syntax_problem

    problems = []
    for output in generator.outputs:
        for what, text in (("path", output.path), ("when", output.when)):
            problem = syntax_problem(text, expression=what == "when")
            if problem:
                key = f"{what} {text}"
                problems.append(
                    rules.finding(rules.DEFINITION, f"{what}: {problem}", output.origin, output.at, key=key)
                )
    return problems
