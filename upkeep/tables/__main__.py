"""``python -m upkeep.tables``."""

from upkeep.tables.make import main

main()
