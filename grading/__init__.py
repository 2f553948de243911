"""The instructor's side of the course: the marking key, its seal and the commands around nbgrader."""
