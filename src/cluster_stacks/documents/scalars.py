"""What the text of a scalar means: the reading of Kubernetes.

Kubernetes, kubectl, Helm and Flux read YAML with sigs.k8s.io/yaml, which is go-yaml v2 followed by a conversion to
JSON. Its reading is YAML 1.1 with exceptions: `y`, `yes` and `on` are true; `0123` and `0o17` are octal; `1e3` is a
number (1000); `12:30` and dates stay text; infinities and NaN have no JSON form and fail; a number without a fraction
is an integer, however it is written (`1.0`). tests/documents/scalars.json holds what the real library makes of some
hundred texts.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from cluster_stacks.documents.words import shown

Scalar: TypeAlias = str | int | float | bool | None

MERGE_KEY = "<<"


class ScalarError(ValueError):
    """A scalar that Kubernetes refuses or garbles; the message says why and what to write."""


WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
}
NOT_FINITE = frozenset(f"{sign}.{word}" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")) | {
    ".nan", ".NaN", ".NAN",
}
_FIRST_OF_NUMBER = frozenset("+-.0123456789")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|(0)[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?")
# go-yaml strips the `0b` and hands the rest, sign included, to a function that reads signs.
_SIGNED_BINARY = re.compile(r"0b([-+][01]+)")
_LONGEST_DECIMAL = 20
_LEAST, _MOST, _MOST_UNSIGNED = -(2**63), 2**63 - 1, 2**64 - 1


def resolve(text: str) -> Scalar:
    """The value of an unquoted, untagged scalar. Raises ScalarError for what has no JSON form."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in _FIRST_OF_NUMBER:
        return text
    if text in NOT_FINITE:
        raise ScalarError(f"{text} has no form in JSON: quote it, or write a number")
    if text[0] == ".":
        return _float(text.replace("_", ""), text) if _DOT_FLOAT.fullmatch(text) else text
    plain = text.replace("_", "")
    value = _integer(plain)
    if value is not None:
        return value
    return _float(plain, text) if _FLOAT.fullmatch(plain) else text


def key_of(value: object) -> str:
    """The JSON key for a mapping's key that reads as `value`. Whole numbers become text, as Kubernetes does it.

    Raises ScalarError for the others: null, which Kubernetes refuses; `y`, `no` and `on`, which become "true" and
    "false"; and fractions, which it rounds (`1.30` becomes "1.3"). Nobody means those.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        raise ScalarError(f"a key is {str(value).lower()} in YAML (as are y, n, yes, no, on, off): quote it")
    if isinstance(value, int) and _LEAST <= value <= _MOST:
        return str(value)
    if isinstance(value, int | float):
        raise ScalarError("a key is a number that Kubernetes rounds: quote it")
    if value is None:
        raise ScalarError("a key is empty or null: quote it")
    raise ScalarError("a key is a mapping or a list (an unquoted {{ … }}?), which JSON has no form for: quote it")


def _integer(plain: str) -> int | None:
    match = _INTEGER.fullmatch(plain)
    if match is None:
        signed = _SIGNED_BINARY.fullmatch(plain)
        value = int(signed.group(1), 2) if signed else None
        return value if value is not None and _LEAST <= value <= _MOST else None
    sign, hexadecimal, binary, _, octal, decimal = match.groups()
    if decimal and len(decimal) > _LONGEST_DECIMAL:
        return None
    digits, base = next(pair for pair in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)) if pair[0])
    value = -int(digits, base) if sign == "-" else int(digits, base)
    return value if _LEAST <= value <= (_MOST if sign else _MOST_UNSIGNED) else None


def _float(plain: str, text: str) -> Scalar:
    """A number as JSON tells it apart: whole numbers are integers. Beyond the range of a float it stays text."""
    value = float(plain)
    if value in (float("inf"), float("-inf")):
        return text
    return _whole(value) if value.is_integer() and abs(value) < 2**63 else value


def _whole(value: float) -> int:
    """The integer that Kubernetes reads from the JSON of a number without fraction: its shortest digits, and zeros."""
    mantissa, _, power = repr(value).partition("e")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction + "0" * (int(power) - len(fraction))) if power else int(whole)


_TAGS: dict[str, type | tuple[type, ...]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": (int, float),
    "tag:yaml.org,2002:bool": bool,
    "tag:yaml.org,2002:null": type(None),
}


def tagged(text: str, tag: str) -> Scalar:
    """The value of a scalar with an explicit tag, quoted or not. Raises ScalarError where the two do not agree."""
    wanted = _TAGS.get(tag)
    short = shown(tag.replace("tag:yaml.org,2002:", "!!"))
    if wanted is None:
        raise ScalarError(f"the tag {short} has no form in JSON: remove it")
    if wanted is str:
        return text
    value = resolve(text)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise ScalarError(f"{shown(text)} is not what its tag {short} says: remove the tag or change the value")
    return value


class _Merge(str):
    """An unquoted `<<`, which is a merge where it is a key, and text elsewhere."""

    __slots__ = ()


MERGE = _Merge(MERGE_KEY)


class Scalars(dict[str, Any]):
    """Unquoted scalars already resolved, by their text: a file says the same few thousand things again and again.

    `<<` comes out as MERGE, and `merges` tells that there was one.
    """

    merges = False

    def __missing__(self, text: str) -> Any:
        if text == MERGE_KEY:
            self.merges = True
            value: Any = MERGE
        else:
            value = resolve(text)
        self[text] = value
        return value


def without_merge(value: Any) -> Any:
    """The value of a `<<` that stands where it merges nothing."""
    return MERGE_KEY if value is MERGE else value
