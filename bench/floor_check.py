"""The least that a check of a range could do: click, the event loader, two Git calls, the metadata files parsed.

Run as `floor_check.py BASE HEAD` in a repository. The benchmark compares `cluster-stacks check --base --head` with it.
"""

from __future__ import annotations

import subprocess
import sys

import click

from cluster_stacks.documents.yaml import load


@click.command()
@click.argument("base")
@click.argument("head")
def main(base: str, head: str) -> None:
    raw = subprocess.run(["git", "diff", "--raw", "-z", "--no-renames", f"{base}...{head}"], check=True,
                         capture_output=True).stdout
    paths = {path.decode() for path in raw.split(b"\0")[1::2] if path.endswith(b"metadata.yaml")}
    names = "".join(f"{revision}:{path}\n" for path in sorted(paths) for revision in (base, head))
    blobs = subprocess.run(["git", "cat-file", "--batch"], input=names.encode(), check=True, capture_output=True).stdout
    position = parsed = 0
    while position < len(blobs):
        end = blobs.index(b"\n", position)
        size = int(blobs[position:end].split()[2])
        load(blobs[end + 1 : end + 1 + size], "metadata.yaml")
        position, parsed = end + size + 2, parsed + 1
    sys.stdout.write(f"{parsed} files\n")


main()
