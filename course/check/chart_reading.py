"""Read what a chart means from its compiled specification.

Two charts that mean the same have many spellings: ``'year:Q'`` or
``alt.X('year', type='quantitative')``, one chart or a layer of two, ``mark_point(size=60)`` or
``mark_point()``. Reading the compiled specification makes them equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Drawn", "Layer", "read"]


@dataclass(frozen=True)
class Drawn:
    """One channel of a layer: which column, of which type, worked out how."""

    field: str | None
    type: str | None
    aggregate: str | None
    binned: bool
    starts_at_zero: bool | None
    scale_type: str | None


@dataclass(frozen=True)
class Layer:
    """One mark with its channels."""

    mark: str
    channels: dict[str, Drawn] = field(default_factory=dict)


def read(chart: Any) -> list[Layer]:
    """Read every layer of a chart, through layering, concatenation and facets.

    Parameters
    ----------
    chart : altair chart
        Anything with Altair's ``to_dict``.

    Returns
    -------
    list of Layer
        In drawing order, with what an outer layer or facet passes down filled in.

    Raises
    ------
    TypeError
        If the object is no Altair chart.
    """
    if not hasattr(chart, "to_dict"):
        raise TypeError(f"{type(chart).__name__} is no Altair chart")
    return list(_walk(chart.to_dict(), {}, None))


def _walk(spec: dict, above: dict, mark: Any) -> Iterator[Layer]:
    encoding = {**above, **spec.get("encoding", {})}
    mark = spec.get("mark", mark)
    nested = [
        child for part in ("layer", "hconcat", "vconcat", "concat") for child in spec.get(part, [])
    ]
    if "spec" in spec:
        facet = spec.get("facet", {})
        split = {"facet": facet} if "field" in facet else facet
        encoding = {**encoding, **split}
        nested.append(spec["spec"])
    if nested:
        for child in nested:
            yield from _walk(child, encoding, mark)
    elif mark is not None:
        kind = mark if isinstance(mark, str) else mark.get("type", "")
        channels = {
            name: _drawn(name, part, kind)
            for name, part in encoding.items()
            if isinstance(part, dict)
        }
        yield Layer(kind, channels)


def _drawn(channel: str, part: dict, mark: str) -> Drawn:
    scale = part.get("scale") or {}
    kind = part.get("type")
    scale_type = scale.get("type") or ("linear" if kind == "quantitative" else None)
    zero = None
    if kind == "quantitative" and channel in ("x", "y"):
        zero = _starts_at_zero(scale, scale_type, mark, bool(part.get("bin")))
    name = part.get("field")
    return Drawn(
        field=name if isinstance(name, str) else None,
        type=kind,
        aggregate=part.get("aggregate") if isinstance(part.get("aggregate"), str) else None,
        binned=bool(part.get("bin")),
        starts_at_zero=zero,
        scale_type=scale_type,
    )


def _starts_at_zero(scale: dict, scale_type: str | None, mark: str, binned: bool) -> bool:
    """Vega-Lite's rule: linear axes include zero unless told, binned or given a domain."""
    if scale_type in ("log", "symlog") or binned:
        return False
    domain = scale.get("domain")
    if isinstance(domain, list) and domain and all(isinstance(d, (int, float)) for d in domain):
        return min(domain) <= 0 <= max(domain)
    return bool(scale.get("zero", True))
