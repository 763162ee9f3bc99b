"""Conversions between types: `int('5')`, `string(1.5)`, `type(x)`, `dyn(x)`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.cel.times import parse_date_time, parse_duration, said_duration, said_moment
from cluster_stacks.validation.cel.values import INT_MAX, Duration, Timestamp, TypeValue, Uint, kind_of, unsigned, whole

_WHOLE = re.compile(r"[+-]?\d{1,40}", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[iI]nf(?:inity)?|NaN|nan)", re.ASCII)


def _int(value: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise EvaluationError(f"{value[:60]!r} is no whole number")
    return whole(int(value))


def _uint(value: str) -> Uint:
    if not _WHOLE.fullmatch(value) or value[0] in "+-":
        raise EvaluationError(f"{value[:60]!r} is no unsigned whole number")
    return unsigned(int(value))


def _double(value: str) -> float:
    if not _DOUBLE.fullmatch(value):
        raise EvaluationError(f"{value[:60]!r} is no number")
    return float(value)


def _cut(value: float) -> int:
    if not math.isfinite(value) or abs(value) >= INT_MAX:
        raise EvaluationError("integer overflow")
    return int(value)


def _bool(value: str) -> bool:
    if value in ("1", "t", "T", "true", "TRUE", "True"):
        return True
    if value in ("0", "f", "F", "false", "FALSE", "False"):
        return False
    raise EvaluationError(f"{value[:60]!r} is neither true nor false")


def _text_of(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise EvaluationError("invalid UTF-8 in bytes, cannot convert to string") from error


def said_double(value: float) -> str:
    """As `string(1.5)` writes it: the shortest that reads back, as Go writes it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    sign = "-" if math.copysign(1, value) < 0 else ""
    _, digits, exponent = Decimal(repr(abs(value))).normalize().as_tuple()
    text = "".join(map(str, digits))
    power = len(text) - 1 + int(exponent) if value else 0
    if power < -4 or power >= 6:
        return f"{sign}{text[0]}{f'.{text[1:]}' if len(text) > 1 else ''}e{'-' if power < 0 else '+'}{abs(power):02d}"
    return f"{sign}{format(Decimal(repr(abs(value))).normalize(), 'f')}"


def said(value: object) -> str:
    """A value as `string(x)` writes it; of those that it takes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return said_double(value)
    if isinstance(value, Timestamp):
        return said_moment(value)
    if isinstance(value, Duration):
        return said_duration(value)
    return _text_of(value) if isinstance(value, bytes) else str(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "int(int) int | uint(uint) uint | double(double) double | string(string) string | bool(bool) bool | "
    "bytes(bytes) bytes | timestamp(timestamp) timestamp | duration(duration) duration": lambda a: a,
    "int(uint) int": lambda a: whole(int(a)),
    "int(double) int": _cut,
    "int(string) int": _int,
    "int(timestamp) int": lambda a: a.nanoseconds // 10**9,
    "uint(int) uint": unsigned,
    "uint(double) uint": lambda a: unsigned(int(a)) if math.isfinite(a) else unsigned(-1),
    "uint(string) uint": _uint,
    "double(int) double | double(uint) double": float,
    "double(string) double": _double,
    "bool(string) bool": _bool,
    "string(int) string | string(uint) string | string(double) string | string(bool) string | string(bytes) string | "
    "string(timestamp) string | string(duration) string": said,
    "bytes(string) bytes": lambda a: a.encode("utf-8", "replace"),
    "timestamp(string) timestamp": lambda a: parse_date_time(a, dates=False),
    "timestamp(int) timestamp": lambda a: Timestamp(a * 10**9),
    "duration(string) duration": parse_duration,
    "duration(int) duration": lambda a: Duration(whole(a)),
    "type(A) type(A)": lambda a: TypeValue(kind_of(a)),
    "dyn(A) dyn": lambda a: a,
}
