"""Whether the chart of an addon renders at all. Helm is asked once for what many stacks share, and remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from cluster_stacks import __version__
from cluster_stacks.model.errors import Refused
from cluster_stacks.model.source import SourceFile
from cluster_stacks.rendering.helm import Chart, helm_template
from cluster_stacks.rendering.inflate import SCHEMA_HEAD
from cluster_stacks.runtime.cache import Cache
from cluster_stacks.runtime.tools import Tool

_fine: set[str] = set()


def check_renders(helm: Tool, files: Mapping[str, SourceFile], chart: Chart, release: str, kubernetes: str) -> None:
    """Raises Refused as helm_template does. Only what rendered is remembered: a mistake is told anew, at its place.

    Values that the chart's schema refuses are left to validation, which knows their lines.
    """
    key = _key(helm, chart, release, kubernetes)
    if key in _fine:
        return
    cache = Cache("rendered")
    if cache.get(key) is None:
        try:
            helm_template(helm, files, chart, release, kubernetes)
        except Refused as refused:
            if any(SCHEMA_HEAD in finding.message for finding in refused.findings):
                return
            raise
        cache.put(key, b"fine\n")
    _fine.add(key)


def _key(helm: Tool, chart: Chart, release: str, kubernetes: str) -> str:
    found = hashlib.sha256(repr((__version__, helm.version, release, kubernetes)).encode())
    for path, data in sorted(chart.files.items()):
        found.update(f"{path!r} {_digest(data)}\n".encode())
    return found.hexdigest()


@lru_cache(maxsize=256)
def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
