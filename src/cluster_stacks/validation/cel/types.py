"""CEL's types, and the type that a schema declares.

Source: apiserver's SchemaDeclType: what a schema does not say is not there in an expression, and each object of a
schema is a type of its own. `most` and `least` are what the cost of an expression is estimated by: the elements of a
list, map or text that fit into a request, and the bytes that a value takes at least.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

REQUEST = 3 * 1024 * 1024
"""The bytes of the largest request that the API server takes."""

Convert = Callable[[object], object]


class Type:
    """A type; `fields` are an object's, by their names in expressions: the name in the schema, and the type."""

    __slots__ = ("convert", "fields", "kind", "least", "most", "name", "params")

    def __init__(
        self, kind: str, *params: Type, name: str = "", fields: Mapping[str, tuple[str, Type]] | None = None,
        most: int = 0, least: int = 1, convert: Convert | None = None,
    ) -> None:
        self.kind, self.params, self.name = kind, params, name or kind
        self.fields = fields or {}
        self.most, self.least, self.convert = most, least, convert

    def __str__(self) -> str:
        if self.kind == "object":
            return f"object{{{', '.join(sorted(self.fields))}}}" if len(self.fields) < 5 else "object"
        return f"{self.name}({', '.join(map(str, self.params))})" if self.params else self.name

    @property
    def is_scalar(self) -> bool:
        """Whether its values are of one size, for the estimate of costs."""
        if self.kind == "optional":
            return self.params[0].is_scalar
        return self.kind in ("bool", "double", "duration", "int", "timestamp", "uint")


DYN, ERROR = Type("dyn"), Type("error")
BOOL, INT, UINT, DOUBLE = Type("bool", least=4), Type("int"), Type("uint"), Type("double")
STRING, BYTES, NULL = Type("string", least=2), Type("bytes", least=2), Type("null", name="null_type")
TIMESTAMP = Type("timestamp", name="google.protobuf.Timestamp")
DURATION = Type("duration", name="google.protobuf.Duration")
EMPTY = Type("empty", name="dyn")
"""What an empty list or map holds: it fits where anything is wanted."""
NAMED = {
    "bool": BOOL, "int": INT, "uint": UINT, "double": DOUBLE, "string": STRING, "bytes": BYTES, "null_type": NULL,
    "dyn": DYN, "google.protobuf.Timestamp": TIMESTAMP, "google.protobuf.Duration": DURATION,
    **{
        name: Type("opaque", name=name)
        for name in ("kubernetes.URL", "kubernetes.Quantity", "net.IP", "net.CIDR", "kubernetes.Semver",
                     "kubernetes.NamedFormat")
    },
}


def list_of(element: Type, most: int = 0) -> Type:
    """list(element)."""
    return Type("list", element, most=most, least=2)


def map_of(key: Type, value: Type, most: int = 0) -> Type:
    """map(key, value)."""
    return Type("map", key, value, most=most, least=2)


def optional_of(inner: Type) -> Type:
    """optional_type(inner); what is optional already stays."""
    return inner if inner.kind == "optional" else Type("optional", inner, name="optional_type")


def same(a: Type, b: Type) -> bool:
    """Whether two types are exactly one."""
    if a is b:
        return True
    if a.kind != b.kind or a.kind in ("object", "param") or a.name != b.name or len(a.params) != len(b.params):
        return False
    return all(map(same, a.params, b.params))


RESERVED = frozenset((
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
    "loop", "package", "namespace", "return", "var", "void", "while",
))
_SPECIAL = re.compile(r"__|[-./]")
_WORDS = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}


def escaped(name: str) -> str:
    """A field's name as expressions have it (`a-b` → `a__dash__b`), empty where none can name it."""
    if not name or name[0] in "0123456789" or not re.fullmatch(r"[A-Za-z0-9_./-]+", name):
        return ""
    return f"__{name}__" if name in RESERVED else _SPECIAL.sub(lambda match: _WORDS[match.group()], name)
