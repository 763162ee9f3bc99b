"""Secrets in what a generator gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cluster_stacks.model.errors import Refused
from cluster_stacks.publishing.leaks import require_no_secrets

Make = Callable[..., Any]
TOKEN = "glpat" + "-q7Zk2mXv9TbLw4RyHs8N"
SECRET = b"kind: ConfigMap\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {a: hunter2}\n"


@pytest.mark.parametrize(("data", "rule"), [(f"a: {TOKEN}\n".encode(), "CS567"), (SECRET, "CS565")])
def test_refused_unless_allowed(repo: Any, release: Make, generation: Make, file: Any, data: bytes, rule: str) -> None:
    made = generation(lambda *_: [file("x.yaml", data)])
    with pytest.raises(Refused) as caught:
        repo.publish([release()], [made])
    [finding] = caught.value.findings
    assert (finding.rule, finding.path) == (rule, "delivery/flux/x.yaml")
    assert TOKEN not in finding.message
    assert repo.git("for-each-ref", "refs/heads/rendered") == ""
    require_no_secrets({"delivery/flux/x.yaml": data}, ["delivery/flux/*"])
    require_no_secrets({"delivery/flux/x.yaml": "1" * 40}, [])


def test_what_is_none() -> None:
    plain = b"kind: Secret\nstringData: {a: '${TOKEN}'}\n---\nkind: ConfigMap\ndata: {a: hunter2}\n"
    require_no_secrets({"a": plain, "b": b"kind: SecretStore\ndata: {a: x}\n", "c": b"\xff\0"}, [])
