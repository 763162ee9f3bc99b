"""Checks documents against the small JSON Schemas of schemas/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from cluster_stacks.documents import json, rules
from cluster_stacks.documents.violations import Pointer, Problem, Violation, told
from cluster_stacks.documents.yaml import Document
from cluster_stacks.model.finding import Finding
from cluster_stacks.runtime.data import data_dir

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema_rs import Draft202012Validator


def check(document: Document, schema_name: str) -> list[Finding]:
    """Findings for what in a document does not follow `schemas/<schema_name>.schema.json`, in the order of the text."""

    def finding(violation: Violation) -> Finding:
        at = document.position(violation.pointer, key=violation.key)
        key = "/".join(map(str, (*violation.pointer, violation.name)))
        return rules.finding(rules.SCHEMA, violation.message, document.path, at, key=key)

    found = violations(document.value, schema_name, document.text)
    return sorted(map(finding, found), key=lambda each: each.sort_key)


def violations(value: Any, schema_name: str, written: Callable[[Pointer], str] = lambda _: "") -> list[Violation]:
    """The same for plain data that has no text; `written` tells how the value at a place is written, where known."""
    if _is_fine(value, schema_name):
        return []
    from jsonschema.exceptions import best_match

    best = (best_match([error]) for error in _validator(schema_name).iter_errors(value))
    found = dict.fromkeys(each for error in best if error for each in told(_problem(error, written)))
    slips = {(each.pointer[:-1], each.name) for each in found if each.key and not each.missing}
    return [each for each in found if not (each.missing and (each.pointer, each.name) in slips)]


def _is_fine(value: Any, schema_name: str) -> bool:
    """Whether nothing is wrong, which is soon told; what is wrong, only the slow one says. In doubt it is asked."""
    try:
        return _quick(schema_name).is_valid(value)
    except ValueError:  # no plain data: a key that is no text, a number beyond all bounds
        return False


@cache
def _quick(schema_name: str) -> Draft202012Validator:
    import jsonschema_rs

    def beside(uri: str) -> Any:
        return _read(uri.rpartition("/")[2])

    return jsonschema_rs.Draft202012Validator(
        _read(f"{schema_name}.schema.json"), retriever=beside, validate_formats=False
    )


def _problem(error: ValidationError, written: Callable[[Pointer], str]) -> Problem:
    pointer = tuple(error.absolute_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    of_key = "propertyNames" in list(error.absolute_schema_path)[-2:-1]
    keyword = "propertyNames" if of_key else str(error.validator)
    return Problem(pointer, keyword, error.validator_value, error.instance, schema, written(pointer))


@cache
def _validator(schema_name: str) -> Any:
    from jsonschema.validators import Draft202012Validator, extend
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    def beside(uri: str) -> Any:
        return DRAFT202012.create_resource(_read(uri.rpartition("/")[2]))

    # A registry that knows the schemas beside this one and nothing else: no reference ever opens a socket.
    validator: Any = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    return validator(_read(f"{schema_name}.schema.json"), registry=Registry(retrieve=beside))  # type: ignore[call-arg]


def _read(name: str) -> Any:
    return json.loads((data_dir("schemas") / name).read_bytes(), name)


def _pattern(validator: Any, pattern: str, instance: Any, _: Any) -> Iterator[ValidationError]:
    """`$` means the end, as in every other language: Python's also matches before a final line end."""
    from jsonschema.exceptions import ValidationError

    exact = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
    if validator.is_type(instance, "string") and not re.search(exact, instance):
        yield ValidationError("does not match")
