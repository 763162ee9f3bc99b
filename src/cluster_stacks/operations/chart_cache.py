"""The folder of downloaded charts: `<repository>/<name>-<version>.tgz`. Nothing is downloaded here."""

from __future__ import annotations

import os
import re
from pathlib import Path

from cluster_stacks.runtime.cache import cache_folder

VARIABLE = "CLUSTER_STACKS_CHARTS"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*", re.ASCII)


def chart_folder() -> Path | None:
    """The folder that the variable names, else `charts` in the cache of this tool; None where there is no home."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named).absolute()
    cache = cache_folder()
    return cache / "charts" if cache else None


def chart_file(repository: str, name: str, version: str) -> str | None:
    """Where a chart stands in the folder: `helm.cilium.io/cilium-1.20.2.tgz`; None for what cannot be a path."""
    scheme, separator, place = repository.partition("://")
    parts = [part.replace(":", "_") for part in place.strip("/").split("/")]
    if not separator or scheme not in ("https", "http", "oci") or not all(map(_PLAIN.fullmatch, [*parts, name])):
        return None
    if scheme != "https":
        parts[0] = f"{scheme}+{parts[0]}"
    file = f"{name}-{version.removeprefix('v')}.tgz"
    return "/".join([*parts, file]) if _PLAIN.fullmatch(file) else None


def cached_chart(repository: str, name: str, version: str) -> bytes | None:
    """A chart that was downloaded before."""
    folder, file = chart_folder(), chart_file(repository, name, version)
    if folder is None or file is None:
        return None
    try:
        return (folder / file).read_bytes()
    except OSError:
        return None
