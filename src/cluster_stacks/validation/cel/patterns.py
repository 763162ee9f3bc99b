"""Regular expressions of expressions: by an engine without backtracking, for they are a user's."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from cluster_stacks.validation.capi.re2 import translated
from cluster_stacks.validation.cel.syntax import EvaluationError, Unevaluated

if TYPE_CHECKING:
    from jsonschema_rs import Draft7Validator

LONGEST = 10_000
"""Characters of a pattern."""
SEARCHED = 4096
"""Characters of a text that `find` looks into."""


def pattern_error(pattern: str) -> str:
    """What is wrong with a pattern as RE2 reads it, empty where nothing is."""
    if isinstance(_compiled(pattern), str):
        return str(_compiled(pattern))
    return ""


def matches(text: str, pattern: str) -> bool:
    """Whether a pattern is found anywhere in a text. Raises EvaluationError."""
    compiled = _compiled(pattern)
    if isinstance(compiled, str):
        raise EvaluationError(compiled)
    try:
        return compiled.is_valid(text)
    except ValueError as error:  # half characters
        raise Unevaluated("the text cannot be searched") from error


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> Draft7Validator | str:
    from jsonschema_rs import Draft7Validator, RegexOptions, ValidationError

    if len(pattern) > LONGEST:
        return f"a pattern of more than {LONGEST} characters"
    read = translated(pattern)
    if read.wrong:
        return f"error parsing regexp: {read.wrong}"
    try:
        # Behind a reference, where the pattern need not be one of ECMAScript.
        schema = {"$ref": "#/pattern-of-go", "pattern-of-go": {"pattern": read.pattern}}
        return Draft7Validator(schema, pattern_options=RegexOptions(), offline=True)
    except (ValidationError, ValueError) as error:
        return f"error parsing regexp: {str(error).splitlines()[0]:.100}"


def find_all(text: str, pattern: str, most: int = -1) -> list[str]:
    """What a pattern matches in a text, in order. Raises EvaluationError; Unevaluated where that could take long.

    The engine without backtracking does not say where it found something, so only patterns without a repetition within
    another, and only short texts, are searched.
    """
    if error := pattern_error(pattern):
        raise EvaluationError(error)
    if most == 0:
        return []
    if len(text) > SEARCHED or _nested(pattern):
        raise Unevaluated("find() is evaluated for short texts and plain patterns only")
    found = []
    for match in re.compile(pattern, re.ASCII).finditer(text):
        found.append(match.group())
        if len(found) == most:
            break
    return found


@lru_cache(maxsize=256)
def _nested(pattern: str) -> bool:
    """Whether a repetition stands within another, there are more than three, or Python reads the pattern otherwise."""
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return True
    repeats = len(re.findall(r"(?<!\\)(?:\\\\)*[*+{]", pattern))
    return repeats > 3 or bool(re.search(r"[*+}]\??\)[*+{?]|\\[pPQEzCA]|\(\?", pattern)) or bool(
        re.search(r"\([^)]*[*+{][^)]*\)[*+{]", pattern)
    )
