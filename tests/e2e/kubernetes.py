"""The management cluster that KUBECONFIG names, asked through kubectl."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

KUBECTL = os.environ.get("KUBECTL", "kubectl")


class Failed(Exception):  # noqa: N818 — ends the run with its reason
    """The cluster refused something, or did not get there in time."""


def kubectl(*args: str, stdin: str | None = None, check: bool = True) -> str:
    """Runs kubectl and gives its output. Raises Failed with what it said."""
    done = subprocess.run([KUBECTL, *args], input=stdin, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise Failed(f"kubectl {' '.join(args)}: {done.stderr.strip()}")
    return done.stdout


def get(resource: str, name: str, namespace: str) -> dict[str, Any] | None:
    """One object, or None where there is none."""
    text = kubectl("-n", namespace, "get", resource, name, "-o", "json", "--ignore-not-found")
    found: dict[str, Any] | None = json.loads(text) if text.strip() else None
    return found


def items(resource: str, namespace: str) -> list[dict[str, Any]]:
    """All objects of that resource in a namespace."""
    found: list[dict[str, Any]] = json.loads(kubectl("-n", namespace, "get", resource, "-o", "json"))["items"]
    return found


def apply(*objects: Mapping[str, Any], namespace: str = "") -> None:
    """Server-side apply, as Flux does it."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    where = ["-n", namespace] if namespace else []
    kubectl(*where, "apply", "--server-side", "--force-conflicts", "-f", "-", stdin=text)


def conditions(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The conditions of an object by their type."""
    return {c["type"]: c for c in found.get("status", {}).get("conditions", [])}


def wait(what: str, seconds: float, probe: Callable[[], str]) -> None:
    """Asks `probe` until it gives "" twice in a row; what it gives else is what is missing. Raises Failed with that."""
    start = time.monotonic()
    held, missing = 0, "?"
    while time.monotonic() - start < seconds:
        missing = probe()
        held = 0 if missing else held + 1
        if held == 2:
            print(f"  {time.monotonic() - start:5.0f} s  {what}", flush=True)
            return
        time.sleep(1)
    raise Failed(f"{what}: not within {seconds:.0f} s: {missing}")


def missing_conditions(found: Mapping[str, Any] | None, wanted: Sequence[str]) -> str:
    """What of `Type` (True) and `!Type` (False) does not hold for the object's latest generation; "" where all does."""
    if found is None:
        return "it does not exist"
    have, generation = conditions(found), found["metadata"].get("generation", 0)
    for name in wanted:
        condition = have.get(name.removeprefix("!"))
        status = "False" if name.startswith("!") else "True"
        if condition is None:
            return f"no condition {name.removeprefix('!')}"
        if condition["status"] != status or condition.get("observedGeneration", generation) < generation:
            return f"{condition['type']}={condition['status']} {condition.get('reason')} {condition.get('message', '')}"
    return ""
