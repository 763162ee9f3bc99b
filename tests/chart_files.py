"""Small charts for tests: files of a chart, packed as `helm package` packs them."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: up}}
  template:
    metadata: {labels: {app: up}}
    spec:
      containers:
        - name: up
          image: registry.example.org/up:1.2.3
          resources: {{ toJson .Values.resources }}
"""


def about(name: str, version: str = "1.2.3", *more: str) -> str:
    """Chart.yaml."""
    return "\n".join(["apiVersion: v2", f"name: {name}", f"version: {version}", *more, ""])


def up(**files: str) -> dict[str, str]:
    """A chart called `up`; files are added by name, `_` for `/` and `__` for `.`."""
    found = {
        "Chart.yaml": about("up"),
        "values.yaml": "replicas: 1\nresources: {}\nimage: {}\n",
        "templates/deployment.yaml": DEPLOYMENT,
    }
    return found | {name.replace("__", ".").replace("_", "/"): text for name, text in files.items()}


def packed(files: Mapping[str, str | bytes], folder: str = "up") -> bytes:
    """The archive of a chart."""
    output = io.BytesIO()
    with gzip.GzipFile(fileobj=output, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(f"{folder}/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return output.getvalue()
