"""Where versions last moved, from what git says of the history."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_stacks.operations.merging import Move, due, parse_moves
from cluster_stacks.repository.git import Git
from gitrepo_plugin import GitRepo, metadata, new_repository, stack

NOBODY, OLD, NEW = "0" * 40, "1" * 40, "2" * 40
PATH = "providers/docker/scs/1-36/metadata.yaml"


def test_the_log_of_git() -> None:
    output = (
        f"\x01abc def\0\n:100644 100644 {OLD} {NEW} M\0{PATH}\0"
        f":000000 100644 {NOBODY} {NEW} A\0providers/\x01a/\n:b/1-36/metadata.yaml\0"
        f"\x01def \0\n:000000 100644 {NOBODY} {OLD} A\0{PATH}\0"
    ).encode()
    assert list(parse_moves(output)) == [
        (PATH, Move("abc", False, OLD, NEW)),
        ("providers/\x01a/\n:b/1-36/metadata.yaml", Move("abc", False, "", NEW)),
        (PATH, Move("def", True, "", OLD)),
    ]


def test_a_stack_that_was_removed_and_one_that_came_back(git_repo: GitRepo) -> None:
    git_repo.commit({**stack(), **stack("docker/scs/1-37")})
    git_repo.commit(dict.fromkeys(stack("docker/scs/1-37")))
    git_repo.commit(dict.fromkeys(stack()))
    git_repo.commit({**stack(cluster_stack="v3"), "providers/docker/scs/1-36/cluster-class/new.yaml": "a: 1\n"})
    assert due(Git.discover(git_repo.path), "main") == ((), ())
    git_repo.commit({"providers/docker/scs/1-36/cluster-class/new.yaml": "a: 2\n"})
    (((change, edits),), findings) = due(Git.discover(git_repo.path), "main")
    assert (str(change.stack), [str(new) for _, new in edits.values()], findings) == ("docker/scs/1-36", ["v4"], ())


def test_only_the_first_parents_count(git_repo: GitRepo) -> None:
    """A branch that moved a version itself, and was merged, moved it with its merge."""
    git_repo.commit(stack())
    git_repo.commit({PATH: metadata("v2")}, branch="topic", parent="main")
    git_repo.commit({"providers/docker/scs/1-36/cluster-class/new.yaml": "a: 1\n"}, branch="topic")
    git_repo.checkout().git("merge", "--quiet", "--no-ff", "-m", "Merge", "topic")
    assert due(Git.discover(git_repo.path), "HEAD") == ((), ())


FILES = ("cluster-class/class.yaml", "cluster-addon/cilium/values.yaml", "node-images/images.yaml")
MERGE = st.dictionaries(st.sampled_from(FILES), st.sampled_from("abc"), min_size=1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(MERGE | st.just("job") | st.just("broken"), max_size=6))
def test_one_step_for_all_that_is_in_no_version_yet(story: list[dict[str, str] | str]) -> None:
    """Merges of any content, in any order, and jobs between them or not, against a few lines that count."""
    with tempfile.TemporaryDirectory() as folder:
        repo = new_repository(Path(folder, "repository"))
        content, numbers = dict.fromkeys(FILES, "0"), [1, 1, 1]
        versioned = dict(content)
        repo.commit({PATH: metadata(), **{f"{PATH[:-13]}{name}": "0" for name in FILES}})
        for step in [*story, "job", "job"]:
            text = metadata(*(f"v{numbers[0]} v1.36.1 v{numbers[1]} v{numbers[2]}".split()))
            if isinstance(step, dict):
                content |= step
                repo.commit({f"{PATH[:-13]}{name}": data for name, data in step.items()})
            elif step == "broken":
                repo.commit({PATH: "versions: [\n"})
                repo.commit({PATH: text})
            else:
                changed = [content[name] != versioned[name] for name in FILES]
                steps = [any(changed), *changed[1:]]
                numbers = [number + moved for number, moved in zip(numbers, steps, strict=True)]
                found = due(Git.discover(repo.path), "main").edits
                told = [str(new) for _, edits in found for _, new in edits.values()]
                assert told == [f"v{number}" for number, moved in zip(numbers, steps, strict=True) if moved]
                repo.commit({PATH: metadata(f"v{numbers[0]}", "v1.36.1", f"v{numbers[1]}", f"v{numbers[2]}")})
                versioned = dict(content)
