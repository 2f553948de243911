"""The course's tables: load one, see what there is, cite where it comes from.

The tables are CSV files described by a Frictionless Data Package (``datapackage.json``): every
field has a type, a unit and limits, every row names its source. They travel with the course, so
nothing is fetched. `files` finds and reads the files, `loading` gives them their types, `telling`
says what one should know of them, `looking_up` finds one parameter or claim.
"""

from course.tables.files import TableError, folder
from course.tables.loading import load
from course.tables.looking_up import Parameter, claim, parameter
from course.tables.telling import about, catalogue, codebook, sources

__all__ = [
    "Parameter",
    "TableError",
    "about",
    "catalogue",
    "claim",
    "codebook",
    "folder",
    "load",
    "parameter",
    "sources",
]
