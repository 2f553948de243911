"""Quantities with units: ``Q(100, "MW")``.

A quantity refuses to be added to another of a different kind, so MW plus MWh is an error and not
a number. The units are pint's; two are our own: ``FLOP`` (an amount of computation, so that
FLOP/s is a rate of it) and ``USD``.
"""

from __future__ import annotations

import pint

__all__ = ["Q", "units"]

units = pint.UnitRegistry()
units.define("FLOP = [computation]")
units.define("USD = [money]")
units.formatter.default_format = "~P"

Q = units.Quantity
