"""Which of our rules hold what the specification of cluster stacks, and the tools that read it, ask for.

The numbers are those of docs/layouts.md, where each is told in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF: Mapping[int, tuple[str, ...]] = {
    1: ("CS225", "CS226"),
    2: ("CS220", "CS221"),
    3: ("CS221", "CS222", "CS155"),
    4: ("CS101",),
    5: ("CS102", "CS104"),
    6: ("CS103", "CS104"),
    7: ("CS101", "CS106"),
    8: ("CS151", "CS162", "CS223", "CS309"),
    9: ("CS105", "CS106"),
    10: ("CS101",),
    11: ("CS107",),
    12: ("CS150",),
    13: ("CS104",),
    14: ("CS154",),
    15: ("CS155",),
    16: ("CS152", "CS153"),
    17: ("CS156", "CS330"),
    18: ("CS157",),
    19: ("CS221",),
    20: ("CS158", "CS320"),
    21: ("CS159",),
    22: ("CS160", "CS221"),
}
"""Number of the specification's rule → ids of the rules that hold it."""
