"""Marking with the tests outside the student's process; see README.md."""
