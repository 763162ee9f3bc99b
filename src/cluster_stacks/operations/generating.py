"""The generators that settings enable, ready to run."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Sequence
from functools import partial

from cluster_stacks.delivery.catalogue import find_generator
from cluster_stacks.delivery.deliver import deliver
from cluster_stacks.delivery.generator import DeliveryFile, Generator
from cluster_stacks.delivery.parameters import parameters_of
from cluster_stacks.documents.json import dumps
from cluster_stacks.model.settings import SETTINGS_PATH, Settings
from cluster_stacks.publishing.deliver import Generation
from cluster_stacks.releases.facts import ReleaseFacts
from cluster_stacks.repository import rules
from cluster_stacks.repository.snapshot import Snapshot


def generations(snapshot: Snapshot, settings: Settings) -> list[Generation]:
    """One for each enabled generator, in the order of the settings, which name the branch that is delivered from.

    Raises Refused for a generator that there is none of, that is enabled twice, or whose parameters are wrong.
    """
    names = [item.name for item in settings.generators]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise rules.refused(rules.SETTINGS, f"the generator {twice} is enabled twice: keep one", SETTINGS_PATH)
    return [_generation(find_generator(name, snapshot), settings) for name in names]


def _generation(generator: Generator, settings: Settings) -> Generation:
    return Generation(
        generator.name, generator.version, _fingerprint(generator, settings), partial(_run, generator, settings)
    )


def _run(
    generator: Generator, settings: Settings, facts: Sequence[ReleaseFacts], kept: Container[str]
) -> list[DeliveryFile]:
    return deliver(generator, facts, settings, kept)


def _fingerprint(generator: Generator, settings: Settings) -> str:
    """Over all that `deliver` reads besides the releases."""
    given = {
        "generator": generator.fingerprint, "parameters": parameters_of(generator, settings),
        "url": settings.repository_url, "branch": settings.branch,
    }
    return hashlib.sha256(dumps(given).encode()).hexdigest()
