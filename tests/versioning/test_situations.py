"""What Git can do to a stack besides an edit: renames, deletions, modes, links, submodules, filters, reverts."""

from __future__ import annotations

import shutil

import pytest

from cluster_stacks.model.finding import Finding
from cluster_stacks.operations.check import check
from cluster_stacks.operations.comparing import Question
from gitrepo_plugin import Content, GitRepo, Special, executable, link, metadata, submodule

FAMILY = "providers/docker/scs"
STACK = f"{FAMILY}/1-36"
CLASS = f"{STACK}/cluster-class/class.yaml"
VALUES = f"{STACK}/cluster-addon/cilium/values.yaml"
IMAGES = f"{STACK}/node-images/images.yaml"
METADATA = f"{STACK}/metadata.yaml"
START: dict[str, Content] = {
    METADATA: metadata("v3", "v1.36.1", "v2", "v1"), CLASS: "a: 1\n", VALUES: "a: 1\n", IMAGES: "images: []\n",
    f"{STACK}/node-images/ubuntu/build.sh": "#!/bin/sh\n",
}
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 1\n"


TOPIC = Question(base="main", head="topic")


def said(repo: GitRepo, question: Question = TOPIC) -> list[str]:
    return [told(finding) for finding in check(repo.path, question).findings]


def told(finding: Finding) -> str:
    return f"{finding.rule} {finding.message}"


def bumped(stack: str = "v4", addon: str = "v2", image: str = "v1", kubernetes: str = "v1.36.1") -> dict[str, Content]:
    return {METADATA: metadata(stack, kubernetes, addon, image)}


@pytest.fixture
def repo(git_repo: GitRepo) -> GitRepo:
    git_repo.commit(START)
    return git_repo


def moved(old: str, new: str) -> dict[str, Content]:
    """The whole stack in another folder."""
    found: dict[str, Content] = {}
    for path, content in START.items():
        found |= {path: None, path.replace(old, new): content}
    return found


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({CLASS: None, f"{STACK}/cluster-class/other.yaml": "a: 1\n"}, ["class.yaml removed and 1 more"]),
        ({CLASS: None, f"{STACK}/cluster-class/Class.yaml": "a: 1\n"}, ["Class.yaml added and 1 more"]),
        ({CLASS: None, f"{FAMILY}/shared/cluster-class/class.yaml": "a: 1\n"}, []),
        ({CLASS: None, f"{FAMILY}/shared/cluster-class/class.yaml": "a: 2\n"}, ["(class.yaml in shared/)"]),
        ({IMAGES: None, f"{STACK}/node-images/ubuntu/build.sh": None}, ["images.yaml removed and 1 more", "nodeImage"]),
        ({f"{STACK}/node-images/ubuntu/build.sh": executable("#!/bin/sh\n")}, ["mode of ubuntu/build.sh", "nodeImage"]),
        ({METADATA: executable(str(START[METADATA]))}, []),
        ({f"{STACK}/README.md": executable("words")}, []),
        ({CLASS: link("other.yaml")}, ["(class.yaml)"]),
        ({CLASS: link("../../../../../../other.yaml")}, ["(class.yaml)", "out of the repository"]),
        ({CLASS: submodule()}, ["(class.yaml)", "a submodule stands in a layer"]),
        ({f"{STACK}/cluster-addon": link("../../../elsewhere"), VALUES: None}, [
            "CS227 a symbolic link stands in the place of cluster-addon", "must be v3", "addon cilium is removed",
        ]),
        ({f"{FAMILY}/1-37": link("1-36")}, ["a symbolic link stands where a folder of stacks does"]),
        ({f"{FAMILY}/1-37": submodule()}, ["a submodule stands where stacks do"]),
        ({METADATA: submodule()}, ["CS228 a submodule stands where a file belongs"]),
        ({METADATA: None}, ["CS220 the stack docker/scs/1-36 has no metadata.yaml"]),
        (dict.fromkeys(START), ["CS109 the stack docker/scs/1-36 is removed"]),
        (moved("/scs/", "/scs2/"), ["CS109", "clusterStack must be v1: docker/scs2/1-36 is a new", "clusterAddon"]),
        (moved("1-36", "1-37"), ["CS109", "copy the folder to 1-36/ for it"]),
        ({METADATA: metadata("v3", "v1.37.0", "v2", "v1")}, ["is a new stack, so copy the folder to 1-37/"]),
        ({f"{STACK}/node-images/ubuntu/data.bin": POINTER.format("1")}, ["data.bin added", "nodeImage"]),
        ({f"{STACK}/kubernetes.yaml": "images: []\n"}, ["kubernetes.yaml added", "nodeImage"]),
        ({f"{STACK}/topology-docker.yaml": "kind: Cluster\n"}, ["cluster-class changed (topology-docker.yaml added)"]),
        ({f"{STACK}/csctl.yaml.orig": "x"}, []),
    ],
)  # fmt: skip
def test_what_is_said_without_a_bump(repo: GitRepo, change: dict[str, Content], words: list[str]) -> None:
    repo.commit(change, branch="topic", parent="main")
    found = said(repo)
    assert bool(found) == bool(words), found
    assert all(any(word in line for line in found) for word in words), found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (link("a.yaml"), link("b.yaml")), (link("a.yaml"), "a.yaml"), (submodule(), submodule("2" * 40)),
        (POINTER.format("1"), POINTER.format("2")), ("#!/bin/sh\n", executable("#!/bin/sh\n")),
    ],
)
def test_what_git_stores_is_the_content(git_repo: GitRepo, before: Content, after: Content) -> None:
    path = f"{STACK}/node-images/ubuntu/file"
    git_repo.commit({**START, path: before})
    git_repo.commit({path: after}, branch="topic", parent="main")
    start = "CS103 nodeImage must be v2: node-images changed ("
    assert any(line.startswith(start) and "ubuntu/file" in line for line in said(git_repo))


def test_a_filter_decides_what_is_stored(repo: GitRepo) -> None:
    """What the clean filter and line ends make of a file counts, not what stands on disk."""
    repo.commit({".gitattributes": "class.yaml text eol=crlf filter=upper\n"})
    repo.git("config", "filter.upper.clean", "tr b-z B-Z")
    repo.git("config", "filter.upper.smudge", "tr B-Z b-z")
    repo.checkout("main")
    worktree = Question(base="main", worktree=True)
    (repo.path / CLASS).write_bytes(b"a: 1\r\n")
    assert said(repo, worktree) == []
    (repo.path / CLASS).write_bytes(b"a: b\r\n")
    assert "CS101 clusterStack must be v4: cluster-class changed (class.yaml)" in said(repo, worktree)


@pytest.mark.skipif(not shutil.which("git-lfs"), reason="needs git-lfs")
def test_git_lfs_stores_pointers(repo: GitRepo) -> None:
    repo.git("lfs", "install", "--local")
    repo.checkout("main").write({".gitattributes": "*.tgz filter=lfs diff=lfs merge=lfs -text\n"})
    repo.stage({f"{STACK}/cluster-addon/cilium/charts/x.tgz": b"\x1f\x8b" * 99, ".gitattributes": "*.tgz filter=lfs\n"})
    assert any(line.startswith("CS178") for line in said(repo, Question(staged=True)))


def test_a_revert_is_a_new_higher_version(repo: GitRepo) -> None:
    """A real revert takes the numbers back as well, which the tip of the target has given away."""
    repo.commit({VALUES: "a: 2\n", **bumped("v4", "v3")})
    repo.checkout("main").git("checkout", "--quiet", "-b", "topic")
    identity = ("-c", "user.name=A Tester", "-c", "user.email=tester@example.invalid")
    repo.git(*identity, "revert", "--no-edit", "HEAD")
    assert said(repo) == [
        "CS106 clusterStack must be v5, not v3: it follows v4 on main",
        "CS106 clusterAddon must be v4, not v2: it follows v3 on main",
    ]
    repo.commit(bumped("v5", "v4"), branch="topic")
    assert said(repo) == []


def test_a_revert_within_one_branch_is_no_change(repo: GitRepo) -> None:
    repo.commit({VALUES: "a: 2\n", **bumped("v4", "v3")}, branch="topic", parent="main")
    repo.commit({VALUES: "a: 1\n"}, branch="topic")
    assert [line.partition(":")[0] for line in said(repo)] == [
        "CS104 clusterStack must stay v3", "CS104 clusterAddon must stay v2",
    ]


def test_an_addon_taken_away_with_a_renamed_folder_and_case(repo: GitRepo) -> None:
    """A folder that changes in case only is no addon's name any more; rendering refuses it, and the addon is lost."""
    change: dict[str, Content] = {VALUES: None, VALUES.replace("cilium", "Cilium"): "a: 1\n", **bumped("v4", "v3")}
    repo.commit(change, branch="topic", parent="main")
    assert any("CS111 the addon cilium is removed" in line for line in said(repo))


def test_a_new_minor_has_the_files_of_shared_as_new(repo: GitRepo) -> None:
    from cluster_stacks.operations.changes import find_changes

    repo.commit({f"{FAMILY}/shared/cluster-class/common.yaml": "a: 1\n", **bumped()})
    repo.commit({f"{FAMILY}/1-37/metadata.yaml": metadata("v1", "v1.37.0")}, branch="topic", parent="main")
    (change,) = find_changes(repo.path, Question(base="main", head="topic")).changes
    assert [(layer.value, why.files, set(why.added)) for layer, why in change.layers.items()] == [
        ("cluster-class", ("cluster-class/common.yaml",), {"cluster-class/common.yaml"})
    ]
    repo.commit(dict.fromkeys(START), branch="other", parent="main")
    (gone,) = find_changes(repo.path, Question(base="main", head="other")).changes
    assert all(set(why.files) == why.removed for why in gone.layers.values())


def test_a_link_may_be_written_beside(repo: GitRepo) -> None:
    """A link within the repository is no error of its own: its text is the content."""
    special = Special("120000", "build.sh")
    repo.commit({f"{STACK}/node-images/ubuntu/run.sh": special, **bumped(image="v2")}, branch="topic", parent="main")
    assert said(repo) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [("namespace: a\nnamespace: b\n", "CS203"), ("namespace: [a\n", "CS202"), ("namespace: 5\n", "CS208"),
     ("- a\n", "CS208")],
)
def test_an_addon_whose_identity_cannot_be_read(git_repo: GitRepo, text: str, rule: str) -> None:
    addon = f"{STACK}/cluster-addon/cilium/addon.yaml"
    git_repo.commit({**START, addon: "namespace: kube-system\n"})
    git_repo.commit({**bumped(addon="v3"), addon: text}, branch="topic", parent="main")
    found = check(git_repo.path, TOPIC).findings
    assert [(finding.rule, finding.path, finding.stack) for finding in found] == [(rule, addon, "docker/scs/1-36")]
