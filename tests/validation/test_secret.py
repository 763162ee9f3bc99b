"""Keys and tokens: what is found, and what is none. Put together here, so that no scanner finds a leak in this file."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from cluster_stacks.documents.secrets import is_placeholder, secrets_in
from cluster_stacks.validation.problem import Item, text_of
from cluster_stacks.validation.rules.secret import check

RANDOM = "q7Zk2mXv9TbLw4RyHs8NcJd6PfGa3EuVo1KiBx5W"
KEY = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{RANDOM}{RANDOM}\n-----END RSA {'PRIVATE'} KEY-----\n"
TOKENS = {
    "GitHub": "ghp" + "_" + RANDOM[:36], "GitLab": "glpat" + "-" + RANDOM[:20], "AWS": "AKI" + "AQ7ZK2MXV7TBLW4RY",
    "Slack": "xoxb" + "-123456789012-" + RANDOM[:24], "Google": "AIz" + "a" + RANDOM[:35],
    "npm": "npm" + "_" + RANDOM[:36], "Vault": "hvs" + "." + RANDOM[:24], "Docker": "dckr_pat" + "_" + RANDOM[:27],
    "JWT": "ey" + f"J{RANDOM[:20]}.ey" + f"J{RANDOM[:20]}.{RANDOM}",
}


def item(kind: str = "ConfigMap", namespace: str = "", **content: Any) -> Item:
    metadata = {"name": "it", "namespace": namespace} if namespace else {"name": "it"}
    return Item(0, (), {"apiVersion": "v1", "kind": kind, "metadata": metadata, **content})


def found(one: Item, *allowed: str) -> list[tuple[str, str]]:
    return [(problem.rule, text_of(problem.pointer)) for problem in check([one], allowed)]


@pytest.mark.parametrize("maker", TOKENS)
def test_tokens(maker: str) -> None:
    [hit] = secrets_in(f"token: {TOKENS[maker]}\n")
    assert maker in hit.what
    assert TOKENS[maker] not in hit.what


@pytest.mark.parametrize("text", [
    KEY, KEY.replace("RSA ", ""), KEY.replace("RSA ", "OPENSSH "), KEY.replace("\n", "\\n"),
    KEY.replace("KEY-----\nq", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123\n\nq"),
    KEY.replace("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK"),
    "AGE-SECRET-" + "KEY-1" + RANDOM.upper().replace("_", "A") + RANDOM[:18].upper(),
    base64.b64encode(KEY.encode()).decode(),
])
def test_private_keys(text: str) -> None:
    [hit] = secrets_in(text)
    assert hit.is_key


def test_an_indented_key() -> None:
    [hit] = secrets_in("key: |\n" + "".join(f"  {line}\n" for line in KEY.splitlines()))
    assert hit.is_key


@pytest.mark.parametrize("text", [
    f"-----BEGIN {'PRIVATE'} KEY-----\n...\n-----END {'PRIVATE'} KEY-----", KEY.replace(RANDOM, "<your key>"),
    f"-----BEGIN CERTIFICATE-----\n{RANDOM}{RANDOM}\n-----END CERTIFICATE-----",
    KEY.replace(RANDOM, "A" * 40), f"-----BEGIN PUBLIC KEY-----\n{RANDOM}{RANDOM}",
    "AKIA" + "IOSFODNN7EXAMPLE", "ghp" + "_" + "x" * 36, "https://user:${PASSWORD}@host/", "https://user:password@host/",
    "http://<user>:<password>@proxy:3128", "https://host/a:b@c", "sha256:" + "ab" * 32, "git@host:group/x.git",
    "ssh://git@host:22/x", "registry.example/team/npm_package", "{{ .token }}", "$(TOKEN)", RANDOM * 3, "",
])
def test_no_secrets(text: str) -> None:
    assert list(secrets_in(text)) == []


def test_a_password_in_a_url() -> None:
    [hit] = secrets_in(f"http_proxy=http://proxy:{RANDOM[:12]}@10.0.0.1:3128/")
    assert hit.what == "a password in a URL"


@pytest.mark.parametrize("text", ["", " ", "${T}", "$(T)", "{{ .x }}", "<token>", "changeme", "REPLACE_ME", "**"])
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)
    assert found(item("Secret", stringData={"a": text})) == []
    assert found(item("Secret", data={"a": base64.b64encode(text.encode()).decode()})) == []


def test_a_secret_with_data() -> None:
    assert found(item("Secret", stringData={"a": "x1", "b": ""}, data={"c/d": "eA==", "n": 1})) == [
        ("CS565", "/data/c~1d"), ("CS565", "/data/n"), ("CS565", "/stringData/a"),
    ]
    assert found(item("Secret")) == found(item("Secret", data=None)) == found(item("Secret", data=[])) == []
    assert found(item("SealedSecret", stringData={"a": "x1"})) == []


def test_a_secret_is_told_once() -> None:
    assert found(item("Secret", stringData={"key": KEY})) == [("CS565", "/stringData/key")]


def test_every_text_of_an_object_counts() -> None:
    files = [{"path": "/etc/key", "content": KEY}, {"path": "/x", "content": base64.b64encode(KEY.encode()).decode()}]
    assert found(item(spec={"files": files, "x": [[TOKENS["GitLab"]]]})) == [
        ("CS566", "/spec/files/0/content"), ("CS566", "/spec/files/1/content"), ("CS567", "/spec/x/0/0"),
    ]


def test_a_secret_in_the_text_of_another_object() -> None:
    """As a ClusterResourceSet's ConfigMaps have it."""
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: inner}\nstringData: {a: x1}\n"
    text = f"kind: ConfigMap\n---\n{secret}"
    assert found(item(data={"a.yaml": text})) == [("CS565", "/data/a.yaml")]
    assert found(item(data={"a.yaml": text.replace("x1", "'${X}'"), "b": "kind: Secret\n\tbroken: ["})) == []


def test_references_are_no_secrets() -> None:
    env = {"name": "A", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "token"}}}
    assert found(item(spec={"containers": [{"env": [env]}], "identityRef": {"name": "creds"}})) == []


@pytest.mark.parametrize(("allowed", "passes"), [
    ("it", True), ("space/it", True), ("i*", True), ("space/*", True), ("other", False), ("other/it", False),
])
def test_allowed_by_name(allowed: str, passes: bool) -> None:
    assert (found(item("Secret", "space", stringData={"a": "x1"}), allowed) == []) is passes


def test_messages_never_tell_the_secret() -> None:
    for one in (item("Secret", stringData={"a": TOKENS["npm"]}), item(data={"a": KEY, "b": TOKENS["npm"]})):
        for problem in check([one], ()):
            assert RANDOM[:20] not in problem.message


def test_deep_values() -> None:
    deep: Any = TOKENS["npm"]
    for _ in range(20_000):
        deep = [deep]
    assert [rule for rule, _ in found(item(spec=deep))] == ["CS567"]
