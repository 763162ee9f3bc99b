"""What Cluster API's webhook says of the schema of a variable.

The steps are the webhook's, and as there a later one is only asked where the ones before it found nothing: the schema
can be read at all, it is structural, its defaults fit, its keywords go together and its enums and examples fit, its CEL
rules are written well and compile (Cluster API 1.14: internal/topology/variables; apiextensions-apiserver: schema).

A schema's judgement depends on nothing else, so that it is made once for all classes that declare the same variable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from cluster_stacks.model.finding import Severity
from cluster_stacks.validation.capi.keywords import keyword_faults
from cluster_stacks.validation.capi.re2 import translated
from cluster_stacks.validation.capi.validator import INT_OR_STRING, OPEN, TYPES
from cluster_stacks.validation.capi.variable_doubts import doubts
from cluster_stacks.validation.capi.variable_places import RULES, Fault, Node, Place, places_of
from cluster_stacks.validation.capi.view import ClassView, Variable, classes, mapping
from cluster_stacks.validation.problem import Pointer, Problem
from cluster_stacks.validation.qualified import annotations_problems, labels_problems
from cluster_stacks.validation.rules.context import Context

DEEPEST = 100
MOST = 100
"""Keywords of one schema that are found fault with; a hostile one may have any number."""


def problems(context: Context, *rules: str) -> Iterator[Problem]:
    """What some of the rules find in the variables of all classes."""
    for view, variable, faults in context.memo("capi.variable-schemas", lambda: tuple(_judged(context))):
        for fault in faults:
            if fault.rule in rules:
                pointer = (*variable.schema_pointer, *fault.pointer)
                yield Problem(
                    view.item.document, fault.rule, f"variable {variable.name!r}: {fault.message}", pointer,
                    severity=fault.severity, item=view.item,
                )


def _judged(context: Context) -> Iterator[tuple[ClassView, Variable, tuple[Fault, ...]]]:
    for view in classes(context):
        try:
            found = _of_all(json.dumps([variable.schema for variable in view.variables]))
        except (TypeError, ValueError, RecursionError):
            found = tuple((number, faults_of(variable.schema)) for number, variable in enumerate(view.variables))
        for number, faults in found:
            if faults:
                yield view, view.variables[number], faults
        for variable in view.variables if view.version == "v1beta1" else ():
            if mapping(variable.value, "schema").get("openAPIV3Schema") == {}:
                yield view, variable, (_no_type(()),)


@lru_cache(maxsize=1024)
def _of_all(text: str) -> tuple[tuple[int, tuple[Fault, ...]], ...]:
    """By the number of the schema what is wrong with it, where anything is. Most classes of a run are alike in this."""
    judged = [(number, faults_of(schema)) for number, schema in enumerate(json.loads(text))]
    return tuple((number, faults) for number, faults in judged if faults)


def faults_of(schema: Node) -> tuple[Fault, ...]:
    """Everything that is wrong with a schema; nothing of an empty one."""
    try:
        return _faults(json.dumps(schema)) if schema else ()
    except (TypeError, ValueError, RecursionError):
        return (Fault("CS616", (), "the schema cannot be said in JSON, or is nested too deep"),)


@lru_cache(maxsize=16 * 1024)
def _faults(text: str) -> tuple[Fault, ...]:
    schema = json.loads(text)
    found = [Fault("CS616", *fault) for fault in islice(keyword_faults(schema, DEEPEST), MOST)]
    if len(found) == MOST:
        return (*found, Fault("CS616", (), f"{MOST} keywords are wrong or unknown: mend them, the rest is not judged"))
    if any(fault.severity is Severity.ERROR for fault in found):
        return tuple(found)
    places = list(places_of(schema))
    found += [*_metadata(places), *doubts(places)]
    structural = [fault for place in places for fault in _structural(place)]
    if structural:
        return (*found, *structural)
    # The heavier ones last: they load a validator.
    from cluster_stacks.validation.capi.variable_values import cel_faults, default_faults, value_faults

    wrong = list(default_faults(places))
    if not wrong:
        wrong = [fault for place in places for fault in _together(place)]
        wrong += value_faults(places)
        wrong += cel_faults(schema, places, any_wrong=bool(wrong))
    return (*found, *wrong)


def _metadata(places: list[Place]) -> Iterator[Fault]:
    for at, node, branch, _ in places:
        extra = node.get("x-metadata")
        if isinstance(extra, Mapping) and not branch:
            where = (*at, "x-metadata")
            for pointer, message in labels_problems(extra.get("labels"), (*where, "labels")):
                yield Fault("CS613", pointer, message)
            for pointer, message in annotations_problems(extra.get("annotations"), (*where, "annotations")):
                yield Fault("CS613", pointer, message)


def _structural(place: Place) -> Iterator[Fault]:
    at, node, branch, _ = place
    if isinstance(node.get("pattern"), str):
        wrong = translated(str(node["pattern"])).wrong
        if wrong:
            yield Fault("CS615", (*at, "pattern"), f"the pattern is none that Cluster API reads: {wrong}")
    if branch:
        yield from _branch(place)
        return
    if node.get("type") == "array" and node.get("items") is None:
        yield Fault("CS615", (*at, "items"), "an array says of what its items are: add `items`")
    if not node.get("type") and node.get(INT_OR_STRING) is not True and node.get(OPEN) is not True:
        yield _no_type(at)
    if node.get(INT_OR_STRING) is True and node.get(OPEN) is True:
        yield Fault("CS615", (*at, OPEN), f"{OPEN} and {INT_OR_STRING} exclude each other: remove one")


def _no_type(at: Pointer) -> Fault:
    return Fault("CS615", (*at, "type"), f"a schema says its type: add `type`, one of {', '.join(TYPES)}")


def _branch(place: Place) -> Iterator[Fault]:
    at, node = place.pointer, place.node
    said = "stands below allOf, anyOf, oneOf or not, where only bounds may: say it outside of that"
    for key in ("type", "default", "additionalProperties", OPEN, INT_OR_STRING, RULES):
        if node.get(key) not in (None, "", False, []):
            yield Fault("CS615", (*at, key), f"`{key}` {said}")
    properties = node.get("properties")
    if isinstance(properties, Mapping) and "metadata" in properties:
        yield Fault("CS615", (*at, "properties", "metadata"), "`metadata` cannot be restricted below allOf")


def _together(place: Place) -> Iterator[Fault]:
    at, node = place.pointer, place.node
    if isinstance(node.get("additionalProperties"), Mapping) and node.get("properties"):
        message = "a mapping has `properties`, or `additionalProperties` for names that nobody knows, not both"
        yield Fault("CS616", (*at, "additionalProperties"), message)
