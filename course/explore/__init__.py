"""The what-if explorers: one function a lesson, locked until a prediction is typed."""

from course.explore.bloc_builder import bloc_builder
from course.explore.chip_trade import chip_suppliers
from course.explore.claim_workbench import claim_workbench
from course.explore.compute_gap import training_run
from course.explore.counterfactuals import did_bench
from course.explore.first_steps import first_steps
from course.explore.megawatts import cluster_power
from course.explore.race import race
from course.explore.reactor_sizes import reactor_fleet
from course.explore.telephone_game import telephone_game
from course.explore.uncertain_megawatts import uncertain_megawatts

__all__ = [
    "bloc_builder",
    "chip_suppliers",
    "claim_workbench",
    "cluster_power",
    "did_bench",
    "first_steps",
    "race",
    "reactor_fleet",
    "telephone_game",
    "training_run",
    "uncertain_megawatts",
]
