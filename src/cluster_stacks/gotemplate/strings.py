"""sprig's functions on strings. Lengths and offsets count bytes, as Go's do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from cluster_stacks.gotemplate import cases, wording
from cluster_stacks.gotemplate.errors import DEFAULT, CallError, CostError
from cluster_stacks.gotemplate.formatting import quoted, shown
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.unknown import Unknown
from cluster_stacks.gotemplate.values import Slice, StringMap, decode, encode


def _trunc(count: int, text: str) -> str:
    data = encode(text)
    if count < 0 and len(data) + count > 0:
        return decode(data[len(data) + count :])
    return decode(data[:count]) if 0 <= count < len(data) else text


def _substr(start: int, end: int, text: str) -> str:
    data = encode(text)
    if start < 0:
        return decode(_cut(data, 0, end))
    if end < 0 or end > len(data):
        return decode(_cut(data, start, len(data)))
    return decode(_cut(data, start, end))


def _cut(data: bytes, start: int, end: int) -> bytes:
    if not 0 <= start <= end <= len(data):
        raise CallError(f"runtime error: slice bounds out of range [{start}:{end}] with length {len(data)}")
    return data[start:end]


def _repeat(count: int, text: str) -> str:
    if count < 0:
        raise CallError("strings: negative Repeat count")
    if count * len(text) > DEFAULT.output:
        raise CostError(f"a text of {count * len(text)} characters")
    return text * count


def _indent(spaces: int, text: str) -> str:
    pad = _repeat(spaces, " ")
    if (text.count("\n") + 1) * len(pad) > DEFAULT.output:
        raise CostError("a text that is too long")
    return pad + text.replace("\n", f"\n{pad}")


def _replace(old: str, new: str, text: str) -> str:
    if (text.count(old) + 1) * len(new) > DEFAULT.output:
        raise CostError("a text that is too long")
    return text.replace(old, new)


def _quote(*values: Any) -> str:
    return " ".join(quoted(shown(value)) for value in values if value is not None)


def _squote(*values: Any) -> str:
    return " ".join(f"'{shown(value)}'" for value in values if value is not None)


def _cat(*values: Any) -> str:
    return " ".join(shown(value) for value in values if value is not None)


def strings_of(value: Any) -> list[str]:
    """A list's items as texts, nothing for nil; anything else as a list of one."""
    if isinstance(value, list):
        return [shown(item) for item in value if item is not None]
    return [] if value is None else [shown(value)]


def _split(separator: str, text: str, count: int = -1) -> list[str]:
    if count == 0:
        return []
    if (text.count(separator) if separator else len(text)) > DEFAULT.size:
        raise CostError("a list that is too long")
    if separator:
        return text.split(separator, count - 1 if count > 0 else -1)
    if count < 0 or count > len(text):
        return list(text)
    return [*text[: count - 1], text[count - 1 :]] if text else []


def _numbered(parts: list[str]) -> StringMap:
    return StringMap((f"_{index}", part) for index, part in enumerate(parts))


def _sorted(value: Any) -> Slice:
    if isinstance(value, list):
        return Slice(sorted(strings_of(value), key=encode), "string")
    return Slice([shown(value)], "string")


def _wrap(width: int, text: str) -> str:
    return wording.wrap(text, width, "\n", cuts=False)


def _wrap_with(width: int, separator: str, text: str) -> str:
    return wording.wrap(text, width, separator or "\n", cuts=True)


def _nospace(text: str) -> str:
    """Byte by byte, as the library does: whatever is no ASCII comes out broken, unless nothing is dropped."""
    data = encode(text)
    kept = [chr(byte) for byte in data if not cases.is_space(chr(byte))]
    return text if len(kept) == len(data) else "".join(kept)


def _initials(text: str) -> str:
    parts, gap = [], True
    for char in map(chr, encode(text)):
        if not cases.is_space(char) and gap:
            parts.append(char)
        gap = cases.is_space(char)
    return "".join(parts)


def _flipped(function: Callable[[str, str], Any]) -> Callable[[str, str], Any]:
    """sprig takes what to look for first, so that the text can be piped."""
    return lambda what, text: function(text, what)


def _strip(text: str, cutset: str) -> str:
    return text.strip(cutset) if cutset else text


_TRIM = ("string string -> string", _flipped(_strip))
FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    "hello": ("-> string", lambda: "Hello!"),
    "abbrev": ("int string -> string", lambda width, text: text if width < 4 else wording.abbreviate(text, 0, width)),
    "abbrevboth": ("int int string -> string", wording.abbreviate_both),
    "trunc": ("int string -> string", _trunc),
    "trim": ("string -> string", lambda text: text.strip(cases.SPACES)),
    "upper": ("string -> string", cases.upper),
    "lower": ("string -> string", cases.lower),
    "title": ("string -> string", cases.title),
    "untitle": ("string -> string", cases.untitle),
    "swapcase": ("string -> string", cases.swap),
    "camelcase": ("string -> string", cases.pascal),
    "snakecase": ("string -> string", lambda text: wording.lowered(text, "_")),
    "kebabcase": ("string -> string", lambda text: wording.lowered(text, "-")),
    "substr": ("int int string -> string", _substr),
    "repeat": ("int string -> string", _repeat),
    "trimall": _TRIM,
    "trimAll": _TRIM,
    "trimSuffix": ("string string -> string", _flipped(str.removesuffix)),
    "trimPrefix": ("string string -> string", _flipped(str.removeprefix)),
    "nospace": ("string -> string", _nospace),
    "initials": ("string -> string", _initials),
    "shuffle": ("string -> string", lambda text: Unknown("string", "a shuffled text") if len(text) > 1 else text),
    "wrap": ("int string -> string", _wrap),
    "wrapWith": ("int string string -> string", _wrap_with),
    "contains": ("string string -> bool", lambda what, text: what in text),
    "hasPrefix": ("string string -> bool", _flipped(str.startswith)),
    "hasSuffix": ("string string -> bool", _flipped(str.endswith)),
    "quote": ("any* -> string", _quote),
    "squote": ("any* -> string", _squote),
    "cat": ("any* -> string", _cat),
    "indent": ("int string -> string", _indent),
    "nindent": ("int string -> string", lambda spaces, text: f"\n{_indent(spaces, text)}"),
    "replace": ("string string string -> string", _replace),
    "plural": ("string string int -> string", lambda one, many, count: one if count == 1 else many),
    "toString": ("any -> string", shown),
    "toStrings": ("any -> list", lambda value: Slice(strings_of(value), "string")),
    "join": ("string any -> string", lambda separator, value: separator.join(strings_of(value))),
    "sortAlpha": ("any -> list", _sorted),
    "split": ("string string -> map", lambda separator, text: _numbered(_split(separator, text))),
    "splitn": ("string int string -> map", lambda separator, count, text: _numbered(_split(separator, text, count))),
    "splitList": ("string string -> list", lambda separator, text: Slice(_split(separator, text), "string")),
}
