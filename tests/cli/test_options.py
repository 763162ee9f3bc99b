"""What every verb shares: what is said to people is text, whatever names of files it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from cluster_stacks.cli._options import Context


@pytest.mark.parametrize(("text", "said"), [
    ("no stack changed", "no stack changed"), ("ä → 日本", "ä → 日本"),
    ("a\n::add-mask::b.yaml is not looked at", "a\\n::add-mask::b.yaml is not looked at"),
    ("::error::x.yaml is not looked at", "\\x3a:error::x.yaml is not looked at"), ("##[group]x", "\\x23#[group]x"),
    ("\x1b[31mred", "\\x1b[31mred"), ("\udcff", "\\xff"),
])
def test_what_is_said_is_one_line(capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    Context(Path(), "text", 0, color=False).say(text)
    assert capsys.readouterr().err == f"{said}\n"


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Context(Path(), "text", -1, color=False).say("x")
    assert capsys.readouterr().err == ""
