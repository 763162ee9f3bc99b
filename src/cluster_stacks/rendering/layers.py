"""The class layer, the sample cluster and the templates of the node images: files in, objects out."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_stacks.model.source import SourceFile
from cluster_stacks.model.stack import layer_of
from cluster_stacks.model.stack_source import StackSource
from cluster_stacks.rendering import objects as check
from cluster_stacks.rendering import rules
from cluster_stacks.rendering.context import image_name
from cluster_stacks.rendering.helm import helm_template, read_chart
from cluster_stacks.rendering.images import Images
from cluster_stacks.rendering.jinja import Scope
from cluster_stacks.rendering.kustomize import kustomize_build
from cluster_stacks.rendering.layout import (
    BREAKING,
    CLASS_FOLDER,
    IMAGE_TEMPLATES,
    SAMPLE_CLUSTER,
    Renderer,
    below,
    image_files,
    renderer_of,
)
from cluster_stacks.rendering.manifests import checked, render_manifests
from cluster_stacks.rendering.objects import Made
from cluster_stacks.rendering.toolbox import Toolbox


def class_objects(source: StackSource, scope: Scope, tools: Toolbox) -> list[Made]:
    """The objects of cluster-class/, by the renderer that its files ask for.

    Raises Refused with all that is wrong with them, CannotTell for a tool that is missing.
    """
    # A README is no content: it changes no digest, so it must not change a byte here either.
    content = {key: file for key, file in source.files.items() if layer_of(key)}
    content.pop(BREAKING, None)  # what it says stands in release.json
    files = below(content, CLASS_FOLDER)
    release = source.stack.release_name(source.metadata.cluster_stack)
    found = _rendered(files, scope, tools, source) if files else []
    checked(found, check.namespace_findings, lambda items: check.class_name_findings(items, release))
    if not any(item.kind == "ClusterClass" for item in found):
        path = next(iter(files.values())).path if files else source.stack.path
        message = "cluster-class makes no ClusterClass: a release is one, with the templates that it names"
        raise rules.refused(rules.EMPTY_LAYER, message, path)
    return found


def _rendered(files: Mapping[str, SourceFile], scope: Scope, tools: Toolbox, source: StackSource) -> list[Made]:
    match renderer_of(files):
        case Renderer.HELM:
            # The version of a class chart is that of the stack: charts call their class `Release.Name-Chart.Version`.
            chart = read_chart(files, scope, str(source.metadata.cluster_stack))
            return helm_template(tools.helm(), files, chart, source.stack.series, str(source.metadata.kubernetes))
        case Renderer.KUSTOMIZE:
            return kustomize_build(tools.kustomize(), files, scope)
        case Renderer.MANIFESTS:
            return render_manifests(files, scope)


def sample_cluster(source: StackSource, scope: Scope) -> list[Made]:
    """The objects of sample-cluster.yaml, none where there is no such file. Raises Refused."""
    file = source.files.get(SAMPLE_CLUSTER)
    if file is None:
        return []
    found = checked(render_manifests({SAMPLE_CLUSTER: file}, scope), check.namespace_findings)
    if not any(item.kind == "Cluster" for item in found):
        raise rules.refused(rules.NO_OBJECT, "the sample holds no Cluster: it shows how to use the class", file.path)
    return found


def image_objects(source: StackSource, images: Images, scope: Scope) -> list[Made]:
    """The objects of node-images/templates/. Raises Refused."""
    files = below(image_files(source.files), IMAGE_TEMPLATES)
    names = [image_name(source.stack, source.metadata, image.name) for image in images.items]
    unit = str(source.metadata.node_image)
    return checked(
        render_manifests(files, scope), check.namespace_findings,
        lambda items: check.image_name_findings(items, names, unit),
    )


