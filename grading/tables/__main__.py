"""``python -m grading.tables``."""

from grading.tables.make import main

main()
