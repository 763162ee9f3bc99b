"""Servers of Git for tests: smart HTTP on 127.0.0.1, with a password, a rule or a fault if asked; and a false ssh."""

from __future__ import annotations

import base64
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from git_http import serve


def ssh_command(folder: Path) -> str:
    """A GIT_SSH_COMMAND that runs the remote's command here, without a network: `host:path` is that path."""
    script = folder / "ssh"
    script.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    script.chmod(0o755)
    return str(script)


@contextlib.contextmanager
def front(root: Path, *, password: str = "", fault: str = "") -> Iterator[int]:
    """A proxy before a Git server of `root`, by connection; yields its port.

    With `password` (`user:secret`) others are turned away. With `fault` every push is cut off after its first bytes
    ("cut"), or never answered ("hang").
    """
    with serve(root) as url, socket.create_server(("127.0.0.1", 0)) as listening:
        behind = int(url.rpartition(":")[2])
        threading.Thread(target=_accept, args=(listening, behind, password, fault), daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for the next connection


def _accept(listening: socket.socket, behind: int, password: str, fault: str) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(client, behind, password, fault), daemon=True).start()


def _serve(client: socket.socket, behind: int, password: str, fault: str) -> None:
    with client:
        head = _head(client)
        if not head:
            return
        if password and b"Basic " + base64.b64encode(password.encode()) not in head:
            client.sendall(
                b'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n'
                b"Connection: close\r\n\r\n"
            )
            return
        if fault and b"POST" in head and b"git-receive-pack" in head:
            if fault == "hang":
                time.sleep(30)
            return
        _relay(client, behind, head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))


def _head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = client.recv(65536)
        if not data:
            return b""
        head += data
    return head


def _relay(client: socket.socket, behind: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", behind)) as server:
        server.sendall(sent)

        def forward() -> None:
            with contextlib.suppress(OSError):
                while data := client.recv(65536):
                    server.sendall(data)

        threading.Thread(target=forward, daemon=True).start()
        with contextlib.suppress(OSError):
            # One request a connection, or the next would pass by the password and the fault.
            first = server.recv(65536)
            client.sendall(first.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            while data := server.recv(65536):
                client.sendall(data)
