"""sprig's regular expressions. Go's run in linear time; Python's do not, so what might not end soon stays unknown.

Only patterns that mean the same in both are run: no nested repetition, and few repetitions for the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from cluster_stacks.gotemplate.errors import CallError
from cluster_stacks.gotemplate.functions import Body
from cluster_stacks.gotemplate.translating import UnsureError, compiled
from cluster_stacks.gotemplate.unknown import Kind, Unknown
from cluster_stacks.gotemplate.values import Slice

_EXPANSION: Final = re.compile(r"\$(?:(\$)|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})")
_WORK: Final = 20_000_000
_LONGEST: Final = 100_000


def _pattern(regex: str, text: str) -> re.Pattern[str]:
    pattern, repeats = compiled(regex)
    broken = any("\udc80" <= char <= "\udcff" for char in text)
    if broken or len(text) > _LONGEST or (len(text) + 1) ** (repeats + 1) > _WORK:
        raise UnsureError
    return pattern


def _answering(kind: Kind, run: Callable[..., Any], *, errors: Any = None) -> Callable[..., Any]:
    """`run` with a compiled pattern for the first argument; unknown where it cannot be told, `errors` for a bad one."""

    def answer(regex: str, text: str, *more: Any) -> Any:
        try:
            return run(_pattern(regex, text), text, *more)
        except UnsureError:
            return Unknown(kind, "what a regular expression finds")
        except CallError:
            if errors is None:
                raise
            return errors

    return answer


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match.group() if match else ""


def _spans(pattern: re.Pattern[str], text: str, count: int) -> list[re.Match[str]]:
    """Go's matches: no empty one right after another."""
    spans: list[re.Match[str]] = []
    for match in pattern.finditer(text):
        if count >= 0 and len(spans) >= count:
            break
        if not (match.start() == match.end() and spans and spans[-1].end() == match.start()):
            spans.append(match)
    return spans


def _all(pattern: re.Pattern[str], text: str, count: int) -> Slice:
    found = [match.group() for match in _spans(pattern, text, count)]
    return Slice(found, "string", is_nil=not found)


def _replaced(pattern: re.Pattern[str], text: str, new: str) -> str:
    return _joined(_spans(pattern, text, -1), text, lambda match: _expanded(match, new))


def _joined(spans: list[re.Match[str]], text: str, new: Callable[[re.Match[str]], str]) -> str:
    parts, at = [], 0
    for match in spans:
        parts += [text[at : match.start()], new(match)]
        at = match.end()
    return "".join([*parts, text[at:]])


def _expanded(match: re.Match[str], template: str) -> str:
    """`$1`, `${name}` and `$$`; a group that is not there is empty."""

    def group(reference: re.Match[str]) -> str:
        if reference[1]:
            return "$"
        name = reference[2] or reference[3]
        if name.isdigit():
            return (match.group(int(name)) or "") if int(name[:9]) <= (match.re.groups) else ""
        return (match.group(name) or "") if name in match.re.groupindex else ""

    return _EXPANSION.sub(group, template)


def _split(pattern: re.Pattern[str], text: str, count: int) -> Slice:
    if count == 0:
        return Slice((), "string", is_nil=True)
    if pattern.pattern and not text:
        return Slice([""], "string")
    parts: list[str] = []
    begin = end = 0
    for match in _spans(pattern, text, count):
        if count > 0 and len(parts) == count - 1:
            break
        end = match.start()
        if match.end() != 0:
            parts.append(text[begin:end])
        begin = match.end()
    if end != len(text):
        parts.append(text[begin:])
    return Slice(parts, "string")


def _quote_meta(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\.+*?()|[]{}^$" else char for char in text)


def _literally(pattern: re.Pattern[str], text: str, new: str) -> str:
    return _joined(_spans(pattern, text, -1), text, lambda _: new)


_ANY: Final = {
    "RegexFindAll": ("string string int -> list", _answering("list", _all)),
    "RegexFind": ("string string -> string", _answering("string", _found)),
    "RegexReplaceAll": ("string string string -> string", _answering("string", _replaced)),
    "RegexReplaceAllLiteral": ("string string string -> string", _answering("string", _literally)),
    "RegexSplit": ("string string int -> list", _answering("list", _split)),
}


def _matches(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


FUNCTIONS: Final[dict[str, tuple[str, Body]]] = {
    **{f"must{name}": entry for name, entry in _ANY.items()},
    **{f"r{name[1:]}": entry for name, entry in _ANY.items()},
    "regexMatch": ("string string -> bool", _answering("bool", _matches, errors=False)),
    "mustRegexMatch": ("string string -> bool", _answering("bool", _matches)),
    "regexQuoteMeta": ("string -> string", _quote_meta),
}
