"""One value by one verb of fmt: flags, width, precision, and the `%!verb(type=value)` for what does not fit."""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from cluster_stacks.gotemplate.errors import CostError, NotKnownError
from cluster_stacks.gotemplate.formatting import bytes_of, digits_of, general, is_print, quoted, shortest, shown
from cluster_stacks.gotemplate.unknown import Partial, Unknown
from cluster_stacks.gotemplate.values import INVALID, Opaque, Slice, decode, encode, is_integer, type_name

_BASES: Final = {"b": 2, "o": 8, "O": 8, "d": 10, "x": 16, "X": 16}
_PREFIX: Final = {"b": "0b", "o": "0", "x": "0x", "X": "0X"}


class Spec(NamedTuple):
    """What stands between `%` and the verb, and the verb."""

    flags: str
    width: int | None
    precision: int | None
    verb: str


def typed(value: Any) -> str:
    return "<nil>" if value is None or value is INVALID else f"{type_name(value)}={shown(value)}"


def _bad(spec: Spec, value: Any) -> str:
    if value is None or value is INVALID:
        return f"%!{spec.verb}(<nil>)"
    return f"%!{spec.verb}({type_name(value)}={formatted(Spec(spec.flags, spec.width, spec.precision, 'v'), value)})"


def _pad(spec: Spec, text: str, *, zeros: bool = False) -> str:
    if spec.width is None or len(text) >= spec.width:
        return text
    if "-" in spec.flags:
        return text.ljust(spec.width)
    if "0" not in spec.flags or not zeros:
        return text.rjust(spec.width)
    sign = text[:1] if text[:1] in ("+", "-", " ") else ""
    return sign + text[len(sign) :].rjust(spec.width - len(sign), "0")


def formatted(spec: Spec, value: Any, depth: int = 0) -> str:
    """One value by one verb."""
    verb = spec.verb
    if depth > 100:
        raise CostError("a value is nested too deeply, or holds itself")
    if verb == "T":
        return _pad(spec, type_name(value), zeros=True)
    if value is None or value is INVALID:
        if depth:
            return "<nil>"
        return _pad(spec, "<nil>") if verb == "v" else _bad(spec, value)
    if verb == "p":
        return _bad(spec, value)
    if isinstance(value, bool):
        return _pad(spec, "true" if value else "false", zeros=True) if verb in "tv" else _bad(spec, value)
    if is_integer(value):
        return _integer(spec, int(value), value)
    if isinstance(value, float):
        return _float(spec, value, value)
    if isinstance(value, str):
        return _string(spec, value, value)
    if isinstance(value, Opaque):
        return _string(Spec(spec.flags, spec.width, spec.precision, "s" if verb == "v" else verb), value.text(), value)
    if isinstance(value, Unknown | Partial):
        raise NotKnownError
    return _container(spec, value, depth)


def _container(spec: Spec, value: Any, depth: int) -> str:
    if "#" in spec.flags and spec.verb == "v":
        return _go(value, depth)
    if isinstance(value, Slice) and value.element == "uint8" and spec.verb in "sqxX":
        return _string(spec, decode(bytes_of(value) or b""), value)
    if isinstance(value, dict):
        keys = sorted(value, key=encode)
        pairs = [f"{formatted(spec, key, depth + 1)}:{formatted(spec, value[key], depth + 1)}" for key in keys]
        return f"map[{' '.join(pairs)}]"
    if isinstance(value, list):
        return f"[{' '.join([formatted(spec, item, depth + 1) for item in value])}]"
    return _bad(spec, value)


def _go(value: Any, depth: int) -> str:
    """%#v: as source code."""
    if depth > 100:
        raise CostError("a value is nested too deeply, or holds itself")
    if value is None:
        return "interface {}(nil)" if depth else "<nil>"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        return _float(Spec("#", None, None, "v"), value, value)
    if isinstance(value, dict):
        pairs = ", ".join(f"{quoted(key)}:{_go(value[key], depth + 1)}" for key in sorted(value, key=encode))
        return f"{type_name(value)}{{{pairs}}}"
    if isinstance(value, list):
        if isinstance(value, Slice) and value.is_nil:
            return f"{type_name(value)}(nil)"
        return f"{type_name(value)}{{{', '.join(_go(item, depth + 1) for item in value)}}}"
    return shown(value)


def _integer(spec: Spec, number: int, value: Any) -> str:
    verb = "d" if spec.verb == "v" else spec.verb
    if spec.verb == "v" and "#" in spec.flags and type_name(value).startswith("uint"):
        return _pad(spec, f"0x{number:x}", zeros=True)
    if verb in _BASES:
        return _digits(spec, number, verb)
    if verb == "c":
        return _pad(spec, _char(number))
    if verb == "q":
        return _pad(spec, quoted(_char(number), ascii_only="+" in spec.flags, quote="'"))
    if verb == "U":
        text = f"U+{number:04X}" if number >= 0 else f"U+{number + 2**64:04X}"
        if "#" in spec.flags and 0 <= number <= 0x10FFFF and is_print(chr(number)):
            text += f" '{chr(number)}'"
        return _pad(spec, text)
    return _bad(spec, value)


def _char(number: int) -> str:
    return chr(number) if 0 <= number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else "\ufffd"


def _digits(spec: Spec, number: int, verb: str) -> str:
    base = _BASES[verb]
    digits = {2: "b", 8: "o", 10: "d", 16: "x"}[base]
    text = format(abs(number), digits)
    if spec.precision == 0 and number == 0:
        return " " * (spec.width or 0)
    sign = "-" if number < 0 else "+" if "+" in spec.flags else " " if " " in spec.flags else ""
    wanted = spec.precision
    if wanted is None and "0" in spec.flags and "-" not in spec.flags and spec.width:
        wanted = spec.width - len(sign)
    text = text.rjust(wanted or 0, "0")
    if verb == "O":
        text = f"0o{text}"
    elif "#" in spec.flags and verb != "d" and not (verb == "o" and text.startswith("0")):
        text = _PREFIX["x" if verb == "X" else verb] + text
    text = sign + (text.upper() if verb == "X" else text)
    return _pad(Spec(spec.flags.replace("0", ""), spec.width, None, verb), text)


def _float(spec: Spec, number: float, value: Any) -> str:
    verb = spec.verb
    if verb not in "vbeEfFgGxX":
        return _bad(spec, value)
    if verb in "bxX":
        raise CostError(f"%{verb} of a float is not understood")
    text = _float_text(spec, number, "g" if verb == "v" else verb)
    if "+" in spec.flags and text[0] not in "+-":
        text = f"+{text}"
    elif "+" not in spec.flags and text.startswith("+"):
        text = text if math.isinf(number) and " " not in spec.flags else f" {text[1:]}"
    elif " " in spec.flags and text[0] not in "+- ":
        text = f" {text}"
    return _pad(spec, text, zeros=math.isfinite(number))


def _float_text(spec: Spec, number: float, verb: str) -> str:
    if not math.isfinite(number):
        return general(number)
    precision = spec.precision
    if verb in "gG":
        if "#" in spec.flags and spec.verb != "v":
            text = format(number, f"#.{6 if precision is None else precision}g")
        elif "#" in spec.flags:
            text = shortest(number, -4, 21)
        elif precision is None:
            text = shortest(number, -4, 6) if spec.verb != "v" else general(number)
        else:
            text = _short(number, precision or 1)
        return text.upper() if verb == "G" else text
    text = format(number, f"{'#' if '#' in spec.flags else ''}.{6 if precision is None else precision}{verb.lower()}")
    return text.upper() if verb == "E" else text


def _short(number: float, precision: int) -> str:
    """%.Ng, where Go takes an exponent from as many digits on as the number has."""
    sign, _, _ = digits_of(number)
    mantissa, _, power = format(abs(number), f".{precision - 1}e").partition("e")
    digits = mantissa.replace(".", "").rstrip("0") or "0"
    exponent = int(power)
    limit = precision
    if limit > len(digits) >= exponent + 1:
        limit = len(digits)
    if exponent < -4 or exponent >= limit:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return sign + (f"{whole}.{digits[exponent + 1 :]}" if len(digits) > exponent + 1 else whole)


def _string(spec: Spec, text: str, value: Any) -> str:
    verb = spec.verb
    if verb == "v" and "#" in spec.flags:
        return quoted(text)
    if verb in "xX":
        return _pad(spec, _hex(spec, text))
    if verb not in "vsq":
        return _bad(spec, value)
    if spec.precision is not None:
        text = text[: spec.precision]
    if verb == "q":
        raw = "#" in spec.flags and "`" not in text and all(is_print(char) or char == "\t" for char in text)
        text = f"`{text}`" if raw else quoted(text, ascii_only="+" in spec.flags)
    return _pad(spec, text, zeros=True)


def _hex(spec: Spec, text: str) -> str:
    data = encode(text)[: spec.precision]
    prefix = "0x" if "#" in spec.flags and data else ""
    pieces = [f"{byte:02x}" for byte in data]
    joined = f" {prefix}".join(pieces) if " " in spec.flags else "".join(pieces)
    joined = prefix + joined
    return joined.upper() if spec.verb == "X" else joined

