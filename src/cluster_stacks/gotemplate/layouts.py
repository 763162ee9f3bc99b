"""fmt.Sprintf: the layout is cut into text and verbs; `verbs` writes the values."""

from __future__ import annotations

import re
from typing import Any, Final

from cluster_stacks.gotemplate.errors import DEFAULT, CostError
from cluster_stacks.gotemplate.values import is_integer
from cluster_stacks.gotemplate.verbs import Spec, formatted, typed

_VERB: Final = re.compile(
    r"%(?P<flags>[#0+\- ]*)(?P<iw>\[[^\]]*\])?(?P<width>\*|[0-9]+)?(?P<ip>(?:\.(?:\[[^\]]*\])?(?:\*|[0-9]*))?)"
    r"(?P<iv>\[[^\]]*\])?(?P<verb>.?)",
    re.DOTALL,
)
_WIDEST: Final = 1_000_000


def sprintf(layout: str, values: list[Any]) -> str:
    """fmt.Sprintf."""
    return _Printer(layout, values).run()


class _Printer:
    def __init__(self, layout: str, values: list[Any]) -> None:
        self.layout = layout
        self.values = values
        self.next = 0
        self.reordered = False
        self.good = True

    def run(self) -> str:
        parts: list[str] = []
        at = length = 0
        while (percent := self.layout.find("%", at)) >= 0:
            parts.append(self.layout[at:percent])
            match = _VERB.match(self.layout, percent)
            assert match is not None  # every part of the pattern may be empty
            parts.append(self._one(match))
            length += len(parts[-1])
            if length > DEFAULT.output:
                raise CostError("a text that is too long")
            at = match.end()
        parts.append(self.layout[at:])
        if not self.reordered and self.next < len(self.values):
            extra = ", ".join(typed(value) for value in self.values[self.next :])
            parts.append(f"%!(EXTRA {extra})")
        return "".join(parts)

    def _one(self, match: re.Match[str]) -> str:
        self.good = True
        flags = match["flags"]
        bad = ""
        self._index(match["iw"])
        width, text = self._number(match["width"] or "", "%!(BADWIDTH)")
        bad += text
        if width is not None and width < 0:
            flags, width = f"{flags}-", -width
        precision, text = self._precision(match["ip"])
        bad += text
        self._index(match["iv"])
        verb = match["verb"]
        if not verb:
            return f"{bad}%!(NOVERB)"
        if verb == "%":
            return f"{bad}%"
        if not self.good:
            return f"{bad}%!{verb}(BADINDEX)"
        if self.next >= len(self.values):
            return f"{bad}%!{verb}(MISSING)"
        value = self.values[self.next]
        self.next += 1
        return bad + formatted(Spec("".join(sorted(set(flags))), width, precision, verb), value)

    def _index(self, text: str | None) -> None:
        """`[3]`: the third argument is next."""
        if not text:
            return
        self.reordered = True
        inner = text[1:-1]
        if inner.isascii() and inner.isdigit() and 1 <= int(inner[:9]) <= len(self.values):
            self.next = int(inner) - 1
        else:
            self.good = False

    def _number(self, text: str, bad: str) -> tuple[int | None, str]:
        if text != "*":
            if len(text) > 7 or (text and int(text) > _WIDEST):
                return None, bad
            return (int(text) if text else None), ""
        value = self.values[self.next] if self.next < len(self.values) else None
        self.next += self.next < len(self.values)
        if value is not None and is_integer(value) and abs(value) <= _WIDEST:
            return int(value), ""
        return None, bad

    def _precision(self, text: str) -> tuple[int | None, str]:
        if not text:
            return None, ""
        text = text[1:]
        if text.startswith("["):
            index, _, text = text.partition("]")
            self._index(f"{index}]")
        if not text:
            return 0, ""
        number, bad = self._number(text, "%!(BADPREC)")
        if number is not None and number < 0:
            return None, "%!(BADPREC)"
        return number, bad
