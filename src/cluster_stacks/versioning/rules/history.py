"""What only the whole history of a stack shows: numbers that mean two things."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo, Severity

USED_AGAIN = RuleInfo(
    "CS180", "version-used-again", "a version that was given before is given again, for other content",
    "A version means one content for ever: clusters, mirrors and caches that have the first one never see the second. "
    "Seen over the whole history, so also where a stack was removed and created anew, or its metadata was broken in "
    "between. History cannot be mended: the next change takes a number that nobody has had.",
    source="csctl; this project: docs/history.md",
)

CREATED_AGAIN = RuleInfo(
    "CS181", "stack-created-again", "a stack that was removed is there again",
    "Its numbers begin anew, and may mean other content than those that were published before. What was published "
    "stays on the rendered branch, which refuses a number that it has with other content.",
    Severity.WARNING,
    "this project: docs/history.md",
)

NO_MERGE_BASE = RuleInfo(
    "CS182", "range-without-base", "a merge brings in a history that has nothing in common with the branch",
    "A pull request is judged from its merge base, and here is none. The merge commit itself is judged against its "
    "first parent, as every commit is.",
    Severity.WARNING,
    "this project: docs/history.md",
)

RULES = (USED_AGAIN, CREATED_AGAIN, NO_MERGE_BASE)
