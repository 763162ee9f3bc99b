"""The embedded engine: jsonschema-rs, with each schema read and compiled when the first object of its kind comes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding, Severity
from cluster_stacks.validation.index import KindInfo
from cluster_stacks.validation.messages import problems_of
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.schema import BAD_VALUE, SCHEMAS
from cluster_stacks.validation.schema_words import Schema
from cluster_stacks.validation.store import Store

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

NAME = "embedded"
MOST = 100
"""Errors that are reported of one object; a file of garbage has any number of them."""


class Embedded:
    """Judges objects by the schemas of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._compiled: dict[KindInfo, tuple[Draft7Validator, Schema]] = {}

    def is_valid(self, item: Item, info: KindInfo) -> bool:
        """Whether the object fits the schema of its kind. Raises Refused where that schema cannot be used."""
        try:
            return self._validator(info)[0].is_valid(item.value)
        except ValueError:  # keys that are no text, half characters: nothing that JSON can say
            return False

    def problems(self, item: Item, info: KindInfo) -> list[Problem]:
        """What is wrong with the object: an empty list where it fits. Raises Refused as `is_valid` does."""
        validator, schema = self._validator(info)
        try:
            errors = islice(validator.iter_errors(item.value), MOST)
            found = [problem for error in errors for problem in problems_of(error, item, schema)]
        except ValueError as error:
            message = f"the object cannot be said in JSON: {error}"
            return [Problem(item.document, BAD_VALUE.id, message, item.prefix, item=item)]
        # One finding a rule and place: that an empty text also misses a pattern helps nobody.
        first: dict[tuple[str, Pointer], Problem] = {}
        for problem in found:
            first.setdefault((problem.rule, problem.pointer), problem)
        return list(first.values())[:MOST]

    def _validator(self, info: KindInfo) -> tuple[Draft7Validator, Schema]:
        if info not in self._compiled:
            schema = self.store.schema(info)
            self._compiled[info] = (_compile(info, schema), schema)
        return self._compiled[info]


def _compile(info: KindInfo, schema: Schema) -> Draft7Validator:
    from jsonschema_rs import Draft7Validator, RegexOptions, ValidationError

    try:
        # RegexOptions: an engine without backtracking, because patterns may be a user's. Offline: nothing is fetched.
        return Draft7Validator(
            schema, validate_formats=False, pattern_options=RegexOptions(), offline=True, mask="the value"
        )
    except (ValidationError, ValueError) as error:
        reason = str(error).splitlines()[0]
        message = f"the schema of {info.kind} ({info.api_version}) cannot be used: {reason}"
        raise Refused(Finding(SCHEMAS.id, Severity.ERROR, message, path=info.file)) from error
