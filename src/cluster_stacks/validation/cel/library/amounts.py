"""Kubernetes' own types: quantities and semantic versions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal, localcontext
from functools import total_ordering
from typing import Any

from cluster_stacks.validation.cel.syntax import EvaluationError
from cluster_stacks.validation.cel.values import whole

_QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i|[numkMGTPE]?)|[eE]([+-]?\d{1,6}))", re.ASCII)
_POWERS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SEMVER = re.compile(
    r"(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})"
    r"(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?", re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount: `1.5Gi`."""

    amount: Decimal

    @property
    def cel_type(self) -> str:
        return "kubernetes.Quantity"


@total_ordering
@dataclass(frozen=True, slots=True)
class Semver:
    """A semantic version; what it was built from (`+…`) counts for nothing."""

    core: tuple[int, int, int]
    before: tuple[str, ...]

    @property
    def cel_type(self) -> str:
        return "kubernetes.Semver"

    def __lt__(self, other: Semver) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[object, ...]:
        parts = tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in self.before)
        return (*self.core, not parts, parts)


def _amount(text: str) -> Decimal | None:
    match = _QUANTITY.fullmatch(text) if len(text) < 200 else None
    if match is None:
        return None
    number, unit, exponent = Decimal(match[1]), match[2] or "", match[3]
    with localcontext() as context:
        context.prec = 400
        if exponent is not None:
            # What is below 10⁻⁹ is rounded up, and exponents that far away are of no use to anybody.
            number = number.scaleb(min(max(int(exponent), -100), 100))
        elif unit.endswith("i"):
            number *= Decimal(1024) ** ("KMGTPE".index(unit[0]) + 1)
        else:
            number = number.scaleb(_POWERS[unit])
        return number.quantize(Decimal("1e-9"), rounding=ROUND_UP)


def _quantity(text: str) -> Quantity:
    amount = _amount(text)
    if amount is None:
        raise EvaluationError(f"{text[:60]!r} is no quantity")
    return Quantity(amount)


def _is_integer(quantity: Quantity) -> bool:
    return quantity.amount == quantity.amount.to_integral_value() and abs(quantity.amount) < 2**63


def _integer(quantity: Quantity) -> int:
    if not _is_integer(quantity):
        raise EvaluationError("cannot convert value to integer")
    return int(quantity.amount)


def _added(a: Quantity, b: Any, sign: int = 1) -> Quantity:
    with localcontext() as context:
        context.prec = 400
        return Quantity(a.amount + sign * (b.amount if isinstance(b, Quantity) else b))


def _order(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


def can(parse: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether a text can be parsed, as a function."""

    def run(text: str) -> bool:
        try:
            parse(text)
        except EvaluationError:
            return False
        return True

    return run


def _semver(text: str, normalize: bool = False) -> Semver:
    if normalize:
        parts = text.removeprefix("v").split(".", 2)
        parts = [re.sub(r"^0+(?=\d)", "", part) if len(part) > 1 else part for part in parts]
        if len(parts) < 3:
            parts += ["0"] * (3 - len(parts)) if not re.search("[-+]", parts[-1]) else ["-"]
        text = ".".join(parts)
    match = _SEMVER.fullmatch(text)
    if match is None or max(map(len, (match[1], match[2], match[3]))) > 19:
        raise EvaluationError(f"{text[:60]!r} is no semantic version")
    return Semver((int(match[1]), int(match[2]), int(match[3])), tuple((match[4] or "").split(".")) if match[4] else ())


def _both(name: str, result: str) -> str:
    return f".{name}(quantity,quantity) {result} | .{name}(semver,semver) {result}"


def _value(holder: Any) -> Any:
    return holder.amount if isinstance(holder, Quantity) else holder


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "quantity(string) quantity": _quantity,
    "isQuantity(string) bool": lambda text: _amount(text) is not None,
    "sign(quantity) int": lambda a: _order(a.amount, 0),
    ".isInteger(quantity) bool": _is_integer,
    ".asInteger(quantity) int": _integer,
    ".asApproximateFloat(quantity) double": lambda a: float(a.amount),
    ".add(quantity,quantity) quantity | .add(quantity,int) quantity": _added,
    ".sub(quantity,quantity) quantity | .sub(quantity,int) quantity": lambda a, b: _added(a, b, -1),
    _both("isGreaterThan", "bool"): lambda a, b: _value(a) > _value(b),
    _both("isLessThan", "bool"): lambda a, b: _value(a) < _value(b),
    _both("compareTo", "int"): lambda a, b: _order(_value(a), _value(b)),
    "semver(string) semver | semver(string,bool) semver": _semver,
    "isSemver(string) bool": can(_semver),
    "isSemver(string,bool) bool": lambda text, normalize: can(lambda each: _semver(each, normalize))(text),
    ".major(semver) int": lambda a: whole(a.core[0]),
    ".minor(semver) int": lambda a: whole(a.core[1]),
    ".patch(semver) int": lambda a: whole(a.core[2]),
}
