"""Refresh the tables from the public interfaces of their sources: ``python -m upkeep.refresh``.

It lives here, on the instructor's side, and not beside the tables, because it needs a network and
a decision: ``datasets/`` stays plain data, and nothing that a student runs fetches anything.

One module a source. A recipe has four stages: *read* (fetch), *shape* (into our columns, units and
source keys), *validate* (refuse what is not of the expected shape) and *write*. Without
``--write`` it ends with a list of what would change, row by row. `README.md` beside this file says
how to use it.
"""

from upkeep.refresh.comtrade import ChipExports, ExportsToRussia
from upkeep.refresh.epoch import Accelerators, Models, Sites
from upkeep.refresh.eurostat import MonthlyExports
from upkeep.refresh.geonuclear import Reactors
from upkeep.refresh.owid import Electricity
from upkeep.refresh.recipe import Recipe

__all__ = ["RECIPES"]

RECIPES: tuple[type[Recipe], ...] = (
    ExportsToRussia,
    ChipExports,
    Models,
    Accelerators,
    Sites,
    MonthlyExports,
    Reactors,
    Electricity,
)
