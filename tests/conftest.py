"""What tests of several rooms share."""

import re

import pytest

# Tests that share one lesson's long preparation, by file and lesson number.
_SHARED = re.compile(r"(marking/test_(?:cycle|release)\.py)::.*\[(\d\d)-")


@pytest.fixture(autouse=True)
def _no_marking_run(monkeypatch):
    """Tests begin as a student's session, whatever the shell says."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("NBGRADER_VALIDATING", raising=False)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Send a lesson's marking tests to one worker.

    The mark `xdist_group` would do it, but xdist 3.8 loses it under pytest 9.2 (pytest-xdist's
    issue 1386).
    """
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByLesson(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            found = _SHARED.search(nodeid)
            return " ".join(found.groups()) if found else nodeid

    return ByLesson(config, log)
