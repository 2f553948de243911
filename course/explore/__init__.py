"""The what-if explorers: one function a lesson, locked until a prediction is typed."""

from course.explore.megawatts import cluster_power

__all__ = ["cluster_power"]
