"""The what-if explorers: one function a lesson, locked until a prediction is typed."""

from course.explore.chip_trade import chip_suppliers
from course.explore.compute_gap import training_run
from course.explore.counterfactuals import did_bench
from course.explore.megawatts import cluster_power
from course.explore.reactor_sizes import reactor_fleet

__all__ = ["chip_suppliers", "cluster_power", "did_bench", "reactor_fleet", "training_run"]
