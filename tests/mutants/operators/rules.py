"""CEL rules of a variable's schema: syntax, types, cost, messages, paths."""

from __future__ import annotations

from typing import Any

from mutants.mutant import Edit
from mutants.operators.places import CLASS, DOUBTFUL, FAILS, table
from mutants.operators.variables import TEXT, THING, extra


def rule(*rules: Any, of: dict[str, Any] | None = None) -> Edit:
    """A variable with one CEL rule, once for each; a text is the rule, a mapping the whole of it."""
    schema = of or {"type": "string", "maxLength": 20, "default": "a"}
    return extra(*(
        {**schema, "x-kubernetes-validations": [one if isinstance(one, dict) else {"rule": one, "message": "no"}]}
        for one in rules
    ))


OPERATORS = (
    *table(
        "C", CLASS,
        ("cel-empty", "an empty rule", rule({"rule": ""}, {"rule": "  "})),
        ("cel-syntax", "rules with mistakes of syntax", rule("self ==", "self = 'a'", "(self == 'a'", "self == 'a")),
        ("cel-unknown-variable", "a rule of something else than self", rule("value == 'a'")),
        ("cel-unknown-field", "a rule of a field that is not there", rule("self.nope == 'a'", of=THING)),
        ("cel-unknown-function", "a rule with a function that there is not",
         rule("self.upper() == 'A'", "len(self) > 1")),
        ("cel-not-boolean", "a rule that gives no boolean", rule("self", "size(self)", "'a'")),
        ("cel-type-mismatch", "a rule that compares different types",
         rule("self == 1", "self > 1", "self + 1 == 'a1'")),
        ("cel-number-mismatch", "a rule that compares an integer with a fraction",
         rule("self > 1.5", of={"type": "integer"}),
         DOUBTFUL),
        ("cel-old-self", "a rule about a change, which is fine", rule("self == oldSelf")),
        ("cel-old-self-in-items", "a rule about a change of entries", extra({"type": "array", "maxItems": 5, "items": {
            "type": "string", "maxLength": 5,
                "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "no"}]}})),
        ("cel-costly", "rules that may cost too much", extra(
            {"type": "array", "items": {"type": "string"}, "x-kubernetes-validations": [
                {"rule": "self.all(a, self.all(b, a.contains(b)))", "message": "no"}]},
            {"type": "array", "items": {"type": "array", "items": {"type": "string"}}, "x-kubernetes-validations": [
                {"rule": "self.all(a, a.all(b, self.exists(c, c.exists(d, d == b))))", "message": "no"}]})),
        ("cel-bounded", "the same rule over a bounded list", extra(
            {"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 5}, "x-kubernetes-validations": [
                {"rule": "self.all(a, self.all(b, a.contains(b)))", "message": "no"}]})),
        ("cel-message-newline", "a message of several lines", rule({"rule": "self != ''", "message": "a\nb"})),
        ("cel-message-blank", "a message of blanks", rule({"rule": "self != ''", "message": "  "}), DOUBTFUL),
        ("cel-message-long", "a message of 2,049 characters", rule({"rule": "self != ''", "message": "x" * 2049})),
        ("cel-multi-line-no-message", "a rule of several lines without message",
         rule({"rule": "self != '' &&\nself != 'b'"})),
        ("cel-message-expression-bad", "messages that do not compile, or are no text", rule(
            {"rule": "self != ''", "messageExpression": "self +"},
                {"rule": "self != ''", "messageExpression": "size(self)"},
            {"rule": "self != ''", "messageExpression": "nope"})),
        ("cel-message-expression-blank", "a blank message expression",
         rule({"rule": "self != ''", "messageExpression": " "}),
         DOUBTFUL),
        ("cel-reason-unknown", "a reason that there is not", rule({"rule": "self != ''", "reason": "Wrong"})),
        ("cel-reason-fine", "the reasons that there are", rule(
            {"rule": "self != ''", "reason": "FieldValueForbidden"},
                {"rule": "self != ''", "reason": "FieldValueRequired"})),
        ("cel-field-path-bad", "paths of fields that are not there or no paths", rule(
            {"rule": "has(self.a)", "fieldPath": ".b"}, {"rule": "has(self.a)", "fieldPath": "a"},
            {"rule": "has(self.a)", "fieldPath": ".a.b"}, {"rule": "has(self.a)", "fieldPath": ".a[0]"}, of=THING)),
        ("cel-field-path-fine", "a path of a field that is there",
         rule({"rule": "has(self.a)", "fieldPath": ".a"}, of=THING)),
        ("cel-unknown-key", "an unknown key of a rule", rule({"rule": "self != ''", "name": "x"})),
        ("cel-is-text", "a rule as text in place of a list", extra({**TEXT, "x-kubernetes-validations": "self != ''"})),
        ("cel-rule-missing", "a rule without its rule", rule({"message": "no"})),
        ("cel-fine", "rules with much of what CEL has, all fine", rule(
            "self.matches('^a+$') || self in ['b', 'c']", "self.startsWith('a') ? size(self) < 5 : true",
            "self.split(',').all(x, x.size() > 0)",
                "quantity('1Gi').isGreaterThan(quantity('1Mi')) && isURL('https://a.b')")),
        ("cel-fine-object", "rules of objects, all fine", rule(
            "!has(self.n) || self.n > 1", "has(self.a) && self.?n.orValue(3) == 3", "self == {'a': 'x'} || true",
                of=THING),
         DOUBTFUL),
        ("cel-optional-unguarded", "a rule that reads a field that may be missing",
         rule("self.n > 1", of=THING), DOUBTFUL),
        ("cel-bad-regex", "a rule with a pattern that does not compile", rule("self.matches('[')"), FAILS),
        ("cel-preserved", "a rule of a field that the schema only lets through", extra(
            {"type": "object", "x-kubernetes-preserve-unknown-fields": True,
             "x-kubernetes-validations": [{"rule": "self.a == 'b'", "message": "no"}]})),
        ("cel-reserved-word", "a field whose name CEL keeps for itself", extra(
            {"type": "object", "properties": {"namespace": {"type": "string"}, "in": {"type": "string"}},
             "x-kubernetes-validations": [{"rule": "!has(self.__namespace__) || self.__in__ == 'a'", "message": "no"}]},
            {"type": "object", "properties": {"in": {"type": "string"}},
             "x-kubernetes-validations": [{"rule": "self.in == 'a'", "message": "no"}]})),
        ("cel-optional-old-self", "optionalOldSelf", rule({"rule": "oldSelf.hasValue()", "optionalOldSelf": True})),
        ("cel-many", "a rule of each of a hundred entries", extra({
            "type": "array", "maxItems": 100, "items": {"type": "string", "maxLength": 10, "x-kubernetes-validations": [
                {"rule": "self != 'x'", "message": "no"}]}})),
    ),
)
