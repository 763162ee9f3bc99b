"""Bad and hostile input: a finding each, in bounded time, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cluster_stacks.operations.validate_folder import validate_folder

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"
SECONDS = 20.0
"""Far more than any of these takes; what grows with the square of its input takes minutes."""


def class_with(schema: str) -> str:
    def reference(group: str, kind: str) -> str:
        return f"{{templateRef: {{apiVersion: {group}.cluster.x-k8s.io/v1beta2, kind: {kind}, name: x}}}}"

    return (
        "apiVersion: cluster.x-k8s.io/v1beta2\nkind: ClusterClass\nmetadata: {name: x}\nspec:\n"
        f"  infrastructure: {reference('infrastructure', 'DevClusterTemplate')}\n"
        f"  controlPlane: {reference('controlplane', 'KubeadmControlPlaneTemplate')}\n"
        f"  variables: [{{name: a, required: true, schema: {{openAPIV3Schema: {schema}}}}}]\n"
    )


def entries(count: int) -> str:
    return (
        "apiVersion: cluster.x-k8s.io/v1beta2\nkind: Cluster\nmetadata: {name: x}\nspec:\n  topology:\n"
        "    classRef: {name: y}\n    version: v1.36.1\n    variables:\n"
        + "".join(f"      - {{name: a, value: {index}}}\n" for index in range(count))
    )


def nested(count: int, kind: str) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [json.loads(kind) for _ in range(count)]})


CLAIM = (
    "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: x}\nspec:\n"
    "  accessModes: [ReadWriteOnce]\n  resources: "
)
OBJECT = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s"}}'
DEEP = 30_000
FILES: dict[str, tuple[str | bytes, set[str], int]] = {
    # name: content, rules that are found, findings at most
    "ten-mebibytes.yaml": (CONFIG + "data:\n  a: |\n" + ("    " + "x" * 100 + "\n") * 100_000, {"CS427"}, 1),
    "a-line-of-ten.yaml": (CONFIG + "data: {a: " + "x" * 10_000_000 + "}\n", {"CS204"}, 1),
    "a-line-of-ten.json": (OBJECT % ("x" * 10_000_000), {"CS204"}, 1),
    "many-keys.yaml": (CONFIG + "data:\n" + "".join(f"  key-{i}: a value\n" for i in range(50_000)), set(), 1),
    "documents.yaml": ("".join(f"---\n{OBJECT % f'x{i}'}\n" for i in range(10_000)), set(), 0),
    "bad-documents.yaml": ("".join(f"---\n{OBJECT % f'X{i}'}\n" for i in range(10_000)), {"CS415"}, 10_000),
    "too-many.yaml": ("---\na: b\n" * 25_000, {"CS204"}, 1),
    "deep-flow.yaml": (CONFIG + "data: " + "[" * DEEP + "]" * DEEP, {"CS204"}, 1),
    "deep-mapping.yaml": (CONFIG + "data: " + "{a: " * DEEP + "1" + "}" * DEEP, {"CS204"}, 1),
    "deep-block.yaml": (CONFIG + "data:\n" + "- " * DEEP + "x\n", {"CS204"}, 1),
    "deep-indented.yaml": (CONFIG + "data:\n" + "".join(" " * (i + 1) + "a:\n" for i in range(1500)), {"CS204"}, 1),
    "deep.json": ('{"data": ' + "[" * DEEP + "]" * DEEP + "}", {"CS204"}, 1),
    "deep-lists.json": ('{"apiVersion": "v1", "kind": "List", "items": [' * 90 + "]}" * 90, {"CS406"}, 1),
    "nearly-too-deep.yaml": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: x}\nspec: " + "{a: " * 190 + "1"
        + "}" * 190, {"CS402"}, 5,
    ),
    "anchors.yaml": (
        "".join(f"{k}: &{k} [{', '.join(f'*{chr(ord(k) - 1)}' if k > 'a' else 'x' for _ in range(9))}]\n"
                for k in "abcdefgh"), {"CS204"}, 1,
    ),
    "merge.yaml": (CONFIG + "data:\n  <<: {a: b}\n  c: d\n", set(), 0),
    "duplicate-key.yaml": (CONFIG + "data: {a: b, a: c}\n", {"CS203"}, 1),
    "comments.yaml": ("# a\n---\n# b\n---\n# c\n", set(), 0),
    "empty.yaml": ("", set(), 0),
    "list.yaml": (nested(2_000, OBJECT % "x"), {"CS408"}, 1_999),
    "bad-list.yaml": (nested(3, OBJECT % "X"), {"CS408", "CS415"}, 5),
    "carriage-returns.yaml": ((CONFIG + "data: {a: b}\n").replace("\n", "\r\n"), set(), 0),
    "unknown-kind.yaml": ("apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: x}\n", {"CS401"}, 1),
    "no-utf8.yaml": (b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \xff\xfe}\n", {"CS201"}, 1),
    "utf16.yaml": (CONFIG.encode("utf-16"), {"CS201"}, 1),
    "half-a-character.json": (OBJECT % "\\ud800", {"CS202"}, 1),
    "slow-pattern.yaml": (
        class_with("{type: string, pattern: '^(a+)+$', default: " + "a" * 5000 + "b}"), {"CS617"}, 5,
    ),
    "large-pattern.yaml": (class_with("{type: string, pattern: '((a{1,1000}){1,1000}){1,1000}'}"), {"CS615"}, 5),
    "bad-fields.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec:\n"
        + "".join(f"  bad{i}: 1\n" for i in range(10_000)), {"CS402"}, 102,
    ),
    "bad-labels.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  labels:\n"
        + "".join(f"    'bad {i}': '!'\n" for i in range(10_000)), {"CS417"}, 100,
    ),
    "same-entries.yaml": (entries(5_000), {"CS420"}, 5),
    "long-name.yaml": (CONFIG.replace("name: x", f"name: {'a-' * 500_000}!"), {"CS415"}, 2),
    "long-number.yaml": (CONFIG.replace("name: x", f"name: x, generation: {'9' * 100_000}"), {"CS404"}, 2),
    "large-quantity.yaml": (
        CLAIM + f"{{requests: {{storage: 1e999999999}}, limits: {{storage: '{'9' * 1_000_000}'}}}}\n", set(), 1,
    ),
    "no-object.yaml": ("apiVersion: [v1]\nkind: {a: b}\n", {"CS406"}, 1),
    "texts.yaml": ("just a text\n---\n- a\n- b\n---\n12\n", {"CS406"}, 3),
}


SLOW = {"bad-documents.yaml", "documents.yaml"}


ALSO_BY_KUBECONFORM = (
    "ten-mebibytes.yaml", "many-keys.yaml", "deep.json", "deep-lists.json", "nearly-too-deep.yaml", "anchors.yaml",
    "duplicate-key.yaml", "list.yaml", "carriage-returns.yaml", "half-a-character.json", "slow-pattern.yaml",
    "bad-fields.yaml", "long-number.yaml", "large-quantity.yaml", "no-object.yaml",
)
CASES = [
    *(pytest.param(name, "embedded", marks=[pytest.mark.slow] * (name in SLOW), id=name) for name in FILES),
    *(pytest.param(name, "kubeconform", id=f"{name}-kubeconform") for name in ALSO_BY_KUBECONFORM),
]


@pytest.mark.parametrize(("name", "engine"), CASES)
def test_each_ends_soon_with_its_finding(name: str, engine: str, tmp_path: Path) -> None:
    content, rules, most = FILES[name]
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    began = time.monotonic()
    result = validate_folder(tmp_path, file, engine=engine, kubernetes="1.36")
    assert time.monotonic() - began < SECONDS
    assert rules <= {finding.rule for finding in result.findings}
    assert bool(result.findings) == bool(rules) or most
    assert len(result.findings) <= most
    assert all(len(finding.message) < 2000 for finding in result.findings)


@pytest.mark.slow
def test_a_million_keys_are_one_finding(tmp_path: Path) -> None:
    file = tmp_path / "keys.yaml"
    file.write_text(CONFIG + "data:\n" + "".join(f"  k{index}: v\n" for index in range(900_000)))
    script = (
        "import resource, sys; from cluster_stacks.cli.main import run; "
        "code = run(['validate', '--path', sys.argv[1], '--engine', 'embedded']); "
        "print(code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
    assert ended.stdout.count("CS204") == 1
    code, mebibytes = map(int, ended.stdout.splitlines()[-1].split())
    assert code == 1
    assert mebibytes < 400
