"""The diff of releases shows what a repository holds, in a comment and in the log of a job: it stays text there too."""

from __future__ import annotations

import os
import re

from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as html_parser

from cluster_stacks.cli import _difference
from cluster_stacks.model.stack import StackId
from cluster_stacks.operations.diff import DiffResult, StackDiff
from cluster_stacks.releases.compare import AddonChange, Fate, ObjectChange, ReleaseComparison
from cluster_stacks.releases.difference import ABSENT, Difference
from cluster_stacks.releases.move import Move, Verdict

PIECES = (
    "\n", "\r", "\t", "\x00", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "\udcff", "::error::x", "\n::add-mask::x\n",
    " ::stop-commands::x", "##[add-mask]x", "##vso[task.x]", "%0A", "|", "\\|", "`", "```", "````", "~~~", "<script>",
    "<!--", "-->", "</details>", "</code>", "<br>", "&lt;", "](https://evil.example)", "![x](https://evil.example)",
    "www.evil.example", "a@evil.example", "@org/team", "#1", "- ", "# ", "> ", "x" * 300, " ", "ä",
)
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
SHOWS = settings(max_examples=3000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 100, deadline=None)
STACK = StackId("docker", "scs", "1-36")


def result(one: str, other: str) -> DiffResult:
    """A diff that has these texts in every place where a repository's text can stand."""
    found = (
        Difference(f"p.{one}", one, other), Difference(other, ABSENT, {one: [other]}), Difference("x", one, ABSENT),
        Difference("lines", f"a\n{one}\nb\n{one}", f"a\n{one}\nc\n{one}\n{other}"),
    )
    change = ObjectChange(Fate.CHANGED, "", one, other, found)
    addon = AddonChange(Fate.ADDED, one, found, (change,), ((Fate.REMOVED, other),))
    move = Move(Verdict.REFUSED, (one,), (other,), (one,))
    comparison = ReleaseComparison({}, (change,), (addon,), found, (change,), move)
    item = StackDiff(STACK, STACK.release_name("v2"), STACK.release_name("v1"), "published", comparison=comparison)
    return DiffResult((item, item))


def skeleton(source: str) -> list[tuple[str, list[str]]]:
    """The elements that GitHub's own parser makes of it, raw HTML included."""
    page = github_flavored_markdown_to_html(source, options=Options.CMARK_OPT_UNSAFE)
    root = html_parser.document_fromstring(f"<body>{page}</body>", html_parser.HTMLParser(remove_comments=True))
    return [(str(each.tag), sorted(map(str, each.attrib))) for each in etree.ElementTree(root).iter()]


@given(WORDS, WORDS)
@SHOWS
def test_markdown_keeps_its_elements(one: str, other: str) -> None:
    assert skeleton(_difference.markdown(result(one, other))) == skeleton(_difference.markdown(result("x", "y")))


@given(WORDS, WORDS)
@SHOWS
def test_nothing_hidden_and_no_command_gets_through(one: str, other: str) -> None:
    for shown in (
        _difference.markdown(result(one, other)), _difference.text(result(one, other), width=100, color=False),
    ):
        shown.encode()
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", shown)
        assert not re.search(r"##\w*\[", shown)
        assert not re.search(r"^\s*::", shown, re.MULTILINE)
