"""Chips, Watts and Reactors: what a lesson's notebook imports.

Start with ``from course import charts, check, explore, tables``. Importing ``course`` itself
loads nothing heavy.
"""

__version__ = "0.1.0"
