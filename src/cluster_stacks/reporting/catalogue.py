"""What a rendered branch offers, as one page: works from disk, light and dark, and without its script.

The page is well-formed XML too, as that of the findings. Texts come from repositories and are escaped; the one script
is known to the page's policy by its hash, so that none that came through could run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from cluster_stacks import __version__
from cluster_stacks.reporting.catalogue_style import SCRIPT, STYLE
from cluster_stacks.reporting.difference import DiffLine
from cluster_stacks.reporting.escape import printable
from cluster_stacks.reporting.links import HOME

_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
)
_CLASSES = {"+": "add", "-": "gone", "~": "change", "!": "warn", " ": "told"}
_LINES = 200
"""Lines of differences that are shown of one release."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to copy: what it is for, and its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class OfferedRelease:
    """One live release. `facts` are labelled texts, `changes` what differs from `before`, another release's name."""

    name: str
    minor: str
    version: str
    kubernetes: str
    images: tuple[str, ...] = ()
    addons: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    before: str = ""
    changes: tuple[DiffLine, ...] = ()
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True)
class EndedRelease:
    """One that is no longer delivered: `state` is yanked or retired, `why` says since when and for what reason."""

    minor: str
    version: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class OfferedStack:
    """A stack (`docker/scs`) with the releases of all its minors, in the order in which they are to be read."""

    name: str
    live: tuple[OfferedRelease, ...]
    ended: tuple[EndedRelease, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of a branch. `provenance` are labelled texts about the whole."""

    stacks: tuple[OfferedStack, ...]
    provenance: tuple[tuple[str, str], ...] = ()


def page(catalogue: Catalogue) -> str:
    """The whole page. The same catalogue gives the same text."""
    count = sum(len(stack.live) for stack in catalogue.stacks)
    title = f"Cluster stacks: {count} live release{'' if count == 1 else 's'}"
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8"/>',
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
        '<meta name="color-scheme" content="light dark"/>',
        f'<meta http-equiv="Content-Security-Policy" content="{_t(_POLICY)}"/>',
        f"<title>{title}</title>", f"<style>{STYLE}</style>", "</head>", "<body>",
        '<a class="skip" href="#stacks">Skip to the stacks</a>',
        f"<header><h1>{title}</h1>", *_facts(catalogue.provenance),
        '<p id="filter"><label>Show only <input type="search" placeholder="docker 1.36 cilium"/></label></p>',
        '<p id="said" class="dim" role="status"></p></header>',
        '<main id="stacks">', *(line for stack in catalogue.stacks for line in _stack(stack)), "</main>",
        f'<footer>Made by <a href="{HOME}">cluster-stacks</a> {_t(__version__)}</footer>',
        f"<script>{SCRIPT}</script>",
        "</body>", "</html>", "",
    ])


def _stack(stack: OfferedStack) -> Iterator[str]:
    name = _t(stack.name)
    yield f'<section aria-labelledby="s-{name}"><h2 id="s-{name}">{name}</h2>'
    yield f'<div class="wide" tabindex="0" role="region" aria-label="Versions of {name}"><table>'
    yield "<thead><tr>" + "".join(
        f'<th scope="col">{column}</th>' for column in ("Minor", "Version", "Kubernetes", "Addons", "Node images")
    ) + "</tr></thead><tbody>"
    yield from (row for release in stack.live for row in _live_row(stack, release))
    yield from (row for release in stack.ended for row in _ended_row(stack, release))
    yield "</tbody></table></div>"
    yield from (line for release in stack.live for line in _release(stack, release))
    yield "</section>"


def _live_row(stack: OfferedStack, release: OfferedRelease) -> Iterator[str]:
    yield f'<tr data-words="{_words(stack, release)}"><th scope="row">{_t(release.minor)}</th>'
    yield f'<td><a href="#{_t(release.name)}">{_t(release.version)}</a> <span class="state live">live</span></td>'
    yield f"<td>{_t(release.kubernetes)}</td><td>{_cell(release.addons)}</td><td>{_cell(release.images)}</td></tr>"


def _ended_row(stack: OfferedStack, release: EndedRelease) -> Iterator[str]:
    words = _t(f"{stack.name} {release.minor} {release.version} {release.state}".lower())
    yield f'<tr data-words="{words}"><th scope="row">{_t(release.minor)}</th>'
    yield f'<td>{_t(release.version)} <span class="state {_t(release.state)}">{_t(release.state)}</span></td>'
    yield f'<td colspan="3" class="dim">{_t(release.why)}</td></tr>'


def _release(stack: OfferedStack, release: OfferedRelease) -> Iterator[str]:
    yield f'<details id="{_t(release.name)}" data-words="{_words(stack, release)}">'
    yield f"<summary>{_t(release.name)} <span>Kubernetes {_t(release.kubernetes)}</span></summary>"
    yield '<div class="release">'
    yield from _facts(release.facts)
    yield from _changes(release)
    if release.snippets:
        yield "<h3>How to use it</h3>"
    for snippet in release.snippets:
        yield f"<figure><figcaption>{_t(snippet.title)}</figcaption>"
        yield f'<button type="button" class="copy" aria-label="Copy: {_t(snippet.title)}">Copy</button>'
        label = _t(f"{snippet.title} of {release.name}")
        yield f'<pre tabindex="0" role="region" aria-label="{label}">{_lines(snippet.text)}</pre></figure>'
    yield "</div></details>"


def _changes(release: OfferedRelease) -> Iterator[str]:
    if not release.before:
        return
    yield f"<h3>What differs from {_t(release.before)}</h3>"
    rows = [
        f'<span class="{_CLASSES[line.sign]}">{_t("  " * line.depth + line.sign + " " + line.text)}</span>'
        for line in release.changes[:_LINES]
    ]
    if len(release.changes) > _LINES:
        rows.append(f'<span class="told">… and {len(release.changes) - _LINES} lines more</span>')
    label = _t(f"Differences of {release.name} from {release.before}")
    yield f'<pre tabindex="0" role="region" aria-label="{label}">{"&#10;".join(rows)}</pre>'


def _facts(facts: tuple[tuple[str, str], ...]) -> Iterator[str]:
    if facts:
        yield "<dl>" + "".join(f"<dt>{_t(label)}</dt><dd>{_t(text)}</dd>" for label, text in facts) + "</dl>"


def _cell(items: tuple[str, ...]) -> str:
    return "&#10;".join(map(_t, items))


def _words(stack: OfferedStack, release: OfferedRelease) -> str:
    """What the filter looks in."""
    parts = (stack.name, release.name, release.minor, release.kubernetes, "live", *release.addons, *release.images)
    return _t(" ".join(parts).lower())


def _lines(text: str) -> str:
    lines = text.splitlines()
    return "&#10;".join(lines if _is_plain("".join(lines)) else map(_t, lines))


def _t(text: str) -> str:
    return text if _is_plain(text) else escape(printable(text))


_is_plain = re.compile(r"[\w ./:@*|+=,;()~-]*", re.ASCII).fullmatch
"""Nothing in it that is escaped or made printable, which is so of nearly all texts."""
