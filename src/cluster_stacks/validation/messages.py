"""What the embedded engine found, as problems: which rule, where, and in words that say what to do.

Values are repeated only where they are short and no Secret holds them: findings end up in logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cluster_stacks.model.near import near_names
from cluster_stacks.validation.problem import Item, Pointer, Problem
from cluster_stacks.validation.rules.schema import BAD_VALUE, MISSING_FIELD, UNKNOWN_FIELD, WRONG_TYPE
from cluster_stacks.validation.schema_words import FORMAT_PATTERNS, QUANTITY_PATTERN, Schema

if TYPE_CHECKING:
    from jsonschema_rs import ValidationError

SHORT = 60
_ARTICLE = {"array": "a list", "object": "a mapping", "integer": "a whole number", "number": "a number",
            "string": "a text", "boolean": "true or false", "null": "null"}
_NAME = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
FORMS = {
    FORMAT_PATTERNS["uuid"]: "a UUID", FORMAT_PATTERNS["cidr"]: "a CIDR such as 10.0.0.0/16",
    FORMAT_PATTERNS["ipv4"]: "an IPv4 address", FORMAT_PATTERNS["ipv6"]: "an IPv6 address",
    FORMAT_PATTERNS["byte"]: "base64", FORMAT_PATTERNS["uri"]: "an absolute URI such as https://example.org/a",
    FORMAT_PATTERNS["duration"]: "a duration such as 5m", FORMAT_PATTERNS["date"]: "a date such as 2026-01-31",
    FORMAT_PATTERNS["date-time"]: "a time such as 2026-01-31T12:00:00Z",
    QUANTITY_PATTERN: "a quantity such as 500m or 2Gi",
    rf"^{_NAME}$": "a name of a-z, 0-9, - and .",
    r"^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$": "a kind or a word of letters, digits and -",
    rf"^{_NAME}\/[a-z]([-a-z0-9]*[a-z0-9])?$": "group/version, such as infrastructure.cluster.x-k8s.io/v1beta2",
    rf"^({_NAME}\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$": "a qualified name such as example.org/name",
    rf"^({_NAME}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$": "a qualified name such as example.org/name",
    r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$": "a label's value: letters, digits, -, _ and .",
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": "a duration such as 5m",
}
"""What the patterns that stand for formats mean, and those that many CRDs have."""

_LIMITS = {
    "minimum": "must be at least {limit}", "maximum": "must be at most {limit}",
    "exclusiveMinimum": "must be more than {limit}", "exclusiveMaximum": "must be less than {limit}",
    "minLength": "must have at least {limit} characters", "maxLength": "must have at most {limit} characters",
    "minItems": "must have at least {limit} elements", "maxItems": "must have at most {limit} elements",
    "minProperties": "must have at least {limit} fields", "maxProperties": "must have at most {limit} fields",
    "multipleOf": "must be a multiple of {multiple_of}", "uniqueItems": "must not have an element twice",
}


def problems_of(error: ValidationError, item: Item, schema: Schema) -> Iterator[Problem]:
    """The problems that one error of jsonschema-rs stands for; `schema` is what it judged by."""
    pointer = tuple(error.instance_path)
    kind = error.kind.name
    facts: Mapping[str, object] = error.kind.as_dict()
    unknown = _unknown_fields(error, facts, item)
    if unknown:
        known = _known_fields(schema, error.schema_path)
        for name in unknown:
            yield _problem(item, UNKNOWN_FIELD.id, _unknown(name, pointer, known), (*pointer, name), on_key=True)
    elif kind == "required":
        name = str(facts.get("property", ""))
        yield _problem(item, MISSING_FIELD.id, f"{_place(pointer)} lacks the field {name!r}", (*pointer, name))
    elif kind == "type":
        wanted = [_ARTICLE.get(t, t) for t in _texts(facts.get("types")) if t != "null"]
        value = error.instance
        message = f"{_place(pointer)} must be {_either(wanted)}, not {_ARTICLE[_type_of(value)]}{_shown(value, item)}"
        yield _problem(item, WRONG_TYPE.id, message, pointer)
    elif kind == "anyOf" and (inner := _only_real_branch(facts)):
        for nested in inner:
            yield from problems_of(nested, item, schema)
    else:
        text = _value(error, facts, item) or _alternatives(error, facts, item, schema)
        yield _problem(item, BAD_VALUE.id, f"{_place(pointer)} {text}", pointer)


def _value(error: ValidationError, facts: Mapping[str, object], item: Item) -> str:
    kind, value = error.kind.name, error.instance
    if kind in _LIMITS:
        text = _LIMITS[kind].format_map({**facts})
        return (text[:-1] if facts.get("limit") == 1 and text.endswith("s") else text) + _shown(value, item, " ({})")
    if kind == "pattern":
        pattern = str(facts.get("pattern"))
        wanted = f"be {FORMS[pattern]}" if pattern in FORMS else f"match {pattern}"
        return f"must {wanted}{_shown(value, item, ', not {}')}"
    if kind in ("enum", "const"):
        options = facts.get("options")
        listed = [o for o in options if o is not None] if isinstance(options, list) else []
        near = near_names(value, _texts(listed)) if isinstance(value, str) else []
        return (f"must be {_either([repr(option) for option in listed])}{_shown(value, item, ', not {}')}"
                + (f": did you mean {near[0]!r}?" if near else ""))
    return ""


def _alternatives(error: ValidationError, facts: Mapping[str, object], item: Item, schema: Schema) -> str:
    """What each branch of anyOf or oneOf misses first; for `not` and all else what the engine says."""
    branches = facts.get("context")
    missed = [
        next(problem.message for nested in branch for problem in problems_of(nested, item, schema))
        for branch in (branches if isinstance(branches, list) else []) if branch
    ]
    # error.message is masked by the engine: it holds no value.
    return f"fits no alternative: {'; or '.join(missed)}" if missed else f"is not allowed: {error.message}"


def _unknown_fields(error: ValidationError, facts: Mapping[str, object], item: Item) -> list[str]:
    if error.kind.name == "additionalProperties":
        return _texts(facts.get("unexpected"))
    if error.kind.name != "falseSchema" or error.schema_path[-1:] != ["additionalProperties"]:
        return []
    # An object that may have no fields at all: one error for all of them, whose instance is the first one's value.
    value: object = item.value
    for part in error.instance_path:
        value = value[part]  # type: ignore[index]  # the engine was just there
    return list(value) if isinstance(value, Mapping) else []


def _known_fields(schema: Schema, path: Sequence[str | int]) -> list[str]:
    node: object = schema
    for part in path[:-1]:
        node = node[part] if isinstance(node, (dict, list)) else None  # type: ignore[index]  # str for dict, int for list
    properties = node.get("properties") if isinstance(node, dict) else None
    return sorted(properties) if isinstance(properties, dict) else []


def _unknown(name: str, pointer: Pointer, known: list[str]) -> str:
    near = _nearest(name, known)
    hint = f": did you mean {near!r}?" if near else ""
    if not hint and len(known) <= 8:
        hint = f": it may have {', '.join(known)}" if known else ": it has no fields"
    return f"{_place(pointer)} has no field {_clip(name)!r}{hint}"


def _nearest(name: str, known: list[str]) -> str:
    lower = {field.lower(): field for field in known}
    if name.lower() in lower:
        return lower[name.lower()]
    near = near_names(name, known, 1, 0.7)
    return near[0] if near else ""


def _only_real_branch(facts: Mapping[str, object]) -> list[ValidationError] | None:
    """The errors of the other branch of `anyOf: [null, …]`, which the converter makes for nullable branches."""
    context = facts.get("context")
    if not isinstance(context, list) or len(context) != 2:
        return None
    null, real = context
    is_null = len(null) == 1 and null[0].kind.name == "type" and null[0].kind.as_dict().get("types") == ["null"]
    return list(real) if is_null else None


def _place(pointer: Pointer) -> str:
    text = ""
    for part in pointer:
        text += f"[{part}]" if isinstance(part, int) else f".{_clip(part)}"
    return text.removeprefix(".") or "the object"


def _shown(value: object, item: Item, form: str = " ({})") -> str:
    if isinstance(value, (dict, list, bool)) or value is None or item.kind == "Secret":
        return ""
    text = repr(value) if isinstance(value, str) else str(value)
    return form.format(text) if len(text) <= SHORT else ""


def _type_of(value: object) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"


def _either(words: list[str]) -> str:
    if len(words) > 12:
        return "one of " + ", ".join(words[:12]) + f" … ({len(words) - 12} more)"
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words) or "absent"


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _clip(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def _problem(item: Item, rule: str, message: str, pointer: Pointer, *, on_key: bool = False) -> Problem:
    return Problem(item.document, rule, message, (*item.prefix, *pointer), on_key, item=item)
