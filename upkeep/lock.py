"""Pin every dependency again: ``python -m upkeep.lock`` (or ``make lock``).

From ``pyproject.toml`` come ``requirements.txt`` (the course and nbgrader),
``requirements-dev.txt`` (the same and what the tests need) and ``environment.yml``, which writes
the first one's pins out, because Binder caches the environment by that file alone. One resolution
serves all platforms, and what students install has to come as a wheel on each of them, since few
have a compiler.
"""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product
from pathlib import Path

__all__ = ["compile_pins", "environment", "pins", "require_wheels", "with_bare"]

ROOT = Path(__file__).resolve().parents[1]
BINDER_PYTHON = "3.12"
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
)
_HEAD = "# Made from pyproject.toml by `make lock`; do not edit.\n"


def compile_pins(extras: list[str], limits: Path | None = None, upgrade: bool = True) -> str:
    """Resolve the dependencies once for all platforms and Pythons.

    Parameters
    ----------
    extras : list of str
        Optional groups of ``pyproject.toml``.
    limits : pathlib.Path, optional
        A requirements file whose pins must be kept.
    upgrade : bool, optional
        Whether newer releases are taken.

    Returns
    -------
    str
        A requirements file with hashes and without the index's address.

    Raises
    ------
    RuntimeError
        If the resolver finds no solution; its words are passed on.
    """
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"),
        *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
        *("--no-emit-index-url", "--no-emit-find-links", "--no-strip-extras", "--quiet"),
        *(option for extra in extras for option in ("--extra", extra)),
        *(("--constraint", str(limits)) if limits else ()),
        *(("--upgrade",) if upgrade else ()),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the dependencies cannot be resolved:\n{done.stderr}")
    # Comments that quote the constraint file's path would differ from run to run.
    lines = [line for line in done.stdout.splitlines() if not line.lstrip().startswith("#")]
    return _HEAD + with_bare("\n".join(lines) + "\n")


def with_bare(requirements: str) -> str:
    """Write each pin that has extras a second time without them.

    pip takes ``name`` and ``name[extra]`` for two things that ask for a version. Where only one is
    pinned and a newer release exists, it stops at the other, which has no hash.

    Parameters
    ----------
    requirements : str
        Pins with their hashes below them.

    Returns
    -------
    str
    """
    pin = re.compile(r"^([A-Za-z0-9._-]+)\[[^]]+\](==.*\n(?:    --hash=.*\n)*)", re.M)
    return pin.sub(lambda found: f"{found[1]}{found[2]}{found[0]}", requirements)


def require_wheels(requirements: Path) -> None:
    """Make sure that every pin can be installed without a compiler.

    Parameters
    ----------
    requirements : pathlib.Path
        A requirements file.

    Raises
    ------
    RuntimeError
        If a pin has no wheel for one of the platforms and Pythons, which is named with the
        resolver's words.
    """
    for platform, python in product(PLATFORMS, PYTHONS):
        command = [
            *(sys.executable, "-m", "uv", "pip", "compile", str(requirements), "--no-deps"),
            *("--only-binary", ":all:", "--python-platform", platform),
            *("--python-version", python, "--no-python-downloads", "--no-header", "--quiet"),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(
                f"not everything has a wheel for Python {python} on {platform}; bound what has "
                f"none in pyproject.toml:\n{done.stderr}"
            )


def pins(requirements: str) -> list[str]:
    """List the ``name==version ; marker`` lines of a requirements text, without hashes."""
    return [
        re.sub(r"\s*\\$", "", line)
        for line in requirements.splitlines()
        if re.match(r"[A-Za-z0-9]", line)
    ]


def environment(requirements: str) -> str:
    """Write ``environment.yml`` from a requirements text.

    Parameters
    ----------
    requirements : str
        Content of ``requirements.txt``.

    Returns
    -------
    str
        A conda environment with one Python, pip, and the same pins.
    """
    listed = "\n".join(f"      - {_quoted(pin)}" for pin in pins(requirements))
    return (
        f"{_HEAD}name: chips-watts-reactors\nchannels:\n  - conda-forge\ndependencies:\n"
        f"  - python={BINDER_PYTHON}\n  - pip\n  - pip:\n{listed}\n"
    )


def _quoted(pin: str) -> str:
    return f'"{pin}"' if ";" in pin else pin


def main() -> None:
    """Write the three files."""
    course = ROOT / "requirements.txt"
    course.write_text(compile_pins(["grading"]), encoding="utf-8", newline="\n")
    require_wheels(course)
    dev = compile_pins(["grading", "dev"], limits=course)
    (ROOT / "requirements-dev.txt").write_text(dev, encoding="utf-8", newline="\n")
    text = environment(course.read_text(encoding="utf-8"))
    (ROOT / "environment.yml").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
