"""Releases become delivery files: a pure function of the facts of releases, a generator and settings."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from cluster_stacks.delivery import rules, templates
from cluster_stacks.delivery.bounded import SECONDS, bounded
from cluster_stacks.delivery.context import Context, Item, base_context, items
from cluster_stacks.delivery.escaping import ESCAPES, references
from cluster_stacks.delivery.generator import DeliveryFile, Escape, Generator, Output
from cluster_stacks.delivery.parameters import check_url, parameters_of
from cluster_stacks.delivery.paths import Paths
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import Settings
from cluster_stacks.model.source import Position
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.runtime.pool import note

YAML = (".yaml", ".yml")
JSON = (".json",)


def deliver(
    generator: Generator, releases: Sequence[ReleaseFacts], settings: Settings, kept: Container[str] = (),
    seconds: float = SECONDS,
) -> list[DeliveryFile]:
    """The files that `generator` makes of live releases, sorted by path.

    `kept` names files that the branch holds already: those that belong to a release are neither made nor given again.
    An output without content is no file. A generator that is not bundled may take `seconds`, in a process of its own.
    Raises Refused: CS503 to CS509.
    """
    check_url(generator, settings)
    parameters = parameters_of(generator, settings)

    def view(escape: Escape) -> Context:
        return base_context(generator, parameters, releases, settings, ESCAPES[escape])

    def work() -> list[DeliveryFile]:
        wanted = {output.escape for output in generator.outputs} | {Escape.NONE}
        views, paths = {escape: view(escape) for escape in wanted}, Paths()
        found = (file for output in generator.outputs for file in _files(generator, output, views, paths, kept))
        return sorted(found, key=lambda file: file.path)

    return work() if generator.bundled else bounded(work, generator, seconds)


def _files(
    generator: Generator, output: Output, views: dict[Escape, Context], paths: Paths, kept: Container[str]
) -> Iterator[DeliveryFile]:
    plain, safe = items(output.scope, views[Escape.NONE]), items(output.scope, views[output.escape])
    for item, escaped_item in zip(plain, safe, strict=True):
        note(output.origin)
        if not _evaluated(output, item):
            continue
        path = paths.take(_path(output, item), output)
        owner = None if output.shared else item.release
        if owner is not None and path in kept:
            continue
        data = _content(generator, output, path, escaped_item.context)
        if data:
            yield DeliveryFile(path, data, owner)


def _evaluated(output: Output, item: Item) -> bool:
    try:
        return templates.holds(output.when, item.context)
    except templates.MISTAKES as error:
        raise _failed(output, f"when: {_words(error)}") from error


def _path(output: Output, item: Item) -> str:
    try:
        return templates.render(output.path, item.context, for_yaml=False)
    except templates.MISTAKES as error:
        raise _failed(output, f"path: {_words(error)}") from error


def _failed(output: Output, message: str) -> Refused:
    return rules.refused(rules.TEMPLATE, message, output.origin, output.at)


def _words(error: BaseException) -> str:
    text = getattr(error, "message", None) or str(error) or type(error).__name__
    return text.splitlines()[0]


def _content(generator: Generator, output: Output, path: str, context: Context) -> bytes:
    source = generator.files[output.template]
    note(source.path)
    structured = path.endswith(YAML + JSON)
    try:
        text = templates.render(source.data.decode(), context, for_yaml=structured)
    except UnicodeDecodeError as error:
        raise rules.refused(rules.TEMPLATE, "a template must be UTF-8 text", source.path) from error
    except templates.MISTAKES as error:
        at = Position(templates.line_of(error), 0)
        raise rules.refused(rules.TEMPLATE, f"{_words(error)} (for {path})", source.path, at, key=path) from error
    if not structured:
        return text.encode("utf-8") if text.strip() else b""
    values = _parsed(text, source.path, path)
    if output.escape is Escape.SUBSTITUTION:
        _check_variables(generator, values, source.path)
    return _written(values, path, source.path)


def _parsed(text: str, source: str, path: str) -> list[Any]:
    from cluster_stacks.documents.yaml import load_documents

    try:
        return [document.value for document in load_documents(text.encode("utf-8", "surrogatepass"), path)]
    except Refused as refused:
        problem = refused.findings[0]
        message = f"its output {path} is no YAML, at line {problem.line} of the output: {problem.message}"
        raise rules.refused(rules.OUTPUT, message, source, key=path) from refused


def _written(values: list[Any], path: str, source: str) -> bytes:
    if path.endswith(JSON):
        from cluster_stacks.documents.json import dumps

        if len(values) != 1:
            message = f"its output {path} is {len(values)} documents: JSON is one"
            raise rules.refused(rules.OUTPUT, message, source, key=path)
        return dumps(values[0]).encode()
    from cluster_stacks.documents.emit import emit_all

    try:
        return emit_all(values).encode()
    except TypeError as error:
        raise rules.refused(rules.OUTPUT, f"its output {path} cannot be written: {error}", source, key=path) from error


def _check_variables(generator: Generator, values: list[Any], source: str) -> None:
    unknown = sorted(set(references(values)) - set(generator.variables))
    if unknown:
        names = ", ".join(unknown)
        message = f"it uses {names}, which generator.yaml does not declare: add it to `variables`"
        raise rules.refused(rules.VARIABLE, message, source, key=names)
