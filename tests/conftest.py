"""What tests of several rooms share."""

import re
import sys

import pytest

# Tests that share one lesson's long preparation, by file and (where it has several) lesson.
_SHARED = re.compile(r"(marking/test_(?:cycle|release)\.py)::.*\[(\d\d)-|(browser/test_manual\.py)")

# The one command that brings a browser, by platform.
_BROWSER = {
    "linux": "sudo apt-get install chromium",
    "darwin": "brew install --cask chromium",
    "win32": "winget install Google.Chrome",
}


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
            return " ".join(filter(None, found.groups())) if found else nodeid

    return ByLesson(config, log)


def pytest_unconfigure(config):
    """Say last what was not tested for want of a browser, and what brings one."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    missed = [one for one in reporter.stats.get("skipped", []) if "browser" in one.keywords]
    if missed:
        command = _BROWSER.get(sys.platform, "install Chromium or Google Chrome")
        reporter.write_line(
            f"Not tested, since this machine has no Chromium: lessons in a real JupyterLab "
            f"({len(missed)} of its tests). What brings it: {command}",
            yellow=True,
        )
