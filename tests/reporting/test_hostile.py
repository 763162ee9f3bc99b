"""No format can be broken or injected into: whatever a repository holds, the form is that of harmless words."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Callable, Mapping

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as html_parser

from cluster_stacks.model.finding import Finding, Fix, ObjectRef, Related, Severity, Waived
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.github import github
from cluster_stacks.reporting.html import html
from cluster_stacks.reporting.junit import junit
from cluster_stacks.reporting.markdown import markdown
from cluster_stacks.reporting.report import Report
from cluster_stacks.reporting.reporters import REPORTERS, reporter
from cluster_stacks.reporting.sarif import sarif
from cluster_stacks.reporting.text import text

PIECES = (
    "\n", "\r", "\t", "\x00", "\x1b[31m", "\x1b]8;;x\x07", "\u202e", "\u2066", "\u2028", "\ufeff", "\ufffe", "\udcff",
    "\ud800", "::error::x", "::add-mask::x", " ::stop-commands::x", "##[add-mask]x", "##vso[task.x]", "%0A", "%25", "%",
    "|", "\\|", "\\", "`", "```", "~~~", "<script>alert(1)</script>", "<!--", "-->", "</code>", "</details>", "<br>",
    "&lt;", "&#60;", "&", "]]>", "<![CDATA[", "<?x ?>", '"', "'", "](https://evil.example)", "[x](javascript:alert(1))",
    "![x](https://evil.example)", "https://evil.example/", "www.evil.example", "WWW.evil.example", "a@evil.example",
    "@org/team", "#1", "!1", "$(id)", "{0}", "# ", "- ", "* ", "***", "__", "~~", ",", ":", "=",
    "x" * 600, " ", "ä", "😀",
)
WORDS = st.lists(st.sampled_from(PIECES) | st.text(min_size=1, max_size=3), min_size=1, max_size=6).map("".join)
LINES = [st.integers(0, 3)] * 4
FINDINGS = st.builds(
    Finding, st.sampled_from(["CS101", "CS401"]), st.sampled_from(Severity), WORDS, WORDS | st.just(""), *LINES,
    st.builds(ObjectRef, WORDS, WORDS, WORDS, WORDS),
    st.lists(st.builds(Related, WORDS, st.integers(0, 3), st.integers(0, 3), WORDS), max_size=1).map(tuple), WORDS,
    st.none() | st.builds(Fix, WORDS, WORDS),
)
COMMAND = re.compile(r"::(?:error|warning|notice) (?:[a-zA-Z]+=[^:,]*,)*[a-zA-Z]+=[^:,]*::[^\n]*")
SHOWS = settings(max_examples=5000 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 50, deadline=None)


def harmless(finding: Finding) -> Finding:
    """The same with a word wherever there is text."""
    about = ObjectRef("x", "x", "x", "x")
    related = tuple(each._replace(path="x", message="x") for each in finding.related)
    fix = finding.fix and Fix("x", "x")
    return dataclasses.replace(
        finding, message="x", path=finding.path and "x", object=about, related=related, stack="x", fix=fix,
    )


def both(finding: Finding) -> tuple[Report, Report]:
    """A report of it, found and waived, and the harmless twin."""
    return tuple(  # type: ignore[return-value]  # of two
        Report(
            [each], each.stack, waived=(Waived(each, each.message, "2027-03-31"),),
            read=lambda path: path.encode("utf-8", "surrogatepass") * 3,
        )
        for each in (finding, harmless(finding))
    )


def skeleton(root: etree._Element) -> list[tuple[str, list[str]]]:
    """Its elements in order, each with the names of its attributes."""
    return [(str(each.tag), sorted(map(str, each.attrib))) for each in root.iter() if each.tag != "pre"]


@pytest.mark.parametrize("name", REPORTERS)
@given(finding=FINDINGS)
@SHOWS
def test_nothing_hidden_and_no_command_gets_through(name: str, finding: Finding) -> None:
    if name == "json":
        return  # for scripts, which get the texts as they are; JSON escapes by itself
    said = reporter(name)(both(finding)[0])
    said.encode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe]", said)
    assert not re.search(r"##\w*\[", said)
    if name != "github":
        assert not re.search(r"^\s*::", said, re.MULTILINE)


@given(finding=FINDINGS)
@SHOWS
def test_documents_stay_valid(valid: Mapping[str, Callable[[str], None]], finding: Finding) -> None:
    for name, check in valid.items():
        check(reporter(name)(both(finding)[0]))


@given(finding=FINDINGS)
@SHOWS
def test_github_gets_one_command_a_finding(finding: Finding) -> None:
    first, *rest = github(Report([finding])).splitlines()
    assert COMMAND.fullmatch(first)
    assert rest == [f"1 {finding.severity}"]


@given(finding=FINDINGS)
@SHOWS
def test_xml_and_html_keep_their_elements(finding: Finding) -> None:
    hostile, plain = both(finding)
    for made in (junit, html):
        assert skeleton(etree.fromstring(made(hostile).encode())) == skeleton(etree.fromstring(made(plain).encode()))
    page = etree.fromstring(html(hostile).encode())
    browser = html_parser.document_fromstring(html(hostile))
    for root in (page, browser):
        assert {str(each.text or "") for each in root.iter("p") if each.get("class") == "message"} == {
            printable(finding.message)
        }


@given(finding=FINDINGS)
@SHOWS
def test_markdown_keeps_its_elements_as_github_reads_them(finding: Finding) -> None:
    hostile, plain = (rendered(markdown(each)) for each in both(finding))
    assert skeleton(hostile) == skeleton(plain)
    shown = printable(finding.message if len(finding.message) <= 500 else finding.message[:497] + "...")
    cell = (hostile.xpath("//tr/td[4]")[0].text or "").replace("\u200b", "")
    assert cell.strip() == shown.strip()
    assert not re.search(r"(?<!\w)[@#!](?=\w)", "\n".join(hostile.xpath("//text()[not(ancestor::code)]")))


@given(finding=FINDINGS)
@SHOWS
def test_sarif_has_no_links_in_its_messages(finding: Finding) -> None:
    for result in json.loads(sarif(both(finding)[0]))["runs"][0]["results"]:
        told = [result["message"], *(each.get("message", {"text": ""}) for each in result.get("relatedLocations", ()))]
        assert not any("](" in each["text"] for each in told)
        assert re.fullmatch(r"[\w.~/%-]*", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], re.A)


@given(finding=FINDINGS)
@SHOWS
def test_colours_in_text_are_only_ours(finding: Finding) -> None:
    said = text(dataclasses.replace(both(finding)[0], color=True))
    assert not re.sub(r"\x1b\[[0-9;]*m", "", said).count("\x1b")


def rendered(source: str) -> etree._Element:
    """What GitHub's own parser makes of it, raw HTML included."""
    page = cmarkgfm.github_flavored_markdown_to_html(source, options=Options.CMARK_OPT_UNSAFE)
    return html_parser.document_fromstring(f"<body>{page}</body>", html_parser.HTMLParser(remove_comments=True))
