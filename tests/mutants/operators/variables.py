"""Variables of a class: names, schemas, defaults, enums, examples, patterns, CEL rules, metadata."""

from __future__ import annotations

from typing import Any

from mutants.edits import also, change, drop, first, put, replace
from mutants.mutant import Edit
from mutants.operators.patches import spread
from mutants.operators.places import CLASS, DOUBTFUL, FAILS, SCHEMAS, VARIABLES, table


def extra(*schemas: Any, name: str = "extra", required: bool = False) -> Edit:
    """One more variable, once with each of some schemas."""

    def added(schema: Any) -> Edit:
        return change(VARIABLES, lambda found: [
            *found, {"name": name, "required": required, "schema": {"openAPIV3Schema": schema}}])

    return also(*(_numbered(added(schema), index) for index, schema in enumerate(schemas)))


def _numbered(edit: Edit, index: int) -> Edit:
    def one(value: dict[str, Any]) -> Any:
        for word, changed in edit(value):
            yield f"{word} #{index}", changed

    return one


TEXT = {"type": "string"}
THING = {"type": "object", "properties": {"a": {"type": "string"}, "n": {"type": "integer"}}}
NUMBERS = {"type": "array", "maxItems": 5, "items": {"type": "integer"}}

OPERATORS = (
    *table(
        "K", CLASS,
        ("variable-name-missing", "a variable without name", drop(f"{VARIABLES}/*/name")),
        ("variable-name-empty", "a variable with an empty name", extra(TEXT, name="")),
        ("variable-name-twice", "two variables of one name", change(VARIABLES, lambda found: [*found, {**found[0]}])),
        ("variable-name-builtin", "a variable called builtin", extra(TEXT, name="builtin")),
        ("variable-name-dot", "a dot in the name of a variable", extra(TEXT, name="a.b")),
        ("variable-name-dash", "a dash in the name of a variable, which templates cannot say", extra(TEXT, name="a-b"),
         DOUBTFUL),
        ("variable-name-blank", "a blank in the name of a variable", extra(TEXT, name="a b"), DOUBTFUL),
        ("variable-name-long", "a name of 257 characters", extra(TEXT, name="a" * 257)),
        ("variable-required-missing", "a variable that does not say whether it is required",
         drop(f"{VARIABLES}/*/required"),
         DOUBTFUL),
        ("variable-required-text", "text in place of required", replace(f"{VARIABLES}/*/required", "false")),
        ("variable-schema-missing", "a variable without schema", drop(f"{VARIABLES}/*/schema")),
        ("variable-schema-inner-missing", "a schema without openAPIV3Schema", replace(f"{VARIABLES}/*/schema", {})),
        ("variable-schema-empty", "an empty schema", extra({})),
        ("variable-unknown-field", "an unknown field of a variable", put(f"{VARIABLES}/*/default", "x")),
        ("variable-unused", "a variable that nothing reads", extra(TEXT, {"type": "integer", "default": 1}), DOUBTFUL),
        ("variable-removed", "a variable that patches read is gone", change(VARIABLES, lambda found: found[1:]), FAILS),
        ("variable-renamed", "a variable renamed, but not where it is read", spread(change(
            f"{VARIABLES}/*/name", lambda name: name + "New")), DOUBTFUL),
        ("schema-unknown-keyword", "keywords that a variable's schema does not have", extra(
            {**TEXT, "const": "a"}, {**TEXT, "nullable": True}, {**TEXT, "$ref": "#/x"}, {**TEXT, "title": "a"})),
        ("schema-type-missing", "a schema without type", extra({"default": "a"}, {"minLength": 1})),
        ("schema-type-unknown", "a type that there is not", extra({"type": "text"}, {"type": "int"}, {"type": "null"})),
        ("schema-type-list", "several types", extra({"type": ["string", "integer"]})),
        ("schema-property-no-type", "a property without type", extra(
            {"type": "object", "properties": {"a": {"default": "b"}}}, {"type": "object", "properties": {"a": {}}})),
        ("schema-item-no-type", "items without type", extra({"type": "array", "items": {}})),
        ("schema-no-items", "a list that does not say of what", extra({"type": "array"})),
        ("schema-items-of-text", "items of what is no list", extra({"type": "string", "items": TEXT}), DOUBTFUL),
        ("schema-properties-of-text", "properties of what is no object",
         extra({"type": "string", "properties": {"a": TEXT}}),
         DOUBTFUL),
        ("schema-properties-and-more", "properties and additionalProperties", extra(
            {**THING, "additionalProperties": TEXT})),
        ("schema-more-true", "additionalProperties that say true",
         extra({"type": "object", "additionalProperties": True})),
        ("schema-object-bare", "an object that says nothing of its fields", extra({"type": "object"}), DOUBTFUL),
        ("schema-required-unknown", "a required property that is not described", extra({**THING, "required": ["b"]}),
         DOUBTFUL),
        ("schema-required-text", "required as text or flag",
         extra({**THING, "required": "a"}, {**TEXT, "required": True})),
        ("schema-minimum-fraction", "a fraction as minimum, which is an int64 here", extra(
            {"type": "number", "minimum": 0.5}, {"type": "integer", "maximum": 1.5})),
        ("schema-minimum-above-maximum", "a minimum above the maximum",
         extra({"type": "integer", "minimum": 9, "maximum": 1}),
         DOUBTFUL),
        ("schema-minimum-text", "text as minimum", extra({"type": "integer", "minimum": "1"})),
        ("schema-exclusive-number", "exclusiveMinimum as a number", extra({"type": "integer", "exclusiveMinimum": 1})),
        ("schema-multiple-of", "multipleOf, which is not supported here", extra({"type": "integer", "multipleOf": 2})),
        ("schema-length-negative", "a negative length", extra({**TEXT, "minLength": -1}), DOUBTFUL),
        ("schema-length-of-number", "a length of a number", extra({"type": "integer", "maxLength": 2}), DOUBTFUL),
        ("schema-pattern-bad", "patterns that do not compile", extra(
            {**TEXT, "pattern": "["}, {**TEXT, "pattern": "(a"}, {**TEXT, "pattern": "*a"},
                {**TEXT, "pattern": "a{2,1}"})),
        ("schema-pattern-lookahead", "patterns that other engines know", extra(
            {**TEXT, "pattern": "^(?!a)"}, {**TEXT, "pattern": r"(a)\1"}, {**TEXT, "pattern": "a++"},
                {**TEXT, "pattern": "(?<=a)b"})),
        ("schema-pattern-named", "a named group, which is fine", extra({**TEXT, "pattern": "^(?P<a>b)$"})),
        ("schema-pattern-number", "a number as pattern", extra({**TEXT, "pattern": 1})),
        ("schema-pattern-of-number", "a pattern of a number", extra({"type": "integer", "pattern": "^1$"}), DOUBTFUL),
        ("schema-format-unknown", "a format that nobody knows", extra({**TEXT, "format": "k8s-name"}), DOUBTFUL),
        ("schema-format-default", "defaults that their format refuses", extra(
            {**TEXT, "format": "ipv4", "default": "1.2.3"}, {**TEXT, "format": "date-time", "default": "now"},
            {**TEXT, "format": "cidr", "default": "10.0.0.0"}, {**TEXT, "format": "uuid", "default": "x"})),
        ("schema-unique-items", "uniqueItems, which is forbidden", extra({**NUMBERS, "uniqueItems": True}), DOUBTFUL),
        ("schema-preserve-text", "unknown fields of text", extra(
            {**TEXT, "x-kubernetes-preserve-unknown-fields": True}), DOUBTFUL),
        ("schema-int-or-string-typed", "a type beside int-or-string", extra(
            {"type": "string", "x-kubernetes-int-or-string": True})),
        ("schema-list-type", "a list type, which only CRDs know", extra({**NUMBERS, "x-kubernetes-list-type": "set"})),
        ("schema-branches", "types, defaults and items within branches", extra(
            {**TEXT, "oneOf": [{"type": "string"}]}, {**TEXT, "anyOf": [{"default": "a"}]},
            {**TEXT, "allOf": [{"description": "a"}]}, {"oneOf": [{"type": "string"}, {"type": "integer"}]})),
        ("schema-branch-property", "a branch with a property that is not described outside", extra(
            {**THING, "anyOf": [{"properties": {"b": {"minLength": 1}}}]}, {**THING, "not": {"required": ["b"]}}),
                DOUBTFUL),
        ("schema-branch-fine", "branches of plain limits, which are fine", extra(
            {**TEXT, "anyOf": [{"minLength": 3}, {"pattern": "^a$"}]}, {**THING, "oneOf": [
                {"required": ["a"]}, {"required": ["n"]}]}, {**TEXT, "not": {"enum": ["x"]}})),
        ("schema-deep-type", "a type that there is not, three levels down", extra(
            {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "tuple"}}}}})),
    ),
    *table(
        "K", CLASS,
        ("default-wrong-type", "defaults of another type", extra(
            {**TEXT, "default": 1}, {"type": "integer", "default": "1"}, {"type": "boolean", "default": "true"},
            {"type": "array", "items": TEXT, "default": {}})),
        ("default-fraction", "a fraction as default of an integer", extra({"type": "integer", "default": 1.5})),
        ("default-null", "null as default", extra({**TEXT, "default": None}), DOUBTFUL),
        ("default-not-in-enum", "a default that its enum does not have",
         extra({**TEXT, "enum": ["a"], "default": "b"})),
        ("default-below-minimum", "a default below the minimum",
         extra({"type": "integer", "minimum": 5, "default": 1})),
        ("default-above-maximum", "a default above the maximum",
         extra({"type": "integer", "maximum": 5, "default": 9})),
        ("default-exclusive", "a default that is the exclusive minimum", extra(
            {"type": "integer", "minimum": 5, "exclusiveMinimum": True, "default": 5})),
        ("default-too-short", "a default that is too short", extra({**TEXT, "minLength": 3, "default": "a"})),
        ("default-too-long", "a default that is too long", extra({**TEXT, "maxLength": 1, "default": "abc"})),
        ("default-misses-pattern", "a default that misses its pattern",
         extra({**TEXT, "pattern": "^a+$", "default": "b"})),
        ("default-newline", "a default with a line end behind what the pattern wants",
         extra({**TEXT, "pattern": "^a+$", "default": "a\n"})),
        ("default-too-few", "a default with too few entries", extra({**NUMBERS, "minItems": 2, "default": [1]})),
        ("default-too-many", "a default with too many entries", extra({**NUMBERS, "maxItems": 1, "default": [1, 2]})),
        ("default-unknown-field", "a default with a field that is not described",
         extra({**THING, "default": {"x": "a"}})),
        ("default-nested-wrong", "a default of a property that does not fit", extra(
            {"type": "object", "properties": {"a": {**TEXT, "default": 1}}},
            {"type": "object", "properties": {"a": {**TEXT, "enum": ["x"], "default": "y"}}})),
        ("default-item-wrong", "an entry of a default that does not fit", extra({**NUMBERS, "default": [1, "a"]})),
        ("default-required-missing", "a default without a required property", extra(
            {**THING, "required": ["a"], "default": {"n": 1}}, {**THING, "required": ["a"], "default": {}})),
        ("default-required-defaulted", "a required property that has a default, but not in that of its object", extra(
            {"type": "object", "required": ["a"], "properties": {"a": {**TEXT, "default": "x"}}, "default": {}})),
        ("default-misses-rule", "a default that misses a CEL rule", extra(
            {**TEXT, "maxLength": 9, "default": "a",
                "x-kubernetes-validations": [{"rule": "self == 'b'", "message": "b"}]})),
        ("default-too-few-properties", "a default with too few fields", extra({
            "type": "object", "minProperties": 1, "default": {}, "additionalProperties": TEXT})),
        ("default-int-or-string", "a default that is neither integer nor text", extra(
            {"x-kubernetes-int-or-string": True, "default": True}), DOUBTFUL),
        ("default-of-required", "a required variable with a default, which is fine", extra(
            {**TEXT, "default": "a"}, required=True)),
        ("enum-wrong-type", "an enum of another type",
         extra({**TEXT, "enum": [1, 2]}, {"type": "integer", "enum": ["1"]})),
        ("enum-twice", "a value twice in an enum", extra({**TEXT, "enum": ["a", "a"]}), DOUBTFUL),
        ("enum-empty", "an empty enum", extra({**TEXT, "enum": []}), DOUBTFUL),
        ("enum-beyond-limits", "an enum with a value that other limits refuse", extra(
            {**TEXT, "maxLength": 1, "enum": ["a", "bcd"]}, {"type": "integer", "maximum": 1, "enum": [1, 2]})),
        ("enum-yaml-boolean", "an enum whose on and off are booleans", extra({**TEXT, "enum": [True, False]})),
        ("enum-null", "null in an enum", extra({**TEXT, "enum": ["a", None]}), DOUBTFUL),
        ("example-wrong-type", "an example of another type",
         extra({**TEXT, "example": 1}, {"type": "integer", "example": "a"})),
        ("example-misses", "an example that the schema refuses", extra(
            {**TEXT, "pattern": "^a$", "example": "b"}, {**THING, "example": {"x": 1}},
                {**TEXT, "enum": ["a"], "example": "b"})),
        ("variable-label-bad", "a bad label of a variable", extra(
            {**TEXT, "x-metadata": {"labels": {"my tier": "x"}}}, {**TEXT, "x-metadata": {"labels": {"tier": "a b"}}},
            {**TEXT, "x-metadata": {"labels": {"tier": 1}}})),
        ("variable-annotation-bad", "a bad annotation of a variable", extra(
            {**TEXT, "x-metadata": {"annotations": {"my note": "x"}}})),
        ("variable-nested-label-bad", "a bad label of a property", extra(
            {"type": "object", "properties": {"a": {**TEXT, "x-metadata": {"labels": {"my tier": "x"}}}}})),
        ("variable-metadata-empty", "empty metadata of a variable", extra({**TEXT, "x-metadata": {}}), DOUBTFUL),
        ("variable-old-metadata-bad", "a bad label in a variable's own metadata", also(
            first(put(f"{VARIABLES}/0/deprecatedV1Beta1Metadata", {"labels": {"my tier": "x"}})),
            first(put(f"{VARIABLES}/0/metadata", {"labels": {"my tier": "x"}})))),
        ("schema-changed-type", "a variable that becomes an integer and keeps its default", spread(replace(
            f"{SCHEMAS}/type", "integer")), DOUBTFUL),
        ("schema-type-dropped", "a variable that loses its type", spread(drop(f"{SCHEMAS}/type"))),
        ("schema-default-dropped", "a variable that loses its default", spread(drop(f"{SCHEMAS}/default")), DOUBTFUL),
        ("schema-enum-cut", "an enum without the value that is the default", change(
            f"{SCHEMAS}/enum", lambda found: found[1:]), DOUBTFUL),
        ("schema-limit-added", "a length that the default misses", spread(put(f"{SCHEMAS}/minLength", 50)), DOUBTFUL),
    ),
)
