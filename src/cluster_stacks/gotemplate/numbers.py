"""sprig's arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import reduce
from typing import Any, Final

from cluster_stacks.gotemplate.conversions import to_float, to_int, to_int64
from cluster_stacks.gotemplate.errors import DEFAULT, CallError, CostError
from cluster_stacks.gotemplate.formatting import shown
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.unknown import Unknown
from cluster_stacks.gotemplate.values import Int64, Slice, wrap

_EXACT: Final = Context(prec=4000, Emin=-5000, Emax=5000)
_PLACES: Final = Decimal(1).scaleb(-16)


def _atoi(text: str) -> int:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 400:
        return 0
    return max(-(2**63), min(2**63 - 1, int(text)))


def _until(count: int) -> Slice:
    return _steps(0, count, -1 if count < 0 else 1)


def _steps(start: int, stop: int, step: int) -> Slice:
    if (stop < start and step >= 0) or (stop >= start and step <= 0):
        return Slice((), "int")
    items = range(start, stop, step)
    if len(items) > DEFAULT.size:
        raise CostError(f"a list of {len(items)} numbers")
    return Slice(items, "int")


def _seq(*bounds: int) -> str:
    if len(bounds) not in (1, 2, 3):
        return ""
    start, end = (1, bounds[0]) if len(bounds) == 1 else (bounds[0], bounds[-1])
    increment = -1 if end < start else 1
    step = bounds[1] if len(bounds) == 3 else increment
    if len(bounds) == 3 and end < start and step > 0:
        return ""
    return " ".join(map(str, _steps(start, end + increment, step)))


def _octal(value: Any) -> Int64:
    text = shown(value)
    sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if not digits or len(digits) > 30 or any(digit not in "01234567" for digit in digits):
        return Int64(0)
    number = int(sign + digits, 8)
    return Int64(number if -(2**63) <= number < 2**63 else 0)


def _sum(*values: Any) -> Int64:
    return Int64(wrap(sum(map(to_int, values))))


def _product(first: Any, *others: Any) -> Int64:
    return Int64(reduce(lambda total, value: wrap(total * to_int(value)), others, to_int(first)))


def _quotient(one: Any, two: Any) -> Int64:
    dividend, divisor = to_int(one), to_int(two)
    if not divisor:
        raise CallError("runtime error: integer divide by zero")
    whole = abs(dividend) // abs(divisor)
    return Int64(wrap(whole if (dividend < 0) == (divisor < 0) else -whole))


def _remainder(one: Any, two: Any) -> Int64:
    dividend, divisor = to_int(one), to_int(two)
    if not divisor:
        raise CallError("runtime error: integer divide by zero")
    rest = abs(dividend) % abs(divisor)
    return Int64(-rest if dividend < 0 else rest)


def _exactly(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[..., float]:
    def run(first: Any, *others: Any) -> float:
        with localcontext(_EXACT):
            total = _decimal(first)
            for value in others:
                total = operation(total, _decimal(value))
        return float(total) + 0.0  # no negative zero

    return run


def _decimal(value: Any) -> Decimal:
    number = to_float(value)
    if not math.isfinite(number):
        raise CallError(f"Cannot create a Decimal from {number}")
    return Decimal(repr(number))


def _divide(one: Decimal, two: Decimal) -> Decimal:
    if not two:
        raise CallError("decimal division by 0")
    return (one / two).quantize(_PLACES, rounding=ROUND_HALF_UP)


def _largest(first: Any, *others: Any) -> Int64:
    return Int64(max(map(to_int, (first, *others))))


def _smallest(first: Any, *others: Any) -> Int64:
    return Int64(min(map(to_int, (first, *others))))


def _extreme(choose: Callable[[float, float], float]) -> Callable[..., float]:
    def run(first: Any, *others: Any) -> float:
        numbers = [to_float(value) for value in (first, *others)]
        vague = any(map(math.isnan, numbers)) and not any(map(math.isinf, numbers))
        return math.nan if vague else reduce(choose, numbers)

    return run


def _rounder(whole: Callable[[float], int]) -> Callable[[Any], float]:
    def run(value: Any) -> float:
        number = to_float(value)
        return math.copysign(float(whole(number)), number) if math.isfinite(number) else number

    return run


def _round(value: Any, places: int, *on: float) -> float:
    try:
        power = math.pow(10, places)
        digit = power * to_float(value)
    except OverflowError:
        power, digit = math.inf, math.nan
    if not math.isfinite(digit) or not power:
        return math.nan
    part = math.modf(digit)[0]
    return float(math.ceil(digit) if part >= (on[0] if on else 0.5) else math.floor(digit)) / power


FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "atoi": ("string -> int", _atoi),
    "int64": ("any -> int64", to_int64),
    "int": ("any -> int", to_int),
    "float64": ("any -> float", to_float),
    "seq": ("int* -> string", _seq),
    "toDecimal": ("any -> int64", _octal),
    "until": ("int -> list", _until),
    "untilStep": ("int int int -> list", _steps),
    "add1": ("any -> int64", lambda value: Int64(wrap(to_int(value) + 1))),
    "add": ("any* -> int64", _sum),
    "sub": ("any any -> int64", lambda one, two: Int64(wrap(to_int(one) - to_int(two)))),
    "div": ("any any -> int64", _quotient),
    "mod": ("any any -> int64", _remainder),
    "mul": ("any any* -> int64", _product),
    "randInt": ("int int -> int", lambda *_: Unknown("int", "a random number")),
    "add1f": ("any -> float", lambda value: _exactly(Decimal.__add__)(value, 1)),
    "addf": ("any* -> float", lambda *values: _exactly(Decimal.__add__)(0.0, *values)),
    "subf": ("any any* -> float", _exactly(Decimal.__sub__)),
    "divf": ("any any* -> float", _exactly(_divide)),
    "mulf": ("any any* -> float", _exactly(Decimal.__mul__)),
    "biggest": ("any any* -> int64", _largest),
    "max": ("any any* -> int64", _largest),
    "min": ("any any* -> int64", _smallest),
    "maxf": ("any any* -> float", _extreme(max)),
    "minf": ("any any* -> float", _extreme(min)),
    "ceil": ("any -> float", _rounder(math.ceil)),
    "floor": ("any -> float", _rounder(math.floor)),
    "round": ("any int float* -> float", _round),
}
