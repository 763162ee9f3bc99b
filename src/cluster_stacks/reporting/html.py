"""Findings as one page: works from disk, without scripts and without anything from elsewhere, light and dark.

The page is well-formed XML too, so that a parser can hold what is in it against what was put in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cluster_stacks import __version__
from cluster_stacks.model.finding import Finding, Waived
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.html_style import STYLE
from cluster_stacks.reporting.links import HOME, rule_url
from cluster_stacks.reporting.report import Report, by_severity, fingerprints, place, plural, summary
from cluster_stacks.reporting.snippet import snippet

_WIDTH = 110
_Row = tuple[Finding, str, Waived | None]

# No script runs and nothing is loaded, whatever was to come through.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html(report: Report) -> str:
    """The whole page."""
    title = _t(f"cluster-stacks {report.verb}: {summary(report)}")
    lines = [
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8"/>',
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
        '<meta name="color-scheme" content="light dark"/>',
        f'<meta http-equiv="Content-Security-Policy" content="{_t(_POLICY)}"/>',
        f"<title>{title}</title>", f"<style>{STYLE}</style>", "</head>", "<body>",
        '<a class="skip" href="#findings">Skip to the findings</a>',
        *_header(report), '<main id="findings">', *_stacks(report), *_rules(report), "</main>",
        f'<footer>Made by <a href="{HOME}">cluster-stacks</a> {_t(__version__)}</footer>', "</body>", "</html>", "",
    ]
    return "\n".join(lines)


def _header(report: Report) -> Iterator[str]:
    yield f"<header><h1>cluster-stacks <span>{_t(report.verb)}</span></h1>"
    yield f"<p>{_t(summary(report))}</p>"
    if report.base and report.base.get("ref"):
        why = f" ({_t(str(report.base['reason']))})" if report.base.get("reason") else ""
        yield f"<p>Compared with <code>{_t(str(report.base['ref']))}</code>{why}</p>"
    counts = [(severity.value, plural(count, severity)) for severity, count in report.counts.items() if count]
    counts += [("waived", f"{len(report.waived)} waived")] if report.waived else []
    if counts:
        yield '<fieldset><legend>Show</legend>'
        for name, words in counts:
            yield f'<label class="{name}"><input type="checkbox" id="show-{name}" checked="checked"/> {words}</label>'
        yield "</fieldset>"
    yield "</header>"


def _stacks(report: Report) -> Iterator[str]:
    """A section a stack, in the order of their names."""
    found = [*((finding, None) for finding in by_severity(report.findings)), *((w.finding, w) for w in report.waived)]
    prints = fingerprints(finding for finding, _ in found)
    groups: dict[str, list[_Row]] = {}
    for (finding, waived), print_ in zip(found, prints, strict=True):
        groups.setdefault(finding.stack or finding.path or "the repository", []).append((finding, print_, waived))
    if not groups:
        yield '<p class="fine">Nothing was found.</p>'
    for number, title in enumerate(sorted(groups)):
        kinds = {_kind(finding, waived) for finding, _, waived in groups[title]}
        only = f"only-{kinds.pop()}" if len(kinds) == 1 else "several"
        yield f'<section class="{only}" aria-labelledby="s{number}"><h2 id="s{number}">{_t(title)}</h2><ol>'
        for row in groups[title]:
            yield from _finding(report, *row)
        yield "</ol></section>"


def _kind(finding: Finding, waived: Waived | None) -> str:
    return "waived" if waived else finding.severity.value


def _finding(report: Report, finding: Finding, print_: str, waived: Waived | None) -> Iterator[str]:
    kind = _kind(finding, waived)
    yield f'<li class="finding {kind}" id="f-{print_}"><p class="what"><span class="badge">{kind}</span> '
    yield f'<a href="{_rule_link(report, finding.rule)}">{_t(finding.rule)}</a> <a class="self" href="#f-{print_}"'
    yield f' aria-label="Link to this finding of {_t(finding.rule)}">#</a></p>'
    yield f'<p class="message">{_t(finding.message)}</p>'
    where = place(finding.path, finding.line, finding.column)
    about = _object(finding)
    if where or about:
        both = " ".join(filter(None, (f"<code>{_t(where)}</code>" if where else "", _t(about))))
        yield f'<p class="where">{both}</p>'
    lines = snippet(finding, report.read, _WIDTH)
    if lines:
        words = _t(f"Line {finding.line} of {finding.path}")
        yield f'<pre tabindex="0" role="region" aria-label="{words}">{"&#10;".join(map(_t, lines))}</pre>'
    if finding.related:
        yield '<ul class="related">'
        for each in finding.related:
            message = f": {_t(each.message)}" if each.message else ""
            yield f"<li>see <code>{_t(place(each.path, each.line, each.column))}</code>{message}</li>"
        yield "</ul>"
    yield from _end(finding, waived)
    yield "</li>"


def _end(finding: Finding, waived: Waived | None) -> Iterator[str]:
    """What mends it, or why it need not be."""
    if waived:
        until = f" until <time>{_t(waived.expires)}</time>" if waived.expires else ""
        yield f'<p class="fix">Waived{until}: {_t(waived.reason)}</p>'
    elif finding.fix:
        command = f" <code>{_t(finding.fix.command)}</code>" if finding.fix.command else ""
        yield f'<p class="fix">Fix: {_t(finding.fix.description)}{command}</p>'


def _rules(report: Report) -> Iterator[str]:
    """What the rules that were broken ask for."""
    known = report.rules()
    ids = sorted({f.rule for f in (*report.findings, *(w.finding for w in report.waived))} & known.keys())
    if not ids:
        return
    yield '<section aria-labelledby="rules"><h2 id="rules">The rules</h2>'
    for id_ in ids:
        info = known[id_]
        source = f"<p>Source: {_t(info.source)}</p>" if info.source else ""
        yield f'<article id="rule-{_t(id_)}"><h3><a href="{rule_url(id_)}">{_t(id_)}</a> {_t(info.name)}</h3>'
        yield f"<p>{_t(info.explanation)}</p>{source}</article>"
    yield "</section>"


def _rule_link(report: Report, rule: str) -> str:
    return f"#rule-{_t(rule)}" if rule in report.rules() else rule_url(rule)


def _object(finding: Finding) -> str:
    if finding.object is None:
        return ""
    parts: Sequence[str] = (f"{finding.object.kind}/{finding.object.name}".strip("/"), finding.object.pointer)
    return " ".join(filter(None, parts))


def _t(text: str) -> str:
    """Text, in an element or in a quoted attribute."""
    return escape(printable(text))
