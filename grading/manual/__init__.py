"""Marking argued answers by hand, on a page of its own: ``python -m grading.manual 06-megawatts``.

``rubric`` turns levels into points and words, ``guide`` gathers what a marker looks at, ``prose``
makes text safe to show, ``answers`` reads the class's answers and writes marks into nbgrader's
gradebook, and ``server`` shows the page to the one who started it.
"""
