"""Quantities with units: ``Q(100, "MW")``.

A quantity refuses to be added to another of a different kind, so MW plus MWh is an error and not
a number. The units are pint's, and some of our own: ``FLOP`` (an amount of computation, so that
FLOP/s is a rate of it), money (``USD``, ``EUR``, ``RUB``: no fixed rate leads from one to another),
things that are counted, and the words for a part of a whole.
"""

from __future__ import annotations

import pint

__all__ = ["Q", "units"]

units = pint.UnitRegistry()
for _definition in (
    "FLOP = [computation]",
    "USD = [money] = _ = dollar",
    "EUR = [money_of_the_euro_area] = _ = euro",
    "RUB = [money_of_russia] = _ = rouble = ruble",
    "share = 1",
    "percentage_point = 0.01 = pp",
    "chip = 1",
    "token = 1",
    "reactor = 1",
):
    units.define(_definition)
units.formatter.default_format = "~P"

Q = units.Quantity
"""A number, with its unit where the question has one."""
