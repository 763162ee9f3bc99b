"""The environments of the settings: what two of them may not share."""

from __future__ import annotations

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.settings import Environment
from cluster_stacks.repository.settings import parse_settings


def test_read_whole() -> None:
    settings = parse_settings(
        b"environments:\n- {name: edge, branch: env/edge, channels: [alpha]}\n"
        b"- {name: live, branch: env/live, stacks: [docker], from: edge, proposed: true}\n"
    )
    assert settings.environments == (
        Environment("edge", "env/edge", (), ("alpha",)),
        Environment("live", "env/live", ("docker",), ("stable",), "edge", proposed=True),
    )
    assert settings.environments[1].branches == ("env/live", "env/live-next")


@pytest.mark.parametrize(("second", "column", "told"), [
    ("{name: a, branch: z}", 10, "there are two environments a"),
    ("{name: b, branch: x}", 21, "x is written for the environment a already"),
    ("{name: b, branch: x-next}", 21, "x-next is written for the environment a already"),
    ("{name: b, branch: z, from: c}", 30, "there is no environment c: name one of a, b"),
    ("{name: b, branch: z, from: b}", 30, "b cannot get its releases from itself"),
])
def test_what_is_wrong_and_where(second: str, column: int, told: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_settings(f"environments:\n- {{name: a, branch: x, proposed: true}}\n- {second}\n".encode())
    [finding] = caught.value.findings
    assert told in finding.message
    assert (finding.line, finding.column) == (3, column)
