"""A mistake against a schema, told to people: which key, what is wrong with it, what to write.

A schema's `title` ("a version such as v3"), or else its `examples`, say what a value looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cluster_stacks.documents.words import meant, shown

Pointer = tuple[str | int, ...]

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_MANY = 8
_READABLE = 60  # a longer pattern tells nobody anything


@dataclass(frozen=True, slots=True)
class Problem:
    """What a validator found: a keyword of a schema that the value at a place does not satisfy.

    `wanted` is the keyword's value, `schema` what holds it, `written` the source text of the value, "" if not known.
    """

    pointer: Pointer
    keyword: str
    wanted: Any
    value: Any
    schema: Mapping[str, Any]
    written: str = ""


@dataclass(frozen=True, slots=True)
class Violation:
    """One mistake. `key` says that the key at `pointer` is meant, not its value.

    `name` is the key that is missing, or the one that an unknown key was probably meant to be.
    """

    pointer: Pointer
    message: str
    key: bool = False
    missing: bool = False
    name: str = ""


def told(problem: Problem) -> Iterator[Violation]:
    """The mistakes that a problem stands for: one, or one a key."""
    pointer = problem.pointer
    if problem.keyword in ("additionalProperties", "unevaluatedProperties") and problem.wanted is False:
        yield from _unknown(problem)
    elif problem.keyword == "required":
        for name in (name for name in problem.wanted if name not in problem.value):
            yield Violation(pointer, f"the key {shown(name)} is missing{_inside(pointer)}: add it", True, True, name)
    elif problem.keyword == "propertyNames":
        form = _looks(problem.schema) or f"of the form {problem.schema.get('pattern', 'that is allowed here')}"
        message = f"the key {shown(problem.value)}{_inside(pointer)} is not {form}"
        yield Violation((*pointer, problem.value), message, True)
    else:
        yield Violation(pointer, f"{where(pointer)} {_SAYS.get(problem.keyword, _other)(problem)}")


def where(pointer: Pointer) -> str:
    """`images[2].url`; "the file" for the whole."""
    text = ""
    for part in pointer:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    if not pointer:
        return "the file"
    return text if text.isascii() and text.isprintable() and len(text) <= 120 else shown(text)


def _inside(pointer: Pointer) -> str:
    return f" in {where(pointer)}" if pointer else ""


def _unknown(problem: Problem) -> Iterator[Violation]:
    """Keys that the schema does not name. One that looks like a key that is not there counts as a slip of it."""
    known = list(problem.schema.get("properties", {}))
    patterns = list(problem.schema.get("patternProperties", {}))
    free = [name for name in known if name not in problem.value]
    for name in problem.value:
        if name in known or any(re.search(pattern, name) for pattern in patterns):
            continue
        guess = meant(name, free)
        hint = f" (did you mean {guess}?)" if guess else f": {_list(known)}" if known else ": remove it"
        message = f"unknown key {shown(name)}{_inside(problem.pointer)}{hint}"
        yield Violation((*problem.pointer, name), message, True, False, guess or "")


def _list(known: list[str]) -> str:
    more = f" and {len(known) - _MANY} more" if len(known) > _MANY else ""
    return f"known are {', '.join(known[:_MANY])}{more}"


def _type(problem: Problem) -> str:
    wanted: list[str] = problem.wanted if isinstance(problem.wanted, list) else [problem.wanted]
    words = " or ".join(_TYPES.get(each, each) for each in wanted)
    value = problem.value
    if isinstance(value, dict | list) or value is None:
        return f"must be {words}, not {_brief(value)}"
    if "string" in wanted:
        kind = "true or false" if isinstance(value, bool) else "a number"
        return f"must be text, and {problem.written or shown(value)} is {kind} in YAML: put it in quotes"
    return f"must be {words}, not {shown(value)}"


def _enum(problem: Problem) -> str:
    allowed = [each if isinstance(each, str) else shown(each) for each in problem.wanted]
    if "off" in allowed:  # YAML's other way to say false
        allowed.remove("false")
    guess = meant(problem.value, allowed) if isinstance(problem.value, str) else None
    return f"must be {' or '.join(allowed)}, not {_brief(problem.value)}{f' (did you mean {guess}?)' if guess else ''}"


def _const(problem: Problem) -> str:
    return f"must be {shown(problem.wanted)}, not {_brief(problem.value)}"


def _form(problem: Problem) -> str:
    """A text, or a value of several possible forms, that has none of them."""
    form = _looks(problem.schema)
    if problem.value == "" and form:
        return f"is empty: write {form.removeprefix('of a form ')}"
    if form is None and problem.keyword == "pattern" and len(problem.wanted) <= _READABLE:
        form = f"of the form {problem.wanted}"
    return f"is {_brief(problem.value)}, which is not {form or 'of a form that is allowed here'}"


def _looks(schema: Mapping[str, Any]) -> str | None:
    examples = " or ".join(str(each) for each in schema.get("examples", ()))
    return schema.get("title") or (f"of a form such as {examples}" if examples else None)


def _size(problem: Problem) -> str:
    bound = "at most" if problem.keyword.startswith("max") else "at least"
    unit = {"Length": "characters", "Items": "entries", "Properties": "keys"}[problem.keyword[3:]]
    return f"must have {bound} {problem.wanted} {unit}, and has {len(problem.value)}"


def _bound(problem: Problem) -> str:
    bound = "at most" if problem.keyword == "maximum" else "at least"
    return f"must be {bound} {problem.wanted}, not {shown(problem.value)}"


def _other(problem: Problem) -> str:
    """Keywords without words of their own."""
    if problem.keyword == "uniqueItems":
        return "has an entry twice: keep one"
    if problem.keyword == "not":
        return f"must not be {problem.wanted.get('title', _brief(problem.value))}"
    if problem.keyword == "dependentRequired":
        needs = (f"{key} needs {', '.join(names)}" for key, names in problem.wanted.items() if key in problem.value)
        return f"is not complete: {'; '.join(needs)}"
    return f"breaks the rule {problem.keyword!r} of its schema"


def _brief(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    return "empty" if value in (None, "") else shown(value)


_SAYS: dict[str, Callable[[Problem], str]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    **dict.fromkeys(("pattern", "format", "oneOf", "anyOf"), _form),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _size),
    **dict.fromkeys(("minimum", "maximum"), _bound),
}
