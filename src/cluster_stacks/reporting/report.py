"""What a reporter is given, and the words and order that all of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from cluster_stacks.model.finding import Finding, Fix, RuleInfo, Severity, Waived

Read = Callable[[str], bytes | None]

ANYWHERE = ".cluster-stacks.yaml"
"""The place of what has none: GitHub and GitLab refuse a finding without. The settings are of the whole repository."""

_ORDER = {severity: number for number, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Report:
    """Findings and how to show them.

    `checked` is what was looked at, in words for the summary line ("3 stacks"); `facts` are numbers for the summary of
    machine-readable formats. `read` gives the bytes of a file by its path, None where it has none, for source snippets.
    `width` is that of the terminal, in columns. `base` is what a change was compared with, where there was one.
    `waived` are findings that the settings let pass: they are counted, and no error. `verb` is the command that found
    all this; `rules` gives what is known of the rules by their ids, for the formats that explain them.
    """

    findings: Sequence[Finding]
    checked: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    read: Read | None = None
    color: bool = False
    width: int = 80
    base: Mapping[str, object] | None = None
    waived: Sequence[Waived] = ()
    verb: str = "check"
    rules: Callable[[], Mapping[str, RuleInfo]] = dict

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity, zeros included."""
        counter = Counter(finding.severity for finding in self.findings)
        return {severity: counter[severity] for severity in Severity}

    def joined(self, other: Report) -> Report:
        """Both as one, for a verb that has several results; what both found is there once."""
        checked = " and ".join(filter(None, dict.fromkeys((self.checked, other.checked))))
        return replace(
            other, findings=list(dict.fromkeys((*self.findings, *other.findings))), checked=checked,
            waived=list(dict.fromkeys((*self.waived, *other.waived))),
            facts={**self.facts, **other.facts}, base=other.base or self.base, read=other.read or self.read,
        )


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, then in the order of files and lines."""
    return sorted(findings, key=lambda finding: (_ORDER[finding.severity], finding.sort_key))


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Those of the findings, each another: the second of two alike is told from the first by its number."""
    seen: Counter[str] = Counter()
    unique: list[str] = []
    for finding in findings:
        own = finding.fingerprint
        seen[own] += 1
        unique.append(own if seen[own] == 1 else sha256(f"{own} {seen[own]}".encode()).hexdigest()[:32])
    return unique


def mending(fix: Fix) -> str:
    """What mends it in a few words: the command where there is one."""
    return fix.command or fix.description


def plural(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def summary(report: Report) -> str:
    """`2 errors and 1 warning in 3 stacks`; `nothing found in 3 stacks`."""
    words = [plural(count, severity.value) for severity, count in report.counts.items() if count]
    found = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "nothing found"
    told = f"{found} in {report.checked}" if report.checked else found
    return f"{told}, {len(report.waived)} waived" if report.waived else told


def place(path: str, line: int, column: int) -> str:
    """`path:3:17`, as far as it is known."""
    return ":".join(str(part) for part in (path, line, column) if part)
