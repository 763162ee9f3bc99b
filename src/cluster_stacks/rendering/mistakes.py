"""Where and how a template went wrong. Jinja2 tells the line; column and advice are worked out from the text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from jinja2.environment import Template

from cluster_stacks.model.source import Position

_CODE = re.compile(r"<%.*|#%.*|<#.*")
_QUOTED = re.compile(r"'([^']{1,80})'")
_OFFSET = re.compile(r"unexpected char .* at (\d+)$")
_FILE = "<template>"
"""What Jinja2 calls a template that has no file, in the code that it compiles."""


def line_of(error: BaseException, template: Template | None) -> int:
    """The line of the template that was running when `error` was raised; 1 where it was not running yet."""
    line = 1
    frame = error.__traceback__
    while template is not None and frame is not None:
        if frame.tb_frame.f_code.co_filename == _FILE:
            line = template.get_corresponding_lineno(frame.tb_lineno)
        frame = frame.tb_next
    return line


def place_of(text: str, line: int, message: str) -> Position:
    """The place in `line` that the message is about: what it quotes, else the first template code, else the line."""
    offset = _OFFSET.search(message)
    if offset:
        before = text[: int(offset.group(1))]
        return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))
    lines = text.split("\n")
    content = lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""
    code = _CODE.search(content)
    start = code.start() if code else len(content) - len(content.lstrip())
    for quoted in _QUOTED.findall(message):
        for found in re.finditer(rf"(?<!\w){re.escape(quoted)}(?!\w)", content):
            if found.start() >= start:
                return Position(line, found.start() + 1, line, found.end() + 1)
    return Position(line, start + 1)


def undefined_message(message: str, values: Mapping[str, object], absent: Mapping[str, str]) -> str:
    """The message with why the name is not there, or the name that may have been meant."""
    quoted = _QUOTED.search(message)
    name = quoted.group(1) if quoted else ""
    if name in absent:
        return f"'{name}' is not defined here: {absent[name]}"
    if message != f"'{name}' is not defined":
        return message
    near = difflib.get_close_matches(name, values, 1)
    return f"{message}: " + (f"did you mean '{near[0]}'?" if near else f"there is {', '.join(sorted(values))}")
