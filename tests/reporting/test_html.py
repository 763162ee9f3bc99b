"""The page."""

from __future__ import annotations

import re

from lxml import etree

from cluster_stacks.model.finding import Finding, RuleInfo, Waived
from cluster_stacks.reporting.html import html
from cluster_stacks.reporting.html_style import STYLE
from cluster_stacks.reporting.report import Report

RULES = {"CS101": RuleInfo("CS101", "cluster-stack-version", "content changed", "It must move.")}


def page(report: Report) -> etree._Element:
    return etree.fromstring(html(report).encode())


def test_it_needs_nothing_from_elsewhere_and_runs_nothing(report: Report) -> None:
    root = page(report)
    assert not root.xpath("//script | //link | //img | //iframe | //object | //@*[starts-with(name(), 'on')] | //@src")
    assert "default-src 'none'" in root.xpath("string(//meta[@http-equiv]/@content)")
    assert not re.search(r"url\(|@import|expression", STYLE)


def test_a_finding_says_what_where_and_how_to_mend_it(report: Report) -> None:
    root = page(report)
    assert root.xpath("string(//h1)") == "cluster-stacks check"
    (item,) = root.xpath("//li[contains(@class, 'error')]")
    assert item.xpath("string(.//*[@class='message'])").startswith("clusterStack must be v4")
    assert item.xpath("string(.//pre)") == "3 |   clusterStack: v3 # c\n  |                 ^^"
    assert item.xpath("string(.//*[@class='fix']/code)") == "cluster-stacks bump docker/scs/1-36"
    assert next(heading.text for heading in root.iter("h2")) == "docker/scs/1-36"


def test_a_reader_of_screens_finds_its_way(report: Report) -> None:
    root = page(report)
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert root.get("lang") == "en"
    assert set(root.xpath("//@aria-labelledby")) <= set(ids)
    assert {link.removeprefix("#") for link in root.xpath("//a/@href") if link.startswith("#")} <= set(ids)
    assert all(label.xpath("./input") for label in root.iter("label"))
    assert all(box.get("tabindex") == "0" and box.get("aria-label") for box in root.iter("pre"))
    assert [tag for tag in ("header", "main", "footer", "h1", "title") if len(root.xpath(f"//{tag}")) != 1] == []


def test_a_rule_is_explained_on_the_page(bump: Finding) -> None:
    root = page(Report([bump], rules=lambda: RULES))
    assert root.xpath("//li//a[text()='CS101']/@href") == ["#rule-CS101"]
    assert "It must move." in root.xpath("string(//*[@id='rule-CS101'])")


def test_what_was_let_pass_says_why_and_until_when(bump: Finding) -> None:
    root = page(Report([], waived=(Waived(bump, "a known fault", "2027-03-31"),)))
    (item,) = root.xpath("//li[contains(@class, 'waived')]")
    assert item.xpath("string(.//*[@class='fix'])") == "Waived until 2027-03-31: a known fault"


def test_nothing_found_says_so() -> None:
    assert page(Report([], "3 stacks")).xpath("string(//main)").strip() == "Nothing was found."
