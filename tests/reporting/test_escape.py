"""Hostile names are printed escaped, never raw."""

from __future__ import annotations

import pytest

from cluster_stacks.reporting.escape import encodable, line, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ä 日本 😀", "plain ä 日本 😀"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\x1b[31m\x07", "\\x1b[31m\\x07"),
        ("\x9b31m", "\\x9b31m"), ("\udcff\udc80", "\\xff\\x80"), ("\ud800", "\\ud800"), ("\u202eabc", "\\u202eabc"),
        ("\u2028\u200b\ufeff", "\\u2028\\u200b\\ufeff"), ("\x00\x7f", "\\x00\\x7f"),
        ("a ##[add-mask]b ##vso[x]", "a \\x23#[add-mask]b \\x23#vso[x]"), ("## [x] #1[", "## [x] #1["),
    ],
)
def test_nothing_hidden_is_left(text: str, shown: str) -> None:
    assert printable(text) == shown
    printable(text).encode()


def test_formats_that_escape_by_themselves_keep_all_but_undecodable_bytes() -> None:
    assert encodable("a\n\x1b\udcff") == "a\n\x1b\\xff"


@pytest.mark.parametrize(("text", "shown"), [
    ("::error::x", "\\x3a:error::x"), ("  ::stop-commands::x", "  \\x3a:stop-commands::x"), ("a::b", "a::b"),
    ("\n::x", "\\n::x"), ("\u00a0::x", "\u00a0\\x3a:x"), (": :", ": :"),
])
def test_a_line_of_its_own_is_no_command(text: str, shown: str) -> None:
    assert line(text) == shown
