"""The macros over lists and maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from cluster_stacks.validation.cel.frame import Frame, Run, step
from cluster_stacks.validation.cel.library.lists import ordered
from cluster_stacks.validation.cel.syntax import EvaluationError, Unevaluated
from cluster_stacks.validation.cel.values import no_overload

Enter = Callable[[Frame, object], Iterable[object]]


def fold(kind: str, over: Run, slots: list[int], condition: Run | None, body: Run) -> Run:
    """The function of a macro; `slots` are the places of its variables in the frame."""
    enter = _one(slots[0]) if len(slots) == 1 else _two(*slots)
    if kind == "all":
        return _deciding(over, enter, body, decides=False)
    if kind == "exists":
        return _deciding(over, enter, body, decides=True)
    if kind == "existsOne":
        return lambda frame: sum(1 for _ in enter(frame, over(frame)) if _truth(body(frame))) == 1
    if kind == "filter":
        return lambda frame: [each for each in enter(frame, over(frame)) if _truth(body(frame))]
    if kind == "sortBy":
        return _sorted(over, enter, body)
    if kind in ("transformMap", "transformMapEntry"):
        return _mapped(over, enter, condition, body, entries=kind.endswith("Entry"))
    return lambda frame: [
        body(frame) for _ in enter(frame, over(frame)) if condition is None or _truth(condition(frame))
    ]


def _one(slot: int) -> Enter:
    """Goes over the elements of a list or the keys of a map."""

    def enter(frame: Frame, holder: object) -> Iterable[object]:
        if not isinstance(holder, (list, Mapping)):
            raise no_overload("range of a macro", holder)
        for each in holder:
            step(frame)
            frame[slot] = each
            yield each

    return enter


def _two(key: int, value: int) -> Enter:
    """Goes over places and elements, or keys and values."""

    def enter(frame: Frame, holder: object) -> Iterable[object]:
        if not isinstance(holder, (list, Mapping)):
            raise no_overload("range of a macro", holder)
        for name, each in enumerate(holder) if isinstance(holder, list) else holder.items():
            step(frame)
            frame[key], frame[value] = name, each
            yield name

    return enter


def _truth(value: object) -> bool:
    if type(value) is not bool:
        raise no_overload("_?_:_", value)
    return value


def _deciding(over: Run, enter: Enter, body: Run, *, decides: bool) -> Run:
    def run(frame: Frame) -> object:
        failed: EvaluationError | None = None
        for _ in enter(frame, over(frame)):
            try:
                value = _truth(body(frame))
            except Unevaluated:
                raise
            except EvaluationError as error:
                failed = failed or error
                continue
            if value is decides:
                return decides
        if failed is not None:
            raise failed
        return not decides

    return run


def _sorted(over: Run, enter: Enter, body: Run) -> Run:
    def run(frame: Frame) -> object:
        pairs = [(each, body(frame)) for each in enter(frame, over(frame))]
        return ordered([each for each, _ in pairs], [key for _, key in pairs])

    return run


def _mapped(over: Run, enter: Enter, condition: Run | None, body: Run, *, entries: bool) -> Run:
    def run(frame: Frame) -> object:
        found: dict[object, object] = {}
        for key in enter(frame, over(frame)):
            if condition is not None and not _truth(condition(frame)):
                continue
            value = body(frame)
            for name, each in value.items() if entries and isinstance(value, Mapping) else [(key, value)]:
                if name in found:
                    raise EvaluationError(f"insert failed: key {name!s:.60} already exists")
                found[name] = each
        return found

    return run
