"""The rules of severities and waivers (CS240 to CS243), and which rules they may be about."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo, Severity

EXPIRED = RuleInfo(
    "CS240", "waiver-expired", "a waiver has ended",
    "A waiver holds until the end of the day that it names. After that the finding is back; mend it, and remove "
    "the waiver, or set another day on purpose.",
    source="this project: docs/settings.md",
)
UNUSED = RuleInfo(
    "CS241", "waiver-unused", "a waiver waives nothing",
    "Told only where everything that the waiver could match was judged. It would let the next finding of its rule pass "
    "unseen, so remove it.",
    Severity.WARNING, "this project: docs/settings.md",
)
UNKNOWN_RULE = RuleInfo(
    "CS242", "setting-unknown-rule", "the settings name a rule that does not exist, or that they cannot change",
    "Severities and waivers are for rules that judge. A rule that says that something could not be read, rendered or "
    "published stays an error: without it the rest would pass unjudged.",
    source="this project: docs/settings.md",
)
UNKNOWN_STACK = RuleInfo(
    "CS243", "waiver-unknown-stack", "a waiver is for a stack that does not exist",
    "It names a stack as the command line does: docker/scs/1-36, or docker/scs for all its minors. The stack was "
    "renamed or removed, or its name is misspelt.",
    source="this project: docs/settings.md",
)

RULES: tuple[RuleInfo, ...] = (EXPIRED, UNUSED, UNKNOWN_RULE, UNKNOWN_STACK)

OF_OBJECTS = (("CS400", "CS412"), ("CS415", "CS450"), ("CS452", "CS459"), ("CS601", "CS729"))
"""Rules that judge objects: schemas, the API server, policies, Cluster API, what fails at run time."""
_SETTABLE = (("CS100", "CS200"), *OF_OBJECTS)


def is_settable(rule: str) -> bool:
    """Whether settings may change the severity of a rule, switch it off, or waive its findings.

    Rules that judge versions and sources (CS100 to CS200) and objects. What the others refuse cannot be read, rendered
    or published at all.
    """
    return any(first <= rule <= last for first, last in _SETTABLE)
