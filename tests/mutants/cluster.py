"""Asks a real API server: server-side dry runs with strict field validation, over the API itself."""

from __future__ import annotations

import base64
import http.client
import json
import os
import ssl
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any
from urllib.parse import quote, urlsplit

import yaml

Object = Mapping[str, Any]
STREAMS = 4


class Cluster:
    """A management cluster, by its kubeconfig. Threads may share it: each has a connection of its own."""

    def __init__(self, kubeconfig: Path) -> None:
        config = yaml.safe_load(kubeconfig.read_bytes())
        current = next(c["context"] for c in config["contexts"] if c["name"] == config["current-context"])
        cluster = next(c["cluster"] for c in config["clusters"] if c["name"] == current["cluster"])
        user = next(u["user"] for u in config["users"] if u["name"] == current["user"])
        self._where = urlsplit(cluster["server"])
        self._token = user.get("token", "")
        self._tls = ssl.create_default_context(cadata=_data(cluster, "certificate-authority").decode() or None)
        if certificate := _data(user, "client-certificate"):
            with tempfile.TemporaryDirectory() as folder:
                both = Path(folder) / "client.pem"
                both.touch(mode=0o600)
                both.write_bytes(certificate + b"\n" + _data(user, "client-key"))
                self._tls.load_cert_chain(both)
        self._own = local()
        self._resources: dict[str, dict[str, tuple[str, bool]]] = {}

    def request(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """One question, its status and its answer."""
        data = None if body is None else json.dumps(body, allow_nan=False).encode()
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        for attempt in range(5):
            try:
                connection = self._connection()
                connection.request(method, path, data, headers)
                answer = connection.getresponse()
                return answer.status, _parsed(answer.read())
            except (http.client.HTTPException, OSError):  # an idle connection was closed, most often
                self._own.connection = None
                if attempt == 4:
                    raise
                time.sleep(attempt + 0.2)
        raise AssertionError("unreachable")

    def refusal(self, value: Object, namespace: str) -> str | None:
        """Why the API server refuses to create an object; None where it would take it. A dry run."""
        path = self.path_of(value, namespace)
        if path is None:
            return f"no matches for kind {value.get('kind')!r} in version {value.get('apiVersion')!r}"
        status, answer = self.request("POST", f"{path}?dryRun=All&fieldValidation=Strict", value)
        return None if status < 300 else str(answer.get("message", status))

    def refusals(self, asked: Iterable[tuple[Object, str]]) -> Iterator[str | None]:
        """The same for many, in order, several at a time."""
        with ThreadPoolExecutor(STREAMS) as pool:
            yield from pool.map(lambda one: self.refusal(*one), asked)

    def create(self, value: Object, namespace: str) -> None:
        """Creates an object in earnest, or leaves alone the one that is there."""
        path = self.path_of(value, namespace)
        status, answer = self.request("POST", path or "", value)
        if status >= 300 and answer.get("reason") != "AlreadyExists":
            raise RuntimeError(f"{value['kind']} {value['metadata']['name']}: {answer.get('message', status)}")

    def path_of(self, value: Object, namespace: str) -> str | None:
        """Where objects of its kind are made; None where the cluster knows no such kind."""
        api_version, kind = value.get("apiVersion"), value.get("kind")
        if not isinstance(api_version, str) or not isinstance(kind, str) or not api_version:
            return None
        base = f"/apis/{quote(api_version)}" if "/" in api_version else f"/api/{quote(api_version)}"
        if api_version not in self._resources:
            _, answer = self.request("GET", base)
            found = answer.get("resources") or []
            self._resources[api_version] = {
                r["kind"]: (r["name"], r["namespaced"]) for r in found if "/" not in r["name"]
            }
        if kind not in self._resources[api_version]:
            return None
        plural, namespaced = self._resources[api_version][kind]
        return f"{base}/namespaces/{namespace}/{plural}" if namespaced else f"{base}/{plural}"

    def _connection(self) -> http.client.HTTPSConnection:
        found: http.client.HTTPSConnection | None = getattr(self._own, "connection", None)
        if found is None:
            found = http.client.HTTPSConnection(
                self._where.hostname or "", self._where.port, context=self._tls, timeout=60
            )
            self._own.connection = found
        return found


def of_environment() -> Cluster:
    """The cluster that KUBECONFIG names."""
    named = os.environ.get("KUBECONFIG")
    if not named:
        raise SystemExit("KUBECONFIG names no management cluster: one with Cluster API, its webhooks and providers")
    return Cluster(Path(named))


def _parsed(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer or b"{}")
    except ValueError:  # what is not of the API: `404 page not found`
        return {"message": answer.decode("utf-8", "replace").strip()}
    return found if isinstance(found, dict) else {"message": str(found)}


def _data(part: Mapping[str, Any], name: str) -> bytes:
    if part.get(f"{name}-data"):
        return base64.b64decode(part[f"{name}-data"])
    return Path(part[name]).read_bytes() if part.get(name) else b""
