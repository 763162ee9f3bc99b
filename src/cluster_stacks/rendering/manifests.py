"""A folder of manifests: every YAML file is a template of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from cluster_stacks.model.errors import Refused
from cluster_stacks.model.finding import Finding
from cluster_stacks.model.source import SourceFile
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.layout import YAML, is_hidden
from cluster_stacks.rendering.loaded import load_file
from cluster_stacks.rendering.objects import Made, duplicate_findings, made, shape_findings

More = Callable[[list[Made]], Iterable[Finding]]


def render_manifests(files: Mapping[str, SourceFile], scope: Scope) -> list[Made]:
    """The objects of all YAML files, in the order of their paths. Raises Refused with all that is wrong in any."""
    objects: list[Made] = []
    findings: list[Finding] = []
    for path, file in files.items():
        if is_hidden(path):
            continue
        try:
            if not path.endswith(YAML):
                message = "the file is not rendered: name it .yaml if it holds objects, or move it out of the layer"
                raise rules.refused(rules.STRAY_FILE, message, file.path)
            objects += made(load_file(file, scope))
        except Refused as refused:
            findings += refused.findings
    if findings:
        raise Refused(*findings)
    return objects


def checked(objects: list[Made], *more: More) -> list[Made]:
    """`objects`, each of which is one and there once. Raises Refused with all that is wrong.

    `more` may rely on apiVersion, kind and name of every object: it is asked only where all of them have these.
    """
    findings = list(shape_findings(objects))
    if not findings:
        findings = [*duplicate_findings(objects), *(found for check in more for found in check(objects))]
    if findings:
        raise Refused(*findings)
    return objects
