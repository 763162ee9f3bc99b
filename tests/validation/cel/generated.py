"""Expressions made at random: most of them fit the types, some do not."""

from __future__ import annotations

import random

SCHEMA = {
    "type": "object",
    "properties": {
        "a": {"type": "string", "maxLength": 20},
        "b": {"type": "string"},
        "n": {"type": "integer"},
        "m": {"type": "integer"},
        "d": {"type": "number"},
        "t": {"type": "boolean"},
        "l": {"type": "array", "maxItems": 10, "items": {"type": "string", "maxLength": 5}},
        "u": {"type": "array", "items": {"type": "integer"}},
        "k": {"type": "object", "maxProperties": 4, "additionalProperties": {"type": "integer"}},
        "p": {"x-kubernetes-int-or-string": True},
        "o": {"type": "object", "properties": {"x": {"type": "string", "maxLength": 8}, "y": {"type": "integer"}}},
    },
}
VALUE = {
    "a": "abc", "b": "hello, wörld", "n": 3, "m": -2, "d": 1.5, "t": True, "l": ["b", "a", "abc"], "u": [3, 1, 2, 1],
    "k": {"one": 1, "two": 2}, "p": "10%", "o": {"x": "abc"},
}  # fmt: skip
_FORMS = {
    "string": [
        "self.a", "self.b", "self.o.x", "'abc'", "''", "'a'", "self.l[{int}]", "{string} + {string}",
        "{string}.lowerAscii()", "{string}.replace({string}, 'zz')", "{string}.substring({int})",
        "{strings}.join(',')", "string({int})", "({bool} ? {string} : {string})", "self.?o.x.orValue({string})",
        "string({double})", "{string}.charAt({int})", "{string}.trim()", "'%s-%d'.format([{string}, {int}])",
        "string({bool})", "self.p", "{string}.upperAscii()",
    ],
    "int": [
        "self.n", "self.m", "self.o.y", "0", "1", "2", "-1", "7", "{string}.size()", "size({strings})",
        "{int} + {int}", "{int} - {int}", "{int} * {int}", "{int} / {int}", "{int} % {int}", "{ints}.sum()",
        "{string}.indexOf({string})", "({bool} ? {int} : {int})", "int({double})", "self.k['one']",
        "self.k[{string}]", "{ints}[{int}]", "-{int}", "{ints}.max()", "self.?o.y.orValue({int})",
        "self.k[?{string}].orValue({int})", "int({string})", "self.p", "{ints}.indexOf({int})",
        "{strings}.lastIndexOf({string})", "size(self.k)",
    ],
    "double": [
        "self.d", "1.5", "0.0", "double({int})", "{double} + {double}", "{double} / {double}", "-{double}",
    ],
    "bool": [
        "self.t", "true", "false", "!{bool}", "{bool} && {bool}", "{bool} || {bool}", "{string} == {string}",
        "{int} == {int}", "{int} < {int}", "{int} >= {double}", "{double} <= {int}", "{string} < {string}",
        "{string}.contains({string})", "{string}.startsWith({string})", "{string}.endsWith({string})",
        "{string} in {strings}", "{int} in {ints}", "{string} in self.k", "has(self.o.y)", "has(self.o.x)",
        "{strings}.all(x, x != {string})", "{strings}.exists(x, x == {string})", "{ints}.exists_one(x, x == {int})",
        "{ints}.all(x, x > {int})", "{ints}.all(i, x, i < x)", "self.k.all(q, self.k[q] > {int})",
        "self.k.exists(q, v, v == {int})", "{strings} == {strings}", "{string}.matches('^[a-c]+$')",
        "({bool} ? {bool} : {bool})", "type({int}) == int", "dyn({int}) == {double}", "{ints}.isSorted()",
        "{string} != {string}", "{bool} == {bool}", "self.?o.y.hasValue()", "sets.contains({ints}, {ints})",
        "self.o == self.o", "self.p == {string}", "self.p == {int}", "{int} > {string}", "{string} + {int} == ''",
    ],
    "strings": [
        "self.l", "[{string}]", "[{string}, {string}]", "{string}.split(',')", "{strings}.filter(x, x != {string})",
        "{strings} + {strings}", "{ints}.map(x, string(x))", "{strings}.map(x, x + {string})", "{strings}.reverse()",
        "({bool} ? {strings} : {strings})", "{strings}.distinct()", "self.k.map(q, q)", "{strings}.sort()",
    ],
    "ints": [
        "self.u", "[{int}]", "[{int}, {int}]", "{strings}.map(x, x.size())", "{ints}.filter(x, x > {int})",
        "{ints} + {ints}", "{ints}.map(x, x * {int})", "{ints}.map(x, x > {int}, x + 1)", "{ints}.slice(0, {int})",
        "self.k.map(q, self.k[q])", "{ints}.transformList(i, x, i + x)", "[{ints}, {ints}].flatten()",
        "{ints}.sort()", "lists.range({int})",
    ],
}  # fmt: skip


def expression(dice: random.Random, kind: str = "bool", depth: int = 3) -> str:
    """One expression of a kind."""
    forms = _FORMS[kind]
    form = dice.choice(forms if depth else [form for form in forms if "{" not in form])
    while "{" in form:
        head, _, rest = form.partition("{")
        name, _, tail = rest.partition("}")
        form = f"{head}{expression(dice, name, depth - 1)}{tail}"
    return form
