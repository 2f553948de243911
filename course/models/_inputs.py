"""Refuse impossible input by name, value and allowed range; find defaults in `parameters`."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.tables import parameter

__all__ = ["at_least", "default", "fraction", "plain", "positive", "whole", "within"]


def within(name: str, value: Any, low: float, high: float, allowed: str, open_low: bool = False):
    """Give the value as float array, or say which one is outside the range."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; it must be {allowed}") from None
    if array.size == 0:
        raise ValueError(f"{name} is empty; it must hold at least one number, {allowed}")
    good = (array > low if open_low else array >= low) & (array <= high) & np.isfinite(array)
    if not good.all():
        first = array[~good].flat[0] if array.ndim else array.item()
        raise ValueError(f"{name} is {first:g}; it must be {allowed}")
    return array


def positive(name: str, value: Any) -> np.ndarray:
    """Accept numbers above 0."""
    return within(name, value, 0, np.inf, "above 0", open_low=True)


def at_least(name: str, value: Any, low: float) -> np.ndarray:
    """Accept numbers from ``low`` up."""
    return within(name, value, low, np.inf, f"{low:g} or more")


def fraction(name: str, value: Any, open_low: bool = False) -> np.ndarray:
    """Accept shares: numbers from 0 (or above 0) to 1."""
    allowed = "above 0 and up to 1" if open_low else "from 0 to 1"
    return within(name, value, 0, 1, allowed, open_low)


def whole(name: str, value: Any, low: int) -> np.ndarray:
    """Accept whole numbers from ``low`` up."""
    array = within(name, value, low, np.inf, f"a whole number, {low} or more")
    if (array != np.round(array)).any():
        first = array[array != np.round(array)].flat[0] if array.ndim else array.item()
        raise ValueError(f"{name} is {first:g}; it must be a whole number, {low} or more")
    return array


def default(value: Any, name: str) -> Any:
    """Give the value, or the central value of a parameter where it is None."""
    return parameter(name).central if value is None else value


def plain(result: Any) -> Any:
    """Give a plain float for a single number, the array otherwise."""
    array = np.asarray(result)
    return array.item() if array.ndim == 0 else array
