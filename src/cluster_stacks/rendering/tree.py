"""Questions to the tree of a parsed template. Walks without recursion: a hostile tree may be deep."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from cluster_stacks.rendering.templates import METHODS

_METHODS = frozenset().union(*METHODS.values())


def names_read(tree: nodes.Node, roots: frozenset[str]) -> set[tuple[str, ...]]:
    """The chains of constant keys that begin at one of the names `roots`: `vars.a["b"]` is `("vars", "a", "b")`.

    A name that the template sets itself counts as well: whether it shadows the context cannot always be told.
    """
    found: set[tuple[str, ...]] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        chain, rest = _chain(node)
        if chain and chain[0] in roots:
            found.add(chain)
        waiting += rest
    return found


def _chain(node: nodes.Node) -> tuple[tuple[str, ...], list[nodes.Node]]:
    """The chain that ends at `node`, empty for another kind of node, and the nodes that are still to be looked at."""
    keys: list[str | None] = []
    rest: list[nodes.Node] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getattr):
            keys.append(node.attr)
        else:
            keys.append(_constant_key(node.arg))
            rest.append(node.arg)
        node = node.node
    if not isinstance(node, nodes.Name):
        return (), [*rest, *([node] if keys else node.iter_child_nodes())]
    if node.ctx != "load":
        return (), rest
    chain = [node.name]
    for key in reversed(keys):
        # `vars.get("x")`, `kubernetes.version.replace(…)`: what is read is the value whose method is called.
        if key is None or key in _METHODS:
            break
        chain.append(key)
    return tuple(chain), rest


def _constant_key(node: nodes.Node) -> str | None:
    # A key that holds a dot could not be told from two keys once the chain is written as text.
    value = node.value if isinstance(node, nodes.Const) else None
    return value if isinstance(value, str) and "." not in value else None


def foreign(tree: nodes.Node) -> Iterator[nodes.Node]:
    """The statements that reach beyond one template, or out of plain text: they have no meaning here."""
    kinds = (
        nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block, nodes.ScopedEvalContextModifier,
    )
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, kinds):
            yield node
        if isinstance(node, nodes.Stmt | nodes.Template):
            waiting += node.iter_child_nodes()
