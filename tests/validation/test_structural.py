"""What becomes of a node of a CRD's schema: judged by what passes and what does not."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema_rs import Draft7Validator

from cluster_stacks.validation.schema_words import ConversionError
from cluster_stacks.validation.structural import convert, root


def passes(node: dict[str, Any], value: object, **options: bool) -> bool:
    return Draft7Validator(convert(node, "x", **options)).is_valid(value)


OBJECT = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]}


def test_objects_are_closed() -> None:
    assert passes(OBJECT, {"a": "x", "b": 1})
    assert not passes(OBJECT, {"a": "x", "c": 1})


def test_an_object_without_properties_takes_none() -> None:
    assert passes({"type": "object"}, {})
    assert not passes({"type": "object"}, {"a": 1})


def test_preserve_unknown_fields_opens_one_level_only() -> None:
    node = {**OBJECT, "x-kubernetes-preserve-unknown-fields": True}
    node["properties"] = {**node["properties"], "deep": {"type": "object"}}  # type: ignore[dict-item]
    assert passes(node, {"a": "x", "anything": {"goes": 1}})
    assert not passes(node, {"a": "x", "deep": {"unknown": 1}})


def test_additional_properties_are_judged() -> None:
    node = {"type": "object", "additionalProperties": {"type": "integer"}}
    assert passes(node, {"any": 1, "dropped": None})
    assert not passes(node, {"any": "x"})
    assert passes({"type": "object", "additionalProperties": True}, {"any": "x"})


def test_a_field_named_properties_is_a_field() -> None:
    inner = {"type": "object", "additionalProperties": {"type": "string"}}
    node = {"type": "object", "properties": {"properties": inner}}
    assert passes(node, {"properties": {"anything": "x"}})
    assert not passes(node, {"anything": "x"})


def test_required_with_a_default_need_not_be_sent() -> None:
    node = {"type": "object", "required": ["a", "b"],
            "properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "string"}}}
    assert passes(node, {"b": "y"})
    assert passes(node, {"a": None, "b": "y"})
    assert not passes(node, {"a": "x"})


@pytest.mark.parametrize(("value", "valid"), [({"b": None, "a": "x"}, True), ({"a": None}, False), (None, False)])
def test_null_is_as_good_as_absent(value: object, valid: bool) -> None:
    assert passes(OBJECT, value) is valid


def test_null_in_a_list_is_not_dropped() -> None:
    assert not passes({"type": "array", "items": {"type": "string"}}, ["a", None])
    assert passes({"type": "array", "items": {"type": "string", "nullable": True}}, ["a", None])


def test_nullable_may_be_required_and_null() -> None:
    choice = {"type": "string", "nullable": True, "enum": ["x"]}
    node = {"type": "object", "required": ["a"], "properties": {"a": choice}}
    assert passes(node, {"a": None})
    assert passes(node, {"a": "x"})
    assert not passes(node, {"a": "y"})
    assert not passes(node, {})


def test_a_required_value_of_any_type_is_not_null() -> None:
    node = {"type": "object", "required": ["a"], "properties": {"a": {"x-kubernetes-preserve-unknown-fields": True}}}
    values: list[Any] = [0, "", False, [], {}, 1.5]
    assert all(passes(node, {"a": value}) for value in values)
    assert not passes(node, {"a": None})


@pytest.mark.parametrize("node", [
    {"x-kubernetes-int-or-string": True},
    {"x-kubernetes-int-or-string": True, "anyOf": [{"type": "integer"}, {"type": "string"}]},
    {"x-kubernetes-int-or-string": True, "allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]}]},
    {"x-kubernetes-int-or-string": True, "allOf": [{"anyOf": [{"type": "integer"}, {"type": "string"}]},
                                                   {"pattern": "^[0-9]+%?$"}]},
])
def test_int_or_string(node: dict[str, Any]) -> None:
    assert passes(node, 25)
    assert passes(node, "25%")
    assert passes(node, None, absent_ok=True)
    assert not passes(node, 2.5)
    assert not passes(node, [])
    assert ("allOf" in convert(node, "x")) == ("pattern" in str(node))


def test_exclusive_bounds_of_draft_4() -> None:
    node = {"type": "number", "minimum": 1, "exclusiveMinimum": True, "maximum": 5, "exclusiveMaximum": False}
    assert [passes(node, value) for value in (1, 1.5, 5, 5.5)] == [False, True, True, False]


def test_int32_has_its_bounds_and_keeps_narrower_ones() -> None:
    node = {"type": "integer", "format": "int32"}
    assert [passes(node, value) for value in (2**31 - 1, 2**31, -(2**31), -(2**31) - 1)] == [True, False, True, False]
    assert not passes({**node, "minimum": 0}, -1)
    assert not passes({**node, "minimum": 0, "exclusiveMinimum": True}, 0)
    assert passes({**node, "format": "int64"}, 2**40)
    assert passes({**node, "format": "int64"}, 2**63 - 1)
    assert passes({**node, "format": "int64"}, -(2**63))
    assert not passes({**node, "format": "int64"}, 10**19)
    assert not passes({**node, "format": "int64"}, -(10**19))
    assert not passes({**node, "format": "int64", "minimum": 1}, 0)


def test_what_no_schema_can_say_is_kept_for_rules() -> None:
    rule = [{"rule": "self == oldSelf", "message": "is fixed"}]
    made = convert({"type": "object", "x-kubernetes-validations": rule, "properties": {
        "port": {"type": "integer", "default": 6443},
        "list": {"type": "array", "items": {"type": "object"}, "x-kubernetes-list-type": "map",
                 "x-kubernetes-list-map-keys": ["name"]},
        "either": {"x-kubernetes-int-or-string": True, "anyOf": [{"minimum": 1}], "x-kubernetes-validations": rule},
    }}, "X", absent_ok=True)
    properties = made["properties"]
    assert isinstance(properties, dict)
    assert made["x-kubernetes-validations"] == rule
    assert properties["port"]["default"] == 6443
    assert properties["list"]["x-kubernetes-list-map-keys"] == ["name"]
    assert "x-kubernetes-list-type" not in properties["list"]
    assert properties["either"]["x-kubernetes-validations"] == rule, "beside the alternatives, not within one"


def test_every_integer_fits_into_64_bits() -> None:
    for node in ({"type": "integer"}, {"x-kubernetes-int-or-string": True}):
        assert [passes(node, value) for value in (2**63 - 1, 10**20, -(10**20))] == [True, False, False]


def test_null_in_a_list_of_anything() -> None:
    anything = {"x-kubernetes-preserve-unknown-fields": True}
    assert passes({"type": "array", "items": anything}, [None, 1, {}])
    assert not passes({"type": "array", "items": {"type": "string"}}, [None])
    assert not passes({"type": "object", "required": ["a"], "properties": {"a": anything}}, {"a": None})


def test_a_whole_number_is_an_integer() -> None:
    assert passes({"type": "integer"}, 3.0)
    assert not passes({"type": "integer"}, 3.5)


@pytest.mark.parametrize(("form", "right", "wrong"), [
    ("uuid", "2F9A4A9E-5f3b-4d8a-9a56-0d1d8a1f6c11", "ubuntu"),
    ("cidr", "fd00::/48", "10.0.0.0"),
    ("ipv4", "10.0.0.1", "10.0.0"),
    ("ipv6", "::1", "10.0.0.1"),
    ("byte", "aGVsbG8K", "not base64!"),
    ("uri", "urn:example:a", "example.org/a"),
    ("duration", "1h30m", "soon"),
    ("date", "2026-01-31", "31.1.2026"),
    ("date-time", "2026-01-31T12:00:00Z", "tomorrow"),
])
def test_formats_that_the_api_server_knows(form: str, right: str, wrong: str) -> None:
    assert passes({"type": "string", "format": form}, right)
    assert not passes({"type": "string", "format": form}, wrong)
    both = {"type": "string", "format": form, "pattern": "^.{3}"}
    assert passes(both, right)
    assert not passes(both, wrong)


def test_formats_that_it_does_not_know_are_ignored() -> None:
    assert passes({"type": "string", "format": "colour"}, "x")


def test_sets_have_no_element_twice() -> None:
    node = {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}
    assert passes(node, ["a", "b"])
    assert not passes(node, ["a", "a"])


def test_defaults_are_filled_before_fields_are_counted() -> None:
    node = {"type": "object", "minProperties": 2,
            "properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "string"}}}
    assert passes(node, {"b": "y"})
    assert not passes(node, {})


def test_branches_judge_values_and_close_nothing() -> None:
    node = {**OBJECT, "anyOf": [{"required": ["b"]}, {"properties": {"a": {"enum": ["alone"]}}}]}
    assert passes(node, {"a": "x", "b": 1})
    assert passes(node, {"a": "alone"})
    assert not passes(node, {"a": "x"})
    assert passes(node, None, absent_ok=True)
    assert not passes({**OBJECT, "not": {"required": ["b"]}}, {"a": "x", "b": 1})


def test_branches_know_the_defaults_too() -> None:
    node = {"type": "object", "properties": {"a": {"type": "string", "default": "x"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a", "b"]}]}
    assert passes(node, {"b": "y"})
    assert not passes(node, {})


def test_an_embedded_object_has_a_kind_and_metadata() -> None:
    node = {"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True}
    assert passes(node, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {}})
    assert not passes(node, {"kind": "ConfigMap"})
    assert not passes(node, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"a": 1}}})


@pytest.mark.parametrize(("node", "message"), [
    ({"type": "text"}, "x: 'text' is not a type"),
    ({"properties": {}}, "x: a type is missing: the schema is not structural"),
    ({"type": "object", "properties": {"a": {"minimum": 1}}}, "x.a: a type is missing: the schema is not structural"),
    ({"type": "string", "$ref": "#/a"}, "x: the keyword '$ref' is not one that a CRD's schema may have"),
    ({"type": "object", "properties": []}, "x: a mapping is expected"),
    ({"type": "array", "items": []}, "x: a mapping is expected"),
    ({"type": "string", "anyOf": {}}, "x: a list is expected"),
    ({"type": "integer", "format": "int32", "minimum": "1"}, "'1' is not a number"),
    ({"type": "object", "required": "a"}, "`required` is not a list"),
])
def test_what_is_no_structural_schema(node: dict[str, Any], message: str) -> None:
    with pytest.raises(ConversionError) as caught:
        convert(node, "x")
    assert str(caught.value) == message


def test_the_root_knows_its_kind_and_metadata() -> None:
    node = {"type": "object", "required": ["spec", "metadata"], "properties": {
        "spec": {"type": "object"}, "status": {"type": "object", "required": ["x"]},
        "metadata": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}},
    }}
    validator = Draft7Validator(root(node, "example.org/v1", "Widget", status_ignored=True))
    good: dict[str, Any] = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "abc"}, "spec": {}}
    assert validator.is_valid(good)
    assert validator.is_valid({**good, "status": {}}), "what is dropped may lack what it requires"
    assert not validator.is_valid({**good, "status": {"of": "another version"}}), "fields are looked at before"
    assert not validator.is_valid({**good, "kind": "widget"})
    assert not validator.is_valid({**good, "metadata": {"name": "abcd"}})
    assert not validator.is_valid({**good, "metadata": {"name": "abc", "labels": {"a": 1}}})
    assert not validator.is_valid({**good, "other": 1})
    judged = Draft7Validator(root(node, "example.org/v1", "Widget", status_ignored=False))
    assert not judged.is_valid({**good, "status": {}})


def test_rules_below_all_of_are_kept() -> None:
    rules = [{"rule": "self != 'a'"}]
    inner = {"properties": {"a": {"x-kubernetes-validations": rules}}}
    node = {"type": "object", "properties": {"a": {"type": "string"}}, "allOf": [inner]}
    assert convert(node, "x")["allOf"] == [inner]
