"""The charts of the reference stacks, as their projects publish them: inflated for each minor, and nothing is wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from chart_files import packed
from cluster_stacks.operations.chart_cache import VARIABLE, chart_file
from cluster_stacks.operations.comparing import Question
from cluster_stacks.operations.validate import validate_stacks

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tools")]

OPENSTACK = "https://kubernetes.github.io/cloud-provider-openstack"
# Module and version, the folder of the chart in it, and where the stacks say that it comes from.
CHARTS = [
    ("sigs.k8s.io/metrics-server@v0.9.0", "charts/metrics-server", "https://kubernetes-sigs.github.io/metrics-server"),
    ("k8s.io/cloud-provider-openstack@v1.35.0", "charts/cinder-csi-plugin", OPENSTACK),
    ("k8s.io/cloud-provider-openstack@v1.36.0", "charts/cinder-csi-plugin", OPENSTACK),
    ("github.com/cilium/cilium@v1.20.2", "install/kubernetes/cilium", "https://helm.cilium.io"),
]


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of charts, filled from Go modules: their repositories of charts need not be reached."""
    if shutil.which("go") is None:
        pytest.skip("go is not installed")
    folder = tmp_path_factory.mktemp("charts")
    for module, inside, repository in CHARTS:
        done = subprocess.run(["go", "mod", "download", "-json", module], capture_output=True, cwd=folder, check=False)
        if done.returncode:
            pytest.skip(f"{module} cannot be downloaded: {done.stderr.decode()}")
        place = Path(json.loads(done.stdout)["Dir"]) / inside
        files = {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}
        lines = files["Chart.yaml"].decode().splitlines()
        about = dict(line.split(": ", 1) for line in lines if line.startswith(("name:", "version:")))
        target = chart_file(repository, about["name"], about["version"])
        assert target
        (folder / target).parent.mkdir(parents=True, exist_ok=True)
        (folder / target).write_bytes(packed(files, about["name"]))
    return folder


@pytest.mark.parametrize("stack", ["docker/scs", "openstack/scs"])
def test_the_charts_of_the_reference_stacks(
    root: Path, charts: Path, stack: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, str(charts))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    result = validate_stacks(root, [stack], Question(), engine="embedded")
    assert [(found.rule, found.message) for found in result.findings] == []
    inflated = {each["addon"] for each in result.charts if each["state"] == "inflated"}
    assert inflated == {"cilium", "metrics-server", *(["cinder-csi"] if stack.startswith("openstack") else [])}
    assert sum(int(str(each["objects"])) for each in result.charts) > 60
