"""Whether the schema of a variable still takes every value that an older one took.

Said for certain where that follows from the keywords themselves: a type, an enum, bounds, required and unknown fields.
Of two patterns, or of `anyOf` and its kin, neither can be told to hold the other; then it depends on the value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cluster_stacks.releases.bounds import bound_narrowings
from cluster_stacks.releases.plain import as_list, as_map

Path = tuple[str | int, ...]
Schema = Mapping[str, object]
RULES = "x-kubernetes-validations"
OPEN = "x-kubernetes-preserve-unknown-fields"
_DEEPEST = 64
_PROSE = frozenset({"default", "description", "example", "x-metadata", "title"})
_COMBINED = ("allOf", "anyOf", "oneOf", "not")
_ANYTHING = ("", "^", "$", ".*", "^.*", ".*$")
"""Patterns that any text has in it."""
_FORMATS = frozenset({
    "bsonobjectid", "byte", "cidr", "creditcard", "date", "date-time", "datetime", "duration", "email", "hexcolor",
    "hostname", "int32", "ipv4", "ipv6", "isbn", "isbn10", "isbn13", "mac", "rgbcolor", "ssn", "uri", "uuid", "uuid3",
    "uuid4", "uuid5",
})
"""Formats that are checked; any other is only a word."""


class Narrowing(NamedTuple):
    """A value that was taken may be refused now: why. `at` is the keyword in the new schema that does it.

    Where a keyword is missing there, `at` leads to the schema. `certain`: there is such a value.
    """

    at: Path
    reason: str
    certain: bool = True


def narrowings(old: Schema, new: Schema) -> Iterator[Narrowing]:
    """All places at which the new schema takes less. Of schemas that Cluster API takes; others give what they give."""
    yield from _narrowings(old, new, ())


def _narrowings(old: Schema, new: Schema, at: Path) -> Iterator[Narrowing]:
    if old == new:
        return
    if len(at) > _DEEPEST:
        yield Narrowing(at, f"{_named(at)} is too deep to compare", certain=False)
        return
    other = _type(old, new)
    if other:
        yield Narrowing((*at, "type"), f"{_named(at)} {other}")
        return
    if old.get("nullable") is True and new.get("nullable") is not True:
        yield Narrowing((*at, "nullable") if "nullable" in new else at, f"{_named(at)} is null no longer")
    for keyword, reason, certain in (*_enum(old, new), *_texts(old, new), *_rules(old, new), *_combined(old, new)):
        yield Narrowing((*at, keyword), f"{_named(at)} {reason}", certain)
    for keyword, reason in bound_narrowings(old, new):
        yield Narrowing((*at, keyword), f"{_named(at)} {reason}")
    yield from _fields(old, new, at)
    items = new.get("items")
    if isinstance(items, Mapping):
        yield from _narrowings(as_map(old.get("items")), items, (*at, "items"))


def _type(old: Schema, new: Schema) -> str:
    either = "x-kubernetes-int-or-string"
    before, after = old.get("type"), new.get("type")
    if new.get(either) is True:
        wide = old.get(either) is True or before in ("integer", "string")
        return "" if wide else f"was {_word(before)} and is a whole number or a text now"
    if old.get(either) is True:
        return f"was a whole number or a text and is {_word(after)} now" if after else ""
    if after is None or before == after or (before, after) == ("integer", "number"):
        return ""
    return f"was {_word(before)} and is {_word(after)} now"


def _word(type_: object) -> str:
    return f"of type {type_}" if type_ else "of any type"


def _enum(old: Schema, new: Schema) -> Iterator[tuple[str, str, bool]]:
    after = new.get("enum")
    if not isinstance(after, list) or not after:
        return
    taken = {_key(value) for value in after}
    before = old.get("enum") if isinstance(old.get("enum"), list) else None
    if before is None and old.get("type") == "boolean":
        before = [False, True]
    if before is None:
        yield "enum", f"takes only {_shown(after)} now", True
    elif lost := [value for value in as_list(before) if _key(value) not in taken]:
        yield "enum", f"takes {_shown(lost)} no longer", True


def _texts(old: Schema, new: Schema) -> Iterator[tuple[str, str, bool]]:
    before, after = old.get("pattern"), new.get("pattern")
    if after not in (None, before, *_ANYTHING):
        free = before in (None, *_ANYTHING) and not old.get("enum")
        yield "pattern", "has a pattern now" if free else "has another pattern now", free
    before, after = old.get("format"), new.get("format")
    if after in _FORMATS and after != before:
        free = before not in _FORMATS and not old.get("enum") and not old.get("pattern")
        yield "format", f"has the format {after} now", free


def _rules(old: Schema, new: Schema) -> Iterator[tuple[str, str, bool]]:
    before, after = (_written(each) for each in (old, new))
    fresh = [rule for rule in after if rule not in before]
    if fresh:
        # A rule in the place of another one may be the wider of the two.
        changed = any(rule not in after for rule in before) or bool(old.get("enum"))
        verb = "has another rule" if changed else "has a new rule"
        yield RULES, f"{verb}: {_cut(' '.join(fresh[0].split()))}", not changed


def _written(schema: Schema) -> list[str]:
    return [str(as_map(rule).get("rule")) for rule in as_list(schema.get(RULES))]


def _combined(old: Schema, new: Schema) -> Iterator[tuple[str, str, bool]]:
    for keyword in _COMBINED:
        if new.get(keyword) and bare(old.get(keyword)) != bare(new.get(keyword)):
            yield keyword, f"has another {keyword} now", False


def _fields(old: Schema, new: Schema, at: Path) -> Iterator[Narrowing]:
    before, after = as_map(old.get("properties")), as_map(new.get("properties"))
    required = set(map(str, as_list(old.get("required"))))
    for name in as_list(new.get("required")):
        if name not in required and "default" not in as_map(after.get(name)):
            yield Narrowing((*at, "required"), f"{_named((*at, 'properties', str(name)))} is required now")
    rest = _rest(new)
    for name, schema in before.items():
        place = (*at, "properties", name)
        if name in after:
            yield from _narrowings(as_map(schema), as_map(after[name]), place)
        elif rest is None:
            yield Narrowing((*at, "properties") if after else at, f"{_named(place)} is gone")
        elif rest:
            yield from _narrowings(as_map(schema), rest, (*at, "additionalProperties"))
    yield from _others(old, new, at)


def _others(old: Schema, new: Schema, at: Path) -> Iterator[Narrowing]:
    """Fields that no name of the old schema was for."""
    before, after = _rest(old), _rest(new)
    if before is None:
        return
    if after is None:
        yield Narrowing(at, f"{_named(at)} takes no other fields any more")
    elif after:
        yield from _narrowings(before, after, (*at, "additionalProperties"))
    known = as_map(old.get("properties"))
    for name, schema in as_map(new.get("properties")).items():
        if name not in known and any(_narrowings(before, as_map(schema), at)):
            place = (*at, "properties", name)
            yield Narrowing(place, f"{_named(place)} could be anything before", certain=False)


def _rest(schema: Schema) -> Schema | None:
    """What fields without a name of their own must be; None where there may be none, empty where anything may be."""
    rest = schema.get("additionalProperties")
    if isinstance(rest, Mapping):
        return rest
    return {} if rest is True or schema.get(OPEN) is True else None


def bare(value: object, *, is_schema: bool = True) -> object:
    """A schema without what only describes it."""
    if isinstance(value, Mapping):
        kept = {k: v for k, v in value.items() if not (is_schema and k in _PROSE)}
        # The keys of `properties` are names that users chose, of which one may be "default".
        return {k: bare(v, is_schema=not (is_schema and k == "properties")) for k, v in kept.items()}
    return [bare(item, is_schema=is_schema) for item in value] if isinstance(value, list) else value


def _named(at: Path) -> str:
    """A place in the value, as people call it: `a.b[]`, `it` for the whole."""
    parts: list[str] = []
    steps = iter(at)
    for step in steps:
        if step == "properties":
            parts.append(f".{next(steps, '')}")
        else:
            parts.append("[]" if step == "items" else ".*")
    return "".join(parts).removeprefix(".") or "it"


def _key(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _shown(values: list[object]) -> str:
    shown = ", ".join(_cut(json.dumps(value, ensure_ascii=False, default=str)) for value in values[:5])
    return f"{shown} and {len(values) - 5} more" if len(values) > 5 else shown


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
