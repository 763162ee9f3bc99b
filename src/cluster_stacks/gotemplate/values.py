"""Go's values as Python's: what a value is called, whether it is true, and the few types that Python lacks.

Go's bool, string, int, float64, map[string]interface{} and []interface{} are bool, str, int, float, dict and list; an
interface that holds nothing is None, a value that is not there at all is INVALID (Go prints both as `<no value>`, and
treats a field of the one as an error and of the other not). Strings are bytes in Go: bytes that are no UTF-8 are here
what `surrogateescape` makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from cluster_stacks.gotemplate.errors import CallError, NotKnownError
from cluster_stacks.gotemplate.unknown import Partial, Unknown


class _Invalid:
    """The value that is not there."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final = _Invalid()
_HALF: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")


class Int64(int):
    """Go's int64, which is no int where a function wants one."""


class Int32(int):
    """Go's int32."""


class Uint8(int):
    """Go's uint8: a byte of a string."""


class Uint64(int):
    """Go's uint64."""


class Slice(list[Any]):
    """A list of another type than []interface{}, or one that is nil."""

    __slots__ = ("element", "is_nil")

    def __init__(self, items: Iterable[Any] = (), element: str = "interface {}", *, is_nil: bool = False) -> None:
        super().__init__(items)
        self.element = element
        self.is_nil = is_nil


class StringMap(dict[str, str]):
    """Go's map[string]string."""


class NilMap(dict[str, Any]):
    """A map[string]interface{} that is nil: it reads as empty and cannot be written."""


class Opaque:
    """A Go value that has a type and methods, and else nothing to look into (a version, a time)."""

    __slots__ = ()
    TYPE: ClassVar[str] = ""
    KIND: ClassVar[str] = "struct"
    METHODS: ClassVar[Mapping[str, tuple[tuple[str, ...], str]]] = {}

    def text(self) -> str:
        """What fmt prints, by its String method."""
        raise NotImplementedError

    def call(self, name: str, arguments: list[Any]) -> Any:
        raise NotImplementedError


_NAMES: Final[dict[type, str]] = {
    bool: "bool", str: "string", float: "float64", int: "int", Int64: "int64", Int32: "int32", Uint8: "uint8",
    Uint64: "uint64", complex: "complex128", dict: "map[string]interface {}", list: "[]interface {}",
    StringMap: "map[string]string", NilMap: "map[string]interface {}", type(None): "<nil>",
}
_KINDS: Final[dict[type, str]] = {
    bool: "bool", str: "string", float: "float64", int: "int", Int64: "int64", Int32: "int32", Uint8: "uint8",
    Uint64: "uint64", complex: "complex128", dict: "map", list: "slice", StringMap: "map", NilMap: "map",
    Slice: "slice", type(None): "invalid", _Invalid: "invalid",
}
# What comparisons know of a value; two integers of different sign compare, nothing else across kinds does.
_BASIC: Final[dict[type, str]] = {
    bool: "bool", str: "string", float: "float", int: "int", Int64: "int", Int32: "int", Uint8: "uint", Uint64: "uint",
    complex: "complex",
}


def type_name(value: Any) -> str:
    """The type as fmt's %T and the messages of text/template name it."""
    name = _NAMES.get(type(value))
    if name is not None:
        return name
    if isinstance(value, Slice):
        return f"[]{value.element}"
    if isinstance(value, Opaque):
        return value.TYPE
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    return "<nil>"


def kind(value: Any) -> str:
    """What reflect calls its kind."""
    name = _KINDS.get(type(value))
    if name is None and isinstance(value, Unknown | Partial):
        raise NotKnownError
    return name if name is not None else value.KIND if isinstance(value, Opaque) else "invalid"


def basic(value: Any) -> str | None:
    """The kind for comparisons, None where there is none."""
    return _BASIC.get(type(value))


def is_true(value: Any) -> bool:
    """What `if` makes of a known value."""
    if value is INVALID or value is None:
        return False
    if isinstance(value, Opaque):
        return True
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    return bool(value)


def is_list(value: Any) -> bool:
    return isinstance(value, list)


def is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def encode(text: str) -> bytes:
    """The bytes of a Go string. Half a character, which no bytes mean, is what Go's JSON reads for it: U+FFFD."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return _HALF.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def decode(data: bytes) -> str:
    """The text of bytes, what is no UTF-8 escaped."""
    return data.decode("utf-8", "surrogateescape")


def valid(text: str) -> str:
    """The text as Go writes it where it reads runes: each byte that is no UTF-8 a replacement character."""
    return text if text.isascii() else "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in text)


def wrap(number: int, bits: int = 64) -> int:
    """Two's complement, as Go's integers overflow."""
    half = 1 << (bits - 1)
    return (number + half) % (2 * half) - half if not -half <= number < half else number


def want(value: Any, type_: type, name: str) -> Any:
    """The value, where it has the type that a conversion needs."""
    if not isinstance(value, type_):
        raise CallError(f"interface conversion: interface {{}} is {type_name(value)}, not {name}")
    return value
