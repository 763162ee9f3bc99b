"""encoding/json: values to text and back, as Go writes and reads it."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from cluster_stacks.gotemplate.errors import CallError, CostError, NotKnownError
from cluster_stacks.gotemplate.formatting import digits_of, positional
from cluster_stacks.gotemplate.unknown import Partial, Unknown
from cluster_stacks.gotemplate.values import INVALID, NilMap, Opaque, Slice, encode

_DEEPEST: Final = 200
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_HTML: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def dumps(value: Any, *, html: bool, indent: str = "") -> str:
    """json.Marshal, or MarshalIndent with an `indent`; `html`: with <, > and & escaped. Raises CallError for NaN."""
    return _written(value, html, indent, "\n" if indent else "", 0)


def _written(value: Any, html: bool, indent: str, line: str, depth: int) -> str:
    if depth > _DEEPEST:
        raise CostError("a value is nested too deeply, or holds itself")
    if isinstance(value, str):
        return _string(value, html)
    if value is None or value is INVALID or isinstance(value, NilMap) or (isinstance(value, Slice) and value.is_nil):
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__str__(value)
    if isinstance(value, float):
        return number(value)
    inner = line + indent
    if isinstance(value, dict):
        colon = ": " if indent else ":"
        keys = sorted(value, key=encode)
        items = [f"{_string(key, html)}{colon}{_written(value[key], html, indent, inner, depth + 1)}" for key in keys]
        return f"{{{inner}{f',{inner}'.join(items)}{line}}}" if items else "{}"
    if isinstance(value, list):
        items = [_written(item, html, indent, inner, depth + 1) for item in value]
        return f"[{inner}{f',{inner}'.join(items)}{line}]" if items else "[]"
    if isinstance(value, Opaque):
        return _string(value.text(), html)
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    raise CallError("json: unsupported type")


def number(value: float) -> str:
    """A float as json writes it: an exponent below 1e-6 and from 1e21 on."""
    if not math.isfinite(value):
        raise CallError("json: unsupported value")
    sign, digits, exponent = digits_of(value)
    if value and not -6 <= exponent < 21:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}".replace("e-0", "e-")
    return sign + positional(digits, exponent)


def _string(text: str, html: bool) -> str:
    parts = ['"']
    for char in text:
        if char in _SHORT:
            parts.append(_SHORT[char])
        elif html and char in _HTML:
            parts.append(_HTML[char])
        elif char < " " or char in "\u2028\u2029":
            parts.append(f"\\u{ord(char):04x}")
        else:
            parts.append("\\ufffd" if "\udc80" <= char <= "\udcff" else char)
    parts.append('"')
    return "".join(parts)


def loads(text: str) -> Any:
    """json.Unmarshal into an interface{}: every number is a float. Raises CallError."""
    try:
        value = json.loads(text, parse_int=_float, parse_float=_float, parse_constant=_refused)
        return _replaced(value, 0)
    except (ValueError, RecursionError) as error:
        raise CallError(f"invalid JSON: {error}") from None


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"cannot unmarshal number {text} into Go value of type float64")
    return value


def _refused(name: str) -> Any:
    raise ValueError(f"invalid character '{name[0]}' looking for beginning of value")


def _replaced(value: Any, depth: int) -> Any:
    """Halves of characters and broken bytes become replacement characters."""
    if depth > _DEEPEST:
        raise CostError("JSON is nested too deeply")
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_replaced(key, depth): _replaced(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, depth + 1) for item in value]
    return value
