"""Operators, sizes, membership, optional values, and the parts of times."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cluster_stacks.validation.cel.frame import bounded
from cluster_stacks.validation.cel.syntax import EvaluationError, Unevaluated
from cluster_stacks.validation.cel.times import moment_of
from cluster_stacks.validation.cel.values import (
    INT_MIN,
    NONE,
    Duration,
    Optional,
    Timestamp,
    Uint,
    added,
    equal,
    less,
    unsigned,
    whole,
)


def _joined(a: Any, b: Any) -> Any:
    bounded(len(a) + len(b))
    return added(a, b) if isinstance(a, list) else a + b


def _span(nanoseconds: int) -> Duration:
    return Duration(whole(nanoseconds))


def _moment(nanoseconds: int) -> Timestamp:
    if not -62135596800 * 10**9 <= nanoseconds < 253402300800 * 10**9:
        raise EvaluationError("timestamp overflow")
    return Timestamp(nanoseconds)


def _divided(a: int, b: int) -> int:
    if b == 0:
        raise EvaluationError("division by zero")
    # Towards zero, as Go and C do.
    return whole(abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1))


def _remainder(a: int, b: int) -> int:
    if b == 0:
        raise EvaluationError("modulus by zero")
    if a == INT_MIN and b == -1:
        raise EvaluationError("integer overflow")
    return int(math.copysign(1, a)) * (abs(a) % abs(b))


def _double_divided(a: float, b: float) -> float:
    if b:
        return a / b
    return math.nan if a == 0 or a != a else math.copysign(math.inf, a) * math.copysign(1, b)


def _unsigned_divided(a: int, b: int) -> Uint:
    return unsigned(_divided(a, b))


def _in_list(value: object, items: list[object]) -> bool:
    return any(equal(value, item) for item in items)


def _key(mapping: Mapping[object, object], key: object) -> object:
    """The key as the mapping has it, or a value that none has: True is 1 to Python, and 1.0 is 1 to CEL."""
    if type(key) is float and key.is_integer():
        key = int(key)
    if type(key) is bool:
        return next((own for own in mapping if own is key), NONE)
    return NONE if isinstance(key, int) and any(own is True or own is False for own in mapping) else key


def in_map(key: object, mapping: Mapping[object, object]) -> bool:
    """Whether a map has a key."""
    return _hashable(key) and _key(mapping, key) in mapping


def at_key(mapping: Mapping[object, object], key: object) -> object:
    """The value of a key. Raises EvaluationError."""
    if not in_map(key, mapping):
        raise EvaluationError(f"no such key: {key!s:.60}")
    return mapping[_key(mapping, key)]


def at_index(items: list[object], index: object) -> object:
    """The element at a place. Raises EvaluationError."""
    if isinstance(index, bool) or not isinstance(index, (int, float)) or index != int(index):
        raise EvaluationError(f"unsupported index: {index!s:.60}")
    if not 0 <= index < len(items):
        raise EvaluationError(f"index out of bounds: {int(index)}")
    return items[int(index)]


def _hashable(key: object) -> bool:
    return isinstance(key, (str, int, float, bool))


def _optional_at(read: Callable[[Any, Any], object]) -> Callable[[Any, Any], Optional]:
    def run(holder: Any, index: object) -> Optional:
        if isinstance(holder, Optional):
            if holder is NONE:
                return NONE
            holder = holder.value
        reader = at_key if isinstance(holder, Mapping) else at_index if isinstance(holder, list) else read
        try:
            return Optional(reader(holder, index))
        except Unevaluated:
            raise
        except EvaluationError as error:
            if str(error).startswith(("no such key", "index out of")):
                return NONE
            raise

    return run


def _value(value: Optional) -> object:
    if value is NONE:
        raise EvaluationError("optional.none() dereference")
    return value.value


def _is_zero(value: object) -> bool:
    if isinstance(value, (str, bytes, list, Mapping)):
        return not value
    return value is None or value == 0 or value == Duration(0) or value == Timestamp(-62135596800 * 10**9)


def _part(read: Callable[[datetime], int]) -> Callable[..., int]:
    return lambda stamp, zone="UTC": read(moment_of(stamp, zone))


def _units(unit: int) -> Callable[[Duration], int]:
    return lambda span: _divided(span.nanoseconds, unit)


def _milliseconds(span: Duration) -> int:
    return _divided(span.nanoseconds, 10**6) % 1000


_PAIRS = (
    "bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration",
)
_CROSS = tuple((a, b) for a in ("int", "uint", "double") for b in ("int", "uint", "double") if a != b)


def _comparison(name: str) -> str:
    pairs = [*((kind, kind) for kind in _PAIRS), *_CROSS]
    return " | ".join(f"{name}({a},{b}) bool" for a, b in pairs)


def _calendar(name: str) -> str:
    return f".{name}(timestamp) int | .{name}(timestamp,string) int"


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "_==_(A,A) bool": equal,
    "_!=_(A,A) bool": lambda a, b: not equal(a, b),
    "!_(bool) bool": lambda a: not a,
    "-_(int) int": lambda a: whole(-a),
    "-_(double) double": lambda a: -a,
    _comparison("_<_"): less,
    _comparison("_>_"): lambda a, b: less(b, a),
    _comparison("_<=_"): lambda a, b: not less(b, a) if a == a and b == b else False,
    _comparison("_>=_"): lambda a, b: not less(a, b) if a == a and b == b else False,
    "_+_(int,int) int": lambda a, b: whole(a + b),
    "_+_(uint,uint) uint": lambda a, b: unsigned(a + b),
    "_+_(double,double) double": lambda a, b: a + b,
    "_+_(string,string) string | _+_(bytes,bytes) bytes | _+_(list(A),list(A)) list(A)": _joined,
    "_+_(duration,duration) duration": lambda a, b: _span(a.nanoseconds + b.nanoseconds),
    "_+_(timestamp,duration) timestamp | _+_(duration,timestamp) timestamp":
        lambda a, b: _moment(a.nanoseconds + b.nanoseconds),
    "_-_(int,int) int": lambda a, b: whole(a - b),
    "_-_(uint,uint) uint": lambda a, b: unsigned(a - b),
    "_-_(double,double) double": lambda a, b: a - b,
    "_-_(duration,duration) duration | _-_(timestamp,timestamp) duration":
        lambda a, b: _span(a.nanoseconds - b.nanoseconds),
    "_-_(timestamp,duration) timestamp": lambda a, b: _moment(a.nanoseconds - b.nanoseconds),
    "_*_(int,int) int": lambda a, b: whole(a * b),
    "_*_(uint,uint) uint": lambda a, b: unsigned(a * b),
    "_*_(double,double) double": lambda a, b: a * b,
    "_/_(int,int) int": _divided,
    "_/_(uint,uint) uint": _unsigned_divided,
    "_/_(double,double) double": _double_divided,
    "_%_(int,int) int": _remainder,
    "_%_(uint,uint) uint": lambda a, b: unsigned(_remainder(a, b)),
    "@in(A,list(A)) bool": _in_list,
    "@in(A,map(A,B)) bool": in_map,
    "_[_](list(A),int) A": at_index,
    "_[_](map(A,B),A) B": at_key,
    "_[_](optional(list(A)),int) optional(A) | _[?_](list(A),int) optional(A) | "
    "_[?_](optional(list(A)),int) optional(A)": _optional_at(at_index),
    "_[_](optional(map(A,B)),A) optional(B) | _[?_](map(A,B),A) optional(B) | "
    "_[?_](optional(map(A,B)),A) optional(B)": _optional_at(at_key),
    "size(string) int | size(bytes) int | size(list(A)) int | size(map(A,B)) int | "
    ".size(string) int | .size(bytes) int | .size(list(A)) int | .size(map(A,B)) int": len,
    "optional.of(A) optional(A)": Optional,
    "optional.none() optional(A)": lambda: NONE,
    "optional.ofNonZeroValue(A) optional(A)": lambda a: NONE if _is_zero(a) else Optional(a),
    ".hasValue(optional(A)) bool": lambda a: a is not NONE,
    ".value(optional(A)) A": _value,
    ".or(optional(A),optional(A)) optional(A)": lambda a, b: b if a is NONE else a,
    ".orValue(optional(A),A) A": lambda a, b: b if a is NONE else a.value,
    _calendar("getFullYear"): _part(lambda moment: moment.year),
    _calendar("getMonth"): _part(lambda moment: moment.month - 1),
    _calendar("getDate"): _part(lambda moment: moment.day),
    _calendar("getDayOfMonth"): _part(lambda moment: moment.day - 1),
    _calendar("getDayOfWeek"): _part(lambda moment: moment.isoweekday() % 7),
    _calendar("getDayOfYear"): _part(lambda moment: moment.timetuple().tm_yday - 1),
    _calendar("getHours"): _part(lambda moment: moment.hour),
    _calendar("getMinutes"): _part(lambda moment: moment.minute),
    _calendar("getSeconds"): _part(lambda moment: moment.second),
    _calendar("getMilliseconds"): _part(lambda moment: moment.microsecond // 1000),
    ".getHours(duration) int": _units(3600 * 10**9),
    ".getMinutes(duration) int": _units(60 * 10**9),
    ".getSeconds(duration) int": _units(10**9),
    ".getMilliseconds(duration) int": _milliseconds,
}
