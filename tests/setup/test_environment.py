"""The environment files agree, and Binder's own tool can read them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from upkeep import lock

ROOT = Path(__file__).resolve().parents[2]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(name: str) -> dict[str, list[Requirement]]:
    found: dict[str, list[Requirement]] = {}
    for line in lock.pins(text(name)):
        pin = Requirement(line)
        found.setdefault(canonicalize_name(pin.name), []).append(pin)
    return found


def declared(*extras: str) -> list[Requirement]:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    lines = list(project["dependencies"])
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("file", "extras"),
    [("requirements.txt", ["grading"]), ("requirements-dev.txt", ["grading", "dev"])],
)
def test_every_dependency_is_pinned_within_its_declared_range(file, extras):
    pins = pinned(file)
    for wanted in declared(*extras):
        versions = [
            Version(str(pin.specifier).removeprefix("=="))
            for pin in pins[canonicalize_name(wanted.name)]
        ]
        for version in versions:
            assert wanted.specifier.contains(version), f"{file} pins {wanted.name} {version}"


def test_students_and_developers_have_the_same_versions():
    students, developers = pinned("requirements.txt"), pinned("requirements-dev.txt")
    for name, pins in students.items():
        assert {str(pin.specifier) for pin in pins} == {
            str(pin.specifier) for pin in developers[name]
        }, name


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash_and_no_index_address(file):
    content = text(file)
    blocks = re.split(r"\n(?=[A-Za-z0-9])", content)[1:]
    assert len(blocks) > 90
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in content
    assert "--index" not in content
    assert "--find-links" not in content


def test_environment_yml_has_the_pins_of_requirements_txt():
    assert text("environment.yml") == lock.environment(text("requirements.txt"))
    parts = yaml.safe_load(text("environment.yml"))["dependencies"]
    python = next(part for part in parts if str(part).startswith("python="))
    allowed = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"]
    assert Requirement(f"x{allowed}").specifier.contains(python.removeprefix("python="))
    inside = next(part["pip"] for part in parts if isinstance(part, dict))
    assert inside == lock.pins(text("requirements.txt"))


def test_binder_reads_the_environment_from_the_root():
    # A binder folder would make Binder ignore environment.yml and postBuild in the root.
    assert not (ROOT / ".binder").exists()
    assert not (ROOT / "binder").exists()
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "FROM " in said
    assert "environment.yml" in said
    assert "postBuild" in said


def test_importing_the_course_and_its_models_is_light():
    script = (
        "import sys; import course, course.models.power, course.models.reactors; "
        "print([m for m in ('pandas', 'altair', 'pint', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
