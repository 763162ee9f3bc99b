"""The bounds of a schema against those of an older one: of numbers, texts, lists and mappings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cluster_stacks.releases.plain import as_list

Schema = Mapping[str, object]
_SIZES: tuple[tuple[str, str, type], ...] = (
    ("Length", "characters", str), ("Items", "items", list), ("Properties", "fields", dict),
)


def bound_narrowings(old: Schema, new: Schema) -> Iterator[tuple[str, str]]:
    """Each bound of the new schema that is tighter, with what it means; where the old one lists its values, for them.

    Bounds that do not apply to the type of a schema are told too: nobody writes them.
    """
    listed = as_list(old.get("enum"))
    for keyword, reason, fits in (*_numbers(old, new), *_sizes(old, new)):
        if not listed or any(not fits(value) for value in listed):
            yield keyword, reason


Found = tuple[str, str, Callable[[object], bool]]


def _numbers(old: Schema, new: Schema) -> Iterator[Found]:
    whole = old.get("type") == "integer"
    for keyword, exclusive, sign, words in (
        ("minimum", "exclusiveMinimum", 1, "at least"), ("maximum", "exclusiveMaximum", -1, "at most"),
    ):
        after = _bound(new, keyword, exclusive, sign, whole=whole)
        if after is None:
            continue
        before = _bound(old, keyword, exclusive, sign, whole=whole)
        if before is None or after > before:
            strict = new.get(exclusive) is True
            less = "more than" if sign > 0 else "less than"
            reason = f"must be {less if strict else words} {new.get(keyword)} now"
            yield keyword, reason, _number_fits(after, sign)
    step, known = _number(new.get("multipleOf"), 0), _number(old.get("multipleOf"), 0)
    if step and not (known and known % step == 0):
        yield "multipleOf", f"must be a multiple of {step} now", lambda value: _number(value, 0) % step == 0


def _number_fits(after: tuple[float, bool], sign: int) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        return not _is_number(value) or (sign * value, False) >= after  # type: ignore[operator]

    return fits


def _bound(schema: Schema, keyword: str, exclusive: str, sign: int, *, whole: bool) -> tuple[float, bool] | None:
    """A bound so that the tighter one is the greater; of whole numbers, one that excludes itself is the next."""
    limit = schema.get(keyword)
    if not _is_number(limit):
        return None
    strict = schema.get(exclusive) is True
    if whole and strict and limit == int(limit):  # type: ignore[call-overload]
        return sign * limit + 1, False  # type: ignore[operator]
    return sign * limit, strict  # type: ignore[operator]


def _sizes(old: Schema, new: Schema) -> Iterator[Found]:
    for part, unit, kind in _SIZES:
        least, most = new.get(f"min{part}"), new.get(f"max{part}")
        if _is_number(least) and least > _number(old.get(f"min{part}"), 0):  # type: ignore[operator]
            yield f"min{part}", f"must have at least {least} {unit} now", _size_fits(kind, least, None)
        if _is_number(most) and most < _number(old.get(f"max{part}"), float("inf")):  # type: ignore[operator]
            yield f"max{part}", f"must have at most {most} {unit} now", _size_fits(kind, None, most)
    if new.get("uniqueItems") is True and old.get("uniqueItems") is not True and _number(old.get("maxItems"), 2) > 1:
        yield "uniqueItems", "must have no item twice now", lambda value: not isinstance(value, list) or len(value) < 2


def _size_fits(kind: type, least: object, most: object) -> Callable[[object], bool]:
    def fits(value: object) -> bool:
        if not isinstance(value, kind):
            return True
        size = len(value)  # type: ignore[arg-type]
        return _number(least, 0) <= size <= _number(most, float("inf"))

    return fits


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: object, default: float) -> float:
    return value if _is_number(value) else default  # type: ignore[return-value]
