"""`make mutants`: spoils the stacks in every way of the table, and says what share of it is found.

Three judges: kubeconform alone with our closed schemas, the embedded schemas alone, and the whole of our validation.
The answers of a real cluster say what is to be found (`make parity`). Arguments: names of operators, else all of them.
Ends with 1 where the whole misses what a cluster refuses or what fails later, or refuses what works, and no decision
says why.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mutants import answers
from mutants.bases import all_bases
from mutants.compare import compare
from mutants.decisions import DECISIONS
from mutants.mutant import Base, Fate, Operator, all_mutants
from mutants.operators import OPERATORS
from mutants.verdicts import by_kubeconform, judge


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one mutant: what a cluster says, what each judge finds, and how the whole differs ("")."""

    operator: str
    base: str
    argument: str
    refused: bool
    fails: bool
    embedded: bool
    found: bool
    warned: bool
    difference: str
    said: str


def rows(operators: Sequence[Operator]) -> Iterator[Row]:
    """A row a mutant, by as many processes as there are processors."""
    all_bases()  # rendered before the processes part
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for found in pool.imap(_rows, [operator.name for operator in operators], chunksize=4):
            yield from found


def _rows(name: str) -> list[Row]:
    known = _answers()
    operator = next(operator for operator in OPERATORS if operator.name == name)
    return [
        Row(
            *found.mutant.key, found.refused, not found.refused and operator.fate is Fate.FAILS, found.verdict.embedded,
            bool(found.verdict.errors), bool(found.verdict.problems), str(found.difference or ""),
            found.reason or "; ".join(f"{p.rule} {p.message}"[:120] for p in found.verdict.errors[:2]),
        )
        for found in compare(all_mutants([operator], all_bases()), known)
    ]


_KNOWN: dict[answers.Key, str] = {}


def _answers() -> Mapping[answers.Key, str]:
    if not _KNOWN:
        _KNOWN.update(answers.load())
    return _KNOWN


def table(found: Sequence[Row], kubeconform: Mapping[answers.Key, bool]) -> Iterator[str]:
    """A line an operator: how many a cluster refuses, and how many of those each judge finds; then the rest."""
    by_operator: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_operator[row.operator].append(row)
    yield "operator                             refused kubeconf embedded  whole  fails found  differs"
    for name, group in by_operator.items():
        refused, fails = [row for row in group if row.refused], [row for row in group if row.fails]
        shares = (
            sum(kubeconform.get(_key(row), False) for row in refused), sum(row.embedded for row in refused),
            sum(row.found for row in refused),
        )
        differs = sum(bool(row.difference) for row in group)
        yield (
            f"{name:36} {len(refused):7} {shares[0]:8} {shares[1]:8} {shares[2]:6}  {len(fails):5}"
            f" {sum(row.warned for row in fails):5}  {differs or ''}{' (decided)' if name in DECISIONS else ''}"
        )


def summary(found: Sequence[Row], kubeconform: Mapping[answers.Key, bool]) -> Iterator[str]:
    """The shares of all mutants."""
    refused, fails = [row for row in found if row.refused], [row for row in found if row.fails]
    fine = [row for row in found if not row.refused and not row.fails]
    yield f"\n{len(found)} mutants of {len({row.operator for row in found})} operators"
    yield f"{len(refused)} that a cluster refuses; found by"
    yield f"  kubeconform alone  {_share(sum(kubeconform.get(_key(row), False) for row in refused), len(refused))}"
    yield f"  embedded schemas   {_share(sum(row.embedded for row in refused), len(refused))}"
    yield f"  the whole          {_share(sum(row.found for row in refused), len(refused))}"
    decided = sum(row.warned for row in refused if row.operator in DECISIONS and not row.found)
    yield f"  … and, as decided, as a warning {decided}"
    yield f"{len(fails)} that a cluster takes and that fail later; found by"
    yield f"  kubeconform alone  {_share(sum(kubeconform.get(_key(row), False) for row in fails), len(fails))}"
    yield f"  embedded schemas   {_share(sum(row.embedded for row in fails), len(fails))}"
    yield f"  the whole          {_share(sum(row.warned for row in fails), len(fails))}"
    differences = Counter(row.difference for row in found if row.difference)
    yield f"{len(fine)} others, of which {differences['false error']} that work are refused"


def unchanged(bases: Iterable[Base]) -> list[str]:
    """What is found in the bases as they are, less what their older version of the API is warned of."""
    return [
        f"{base.id}: {found.rule} {found.message}"
        for base in bases for found in judge(base.objects, base.minor) if found.rule != "CS410"
    ]


def _key(row: Row) -> answers.Key:
    return row.operator, row.base, row.argument


def _share(part: int, whole: int) -> str:
    return f"{part:6} = {100 * part / whole if whole else 100:.1f} %"


def main(names: Sequence[str]) -> int:
    start = time.monotonic()
    chosen = [operator for operator in OPERATORS if not names or operator.name in names]
    found = list(rows(chosen))
    kubeconform = by_kubeconform(mutant for mutant in all_mutants(chosen, all_bases()) if not mutant.stack)
    print("\n".join([*table(found, kubeconform), *summary(found, kubeconform)]))
    wrong = unchanged(all_bases())
    print(f"{len(wrong)} findings in the stacks as they are", *wrong, sep="\n  ")
    for row in found:
        if row.difference:
            print(f"{row.difference}: {row.operator}, {row.base}, {row.argument}: {row.said}")
    print(f"{time.monotonic() - start:.0f} s")
    return 1 if wrong or any(row.difference for row in found) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
