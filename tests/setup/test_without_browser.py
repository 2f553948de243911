"""A machine without a browser is told what was not tested."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(**more: str) -> subprocess.CompletedProcess:
    """Run one browser test on a machine whose PATH has no browser."""
    env = {name: value for name, value in os.environ.items() if name != "COURSE_REQUIRE_BROWSER"}
    env |= {"PATH": str(Path(sys.executable).parent), "PROGRAMFILES": "", **more}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/browser", "-k", "00-start"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform != "linux", reason="the command differs elsewhere")
def test_the_last_line_says_what_was_not_tested_and_what_brings_it():
    done = run()
    assert done.returncode == 0, done.stdout
    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith("Not tested, since this machine has no Chromium: lessons in a real Ju")
    assert last.endswith("What brings it: sudo apt-get install chromium")


def test_where_a_browser_is_required_its_lack_fails():
    assert run(COURSE_REQUIRE_BROWSER="1").returncode == 1
