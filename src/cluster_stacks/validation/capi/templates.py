"""Templates of patches: parsed once, run, and what they print read as Cluster API reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cluster_stacks.documents.scalars import ScalarError, resolve
from cluster_stacks.documents.yaml import load_documents
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import Position

if TYPE_CHECKING:
    from cluster_stacks.gotemplate.engine import Template

NO_VALUE = "<no value>"
_WORD = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./@+-]*")


class Unreadable(Exception):  # noqa: N818 — what it says
    """A text that is no YAML, or a template that ends in an error; the message says which and why.

    `at` is where in the template, where that is known.
    """

    def __init__(self, message: str, at: Position | None = None) -> None:
        super().__init__(message)
        self.at = at


class Untold(Unreadable):
    """What a template prints cannot be told: a random value, a certificate, or more work than it is worth."""


@lru_cache(4096)
def parsed(text: str) -> Template | Unreadable:
    """A template, or why it is none."""
    from cluster_stacks.gotemplate import engine
    from cluster_stacks.gotemplate.errors import TemplateError

    try:
        return engine.parse(text)
    except TemplateError as error:
        return Unreadable(f"the template cannot be parsed: {error.message}", error.position)


def parse_problem(text: str) -> Unreadable | None:
    """Why a text is no template, and where; None where it is one."""
    found = parsed(text)
    return found if isinstance(found, Unreadable) else None


def render(text: str, data: Mapping[str, object]) -> str:
    """What a template prints for data whose numbers are floats, as those of Cluster API are. Raises Unreadable."""
    from cluster_stacks.gotemplate.errors import TemplateError

    found = parsed(text)
    if isinstance(found, Unreadable):
        raise found
    try:
        return str(found.render(data))
    except TemplateError as error:
        if error.phase == "limit":
            raise Untold(error.message) from None
        raise Unreadable(f"the template fails: {error.message}", error.position) from None


def read(text: str) -> Any:
    """The value that a printed text is: its first YAML document, read as Kubernetes reads it. Raises Unreadable."""
    word = text.strip()
    if _WORD.fullmatch(word):
        try:
            return resolve(word)
        except ScalarError as error:
            raise Unreadable(str(error)) from None
    try:
        documents = load_documents(text.encode("utf-8", "surrogateescape"), "")
    except Refused as error:
        raise Unreadable(error.findings[0].message) from None
    return documents[0].value if documents else None


def as_go(value: Any) -> Any:
    """A JSON value as a template sees it: every number is a float."""
    if isinstance(value, dict):
        return {key: as_go(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_go(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
