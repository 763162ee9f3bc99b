"""Documents → a verdict, in one process."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cluster_stacks.model.finding import Finding
from cluster_stacks.model.settings import Settings
from cluster_stacks.validation import embedded, kubeconform, plain
from cluster_stacks.validation.embedded import Embedded
from cluster_stacks.validation.engines import Engines, choose
from cluster_stacks.validation.folders import Folder
from cluster_stacks.validation.judge import Prepared, explain, judge_embedded, prepare, stage
from cluster_stacks.validation.kubeconform import Batch
from cluster_stacks.validation.policies.judge import problems as policy_problems
from cluster_stacks.validation.policies.policy import Policy
from cluster_stacks.validation.problem import Judged, Problem, finding_of
from cluster_stacks.validation.store import Store


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and by whom.

    `documents` counts objects, and documents that are none; `judged` says how many of them each engine judged. The
    difference has a finding each: nothing passes unjudged. `problems` are the findings before they were given a file.
    """

    findings: tuple[Finding, ...]
    documents: int
    judged: Mapping[str, int]
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def validate(
    objects: Sequence[Judged],
    *,
    kubernetes: str,
    engine: str = "auto",
    settings: Settings | None = None,
    folders: Sequence[Folder] = (),
    capi: str | None = None,
    policies: Sequence[Policy] = (),
) -> Verdict:
    """Judges documents against the schemas of their kinds, by the rules that need nothing else, and by policies.

    `kubernetes` is the minor that objects are for (`1.36`), `folders` are the repository's own schemas, `capi` is
    `v1beta1` or `v1beta2` where objects must be of that version. Raises CannotTell where an engine is missing or does
    not judge all that it was given, Refused where a folder of schemas cannot be used.
    """
    engines = choose(engine, settings or Settings())
    store = Store(kubernetes, folders)
    unread = [wrong for index, judged in enumerate(objects) if (wrong := plain.problem(index, judged.value))]
    prepared = prepare(objects, store, capi, unread=unread)
    own = Embedded(store)
    found = [*prepared.problems, *judge(prepared, engines, own), *policy_problems(prepared.items, policies)]
    found.sort(key=lambda problem: problem.document)
    count = len(prepared.judgeable)
    return Verdict(
        tuple(finding_of(problem, objects) for problem in found),
        prepared.documents,
        judged_by(engines, count),
        notes_of(engines, store),
        tuple(found),
    )


def judge(prepared: Prepared, engines: Engines, own: Embedded) -> list[Problem]:
    """The problems that the chosen engines find. `own` also words what kubeconform finds."""
    if engines.tool is None:
        return judge_embedded(prepared, own)
    with tempfile.TemporaryDirectory(prefix="cluster-stacks-") as directory:
        batch = Batch(Path(directory))
        keys, found = stage(prepared, batch, "object")
        for info in {prepared.kinds[index] for index in keys.values()}:
            if info is not None:
                batch.put_schema(info, own.store.schema(info))
        judgements = batch.run(engines.tool, set(keys), os.cpu_count() or 1)
    for key, index in keys.items():
        info = prepared.kinds[index]
        assert info is not None
        found += explain(judgements[key], prepared.items[index], info, own, both=engines.both)
    return found


def judged_by(engines: Engines, count: int) -> dict[str, int]:
    """How many objects each engine judged: `{"kubeconform": 12}`."""
    names = [kubeconform.NAME] if engines.tool else []
    return dict.fromkeys([*names, embedded.NAME] if engines.embedded else names, count)


def notes_of(engines: Engines, store: Store) -> tuple[str, ...]:
    """What a reader should know of how it was judged."""
    notes = [engines.note] if engines.note else []
    if store.minor != store.wanted_minor:
        missing = f"there are no schemas of Kubernetes {store.wanted_minor}"
        notes.append(f"{missing}: its own kinds were judged by those of {store.minor}")
    return tuple(notes)
