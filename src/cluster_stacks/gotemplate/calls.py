"""Calls of functions: Go's rules for what may be passed for what, and what a call gives where arguments are unknown."""

from __future__ import annotations

from typing import Any, Final

from cluster_stacks.gotemplate import symbolic
from cluster_stacks.gotemplate.errors import CallError, NotKnownError
from cluster_stacks.gotemplate.functions import Body, Signature
from cluster_stacks.gotemplate.nodes import Literal
from cluster_stacks.gotemplate.unknown import Kind, Partial, Unknown, holds_unknown
from cluster_stacks.gotemplate.values import INVALID, NilMap, type_name
from cluster_stacks.gotemplate.world import World, type_of

# Parameter types by their short names in signatures; `any` is interface{}, `value` a reflect.Value.
NAMES: Final = {"map": "map[string]interface {}", "float": "float64", "time": "time.Time"}
_RESULTS: Final[dict[str, Kind]] = {
    "string": "string", "bool": "bool", "int": "int", "int64": "int64", "float": "number", "list": "any", "map": "any",
}


def passed(value: Any, parameter: str) -> Any:
    """A value as an argument for a parameter. Raises CallError where Go's types do not fit."""
    if parameter == "value":
        return value
    if parameter == "any":
        return None if value is INVALID else value
    wanted = NAMES.get(parameter, parameter)
    if isinstance(value, Unknown | Partial):
        name = type_of(value)
        if name is not None and name != wanted:
            raise CallError(f"wrong type for value; expected {wanted}; got {name}")
        return value
    if value is INVALID:
        if parameter == "map":
            return NilMap()
        raise CallError(f"invalid value; expected {wanted}")
    name = "interface {}" if value is None else type_name(value)
    if name != wanted:
        raise CallError(f"wrong type for value; expected {wanted}; got {name}")
    return value


def constant(node: Literal, parameter: str) -> Any:
    """A literal as an argument: untyped constants take the parameter's type, where they can."""
    if node.kind == "nil":
        if parameter in ("any", "value"):
            return None if parameter == "any" else INVALID
        if parameter == "map":
            return NilMap()
        raise CallError(f"cannot assign nil to {NAMES.get(parameter, parameter)}")
    if parameter in ("any", "value"):
        return ideal(node)
    value: Any = None
    article = {"int": "integer", "uint32": "unsigned integer", "float": "float"}.get(parameter, parameter)
    if parameter == "int":
        value = node.integer
    elif parameter == "uint32":
        value = node.integer if node.integer is not None and node.integer >= 0 else None
    elif parameter == "float":
        value = node.floating
    elif parameter in ("bool", "string"):
        value = node.value if node.kind == parameter else None
    else:
        raise CallError(f"can't handle {node.source} for arg of type {NAMES.get(parameter, parameter)}")
    if value is None:
        raise CallError(f"expected {article}; found {node.source}")
    return value


def ideal(node: Literal) -> Any:
    """A constant where no type is asked for."""
    if node.kind == "number" and node.value is None:
        raise CallError(f"{node.source} overflows int")
    return node.value


def check_count(name: str, signature: Signature, count: int, written: int) -> None:
    """Raises CallError where a function does not take so many arguments (`written`: without the piped one)."""
    wanted = len(signature.parameters)
    if signature.rest is None and count != wanted:
        raise CallError(f"wrong number of args for {name}: want {wanted} got {count}")
    if count < wanted:
        raise CallError(f"wrong number of args for {name}: want at least {wanted} got {written}")


def called(world: World, name: str, signature: Signature, body: Body, arguments: list[Any]) -> Any:
    """The result of a function. Raises CallError where the function does."""
    if not any(holds_unknown(argument) for argument in arguments):
        return body(*arguments)
    arguments = [world.known(argument) for argument in arguments]
    special = symbolic.FUNCTIONS.get(name)
    if special is not None:
        result = special(world, *arguments)
        if result is not NotImplemented:
            return result
    if name in symbolic.SHALLOW:
        arguments = [symbolic.opened(world, argument) for argument in arguments]
    else:
        arguments = [symbolic.settled(world, world.concrete(argument)) for argument in arguments]
    if not any(isinstance(argument, Unknown | Partial) for argument in arguments[: symbolic.SHALLOW.get(name)]):
        try:
            return body(*arguments)
        except NotKnownError:
            pass
    key = (name, *(symbolic.identity(argument) for argument in arguments))
    return world.derive(key, _RESULTS.get(signature.result, "any"), f"({name} …)")
