"""One publish with a push, as a process of its own: `publish_one.py REPOSITORY STACK VERSION…`. Says what it did."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from cluster_stacks.model.errors import CannotTell, Refused

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    made = import_module("conftest")
    path, stack, *versions = sys.argv[1:]
    try:
        outcome = made.Repo(Path(path)).publish(
            [made.make_release(stack, version, content=version) for version in versions], [made.make_generation()],
            remote="origin", push=True,
        )
    except (CannotTell, Refused) as error:
        sys.exit(str(error))
    print(outcome.commit or "nothing", *outcome.notes)
