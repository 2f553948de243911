"""The instructor's side of the course: marking key, seal, release, feedback."""
