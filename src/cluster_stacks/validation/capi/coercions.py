"""Templates that print a variable as it is where a text is wanted: which values YAML would read as something else.

A variable's value is replaced by a text that YAML reads as a number or a boolean (if its schema allows one), and by a
word that it does not; where the word comes out as a text, and the other does not, the template lacks quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi.desired import place_in, schema_at
from cluster_stacks.validation.capi.exploring import Run
from cluster_stacks.validation.capi.outcomes import each_patch, is_settled
from cluster_stacks.validation.capi.patching import Operation, Values
from cluster_stacks.validation.capi.paths import Schema, segments, type_of, value_at
from cluster_stacks.validation.capi.reads import fields, template_of
from cluster_stacks.validation.capi.samples import ABSENT
from cluster_stacks.validation.capi.selecting import Target
from cluster_stacks.validation.capi.study import Issue, Study
from cluster_stacks.validation.capi.templates import Unreadable, read, render
from cluster_stacks.validation.problem import Pointer

WORD: Final = "word"
PROBES: Final = ("1.30", "yes", "0123")
LARGE: Final = 21_000_000
_SHORT = 1_000_000
_PLACES = 32


def probed(study: Study) -> Iterator[Issue]:
    """What may be read otherwise, each template once."""
    told: set[Pointer] = set()
    for run, _, generated in each_patch(study):
        for operations in generated.definitions:
            for operation in operations:
                if operation.printed is None or operation.source in told or is_settled(study, operation.source):
                    continue
                told.add(operation.source)
                yield from _operation(study, run, operation)


def nothings(study: Study) -> Iterator[Issue]:
    """Templates that print nothing, whatever the Cluster says: what is read is null."""
    empty: dict[Pointer, bool] = {}
    for _, _, generated in each_patch(study):
        for operations in generated.definitions:
            for operation in operations:
                if operation.printed is not None and not is_settled(study, operation.source):
                    empty[operation.source] = operation.value is None and empty.get(operation.source, True)
    for pointer, always in empty.items():
        if always:
            message = "the template never prints anything but null, so that the field is as good as not set"
            yield Issue(pointer, message, Severity.WARNING)


def _operation(study: Study, run: Run, operation: Operation) -> Iterator[Issue]:
    template = template_of(operation.patch)
    values = study.explorer.values(run.target, run.setting)
    for name in sorted({path[0] for path, _ in fields(template) if path}):
        variable = study.variables.get(name)
        if variable is None or values.plain.get(name, ABSENT) is ABSENT:
            continue
        kind = type_of(variable.schema)
        message = ""
        if kind == "string":
            message = _text(study, run.target, operation, values, name, variable.schema)
        elif kind in ("integer", "number"):
            message = _number(study, run.target, operation, values, name, variable.schema)
        elif kind in ("array", "object"):
            message = _whole(operation, values, name, kind)
        if message:
            yield Issue(operation.source, message, Severity.WARNING)
            return


def _text(study: Study, target: Target, operation: Operation, values: Values, name: str, schema: Schema) -> str:
    probe = next((probe for probe in PROBES if _allows(schema, probe)), "")
    if not probe:
        return ""
    plain = _printed(operation, values, name, WORD)
    other = _printed(operation, values, name, probe)
    for place in _places(plain, WORD):
        value = value_at(other, place, ABSENT)
        if not isinstance(value, str) and value is not ABSENT and _wants_text(study, target, operation, place):
            shown = str(value).lower() if isinstance(value, bool) else value
            return (f"the text of .{name} is printed without quotes, and YAML reads {probe} as {shown}: print it with "
                    f"`toJson` or `quote`, {{{{ .{name} | quote }}}}")
    return ""


def _number(study: Study, target: Target, operation: Operation, values: Values, name: str, schema: Schema) -> str:
    most = schema.get("maximum")
    large = most if isinstance(most, int) and most < LARGE else LARGE
    if schema.get("enum") or large < _SHORT:
        return ""
    other = _printed(operation, values, name, float(large))
    shown = _go(large)
    for place, text in _texts(other):
        if shown in text and _wants_text(study, target, operation, place):
            return (f"Go prints the number {large} of .{name} as {shown}, here within a text: print it through int, "
                    f"{{{{ .{name} | int }}}}")
    return ""


def _whole(operation: Operation, values: Values, name: str, kind: str) -> str:
    """What is wrong where a list or a mapping is printed as it is: Go puts no commas and no quotes."""
    is_list = kind == "array"
    value: Any = [f"{WORD}1", f"{WORD}2"] if is_list else {f"{WORD}1": f"{WORD}2"}
    shown = f"{WORD}1 {WORD}2" if is_list else f"map[{WORD}1:{WORD}2]"
    other = _printed(operation, values, name, value)
    if not any(shown in text for _, text in _texts(other)):
        return ""
    what, form = ("list", "[a b]") if is_list else ("mapping", "map[a:b]")
    return f"Go prints the {what} .{name} as {form}, which is one text for YAML: print it with `toJson`"


def _go(number: int) -> str:
    mantissa, _, power = f"{number:e}".partition("e")
    digits = mantissa.rstrip("0").rstrip(".")
    return f"{digits}e{power}"


def _printed(operation: Operation, values: Values, name: str, value: Any) -> Any:
    try:
        return read(render(template_of(operation.patch), {**values.go, name: value}))
    except Unreadable:
        return ABSENT


def _allows(schema: Schema, text: str) -> bool:
    if schema.get("enum") or schema.get("format"):
        return False
    low, high, pattern = schema.get("minLength"), schema.get("maxLength"), schema.get("pattern")
    if (isinstance(low, int) and len(text) < low) or (isinstance(high, int) and len(text) > high):
        return False
    if any(key in schema for key in ("allOf", "anyOf", "oneOf", "not", "x-kubernetes-validations")):
        return False
    return pattern is None or (isinstance(pattern, str) and _matches(pattern, text))


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern lets a short text through; one that looks expensive, or cannot be read, is taken not to."""
    if len(pattern) > 200 or re.search(r"[+*}]\)?[+*{]", pattern):
        return False
    try:
        return re.search(pattern, text, re.ASCII) is not None
    except re.error:
        return False


def _places(value: Any, word: str) -> Iterator[Pointer]:
    """Where a whole value is a word."""
    for place, text in _texts(value):
        if text == word:
            yield place


def _texts(value: Any) -> Iterator[tuple[Pointer, str]]:
    todo: list[tuple[Pointer, Any]] = [((), value)]
    found = 0
    while todo and found < _PLACES:
        place, item = todo.pop()
        if isinstance(item, str):
            found += 1
            yield place, item
        elif isinstance(item, dict):
            todo += [((*place, key), child) for key, child in item.items()]
        elif isinstance(item, list):
            todo += [((*place, number), child) for number, child in enumerate(item)]


def _wants_text(study: Study, target: Target, operation: Operation, inner: Pointer) -> bool:
    kind = study.kinds.get(target)
    place = place_in((*segments(operation.patch.path), *inner), kind) if kind else None
    schema = schema_at(kind, place) if kind and place else None
    if schema is None:
        return place is not None and place[:1] == ("metadata",)
    return type_of(schema) == "string"
