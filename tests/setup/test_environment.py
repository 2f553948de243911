"""The environment files agree, and Binder's own tool can read them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
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


def test_what_a_package_asks_for_with_extras_is_pinned_with_and_without_them():
    """Else pip, which takes the two for two things, stops at a newer release without a hash."""
    pins = pinned("requirements.txt")
    # Some are for other systems only.
    here = {canonicalize_name(found.metadata["Name"]) for found in metadata.distributions()}
    asked = {
        (canonicalize_name(wanted.name), frozenset(wanted.extras))
        for name in pins.keys() & here
        for line in metadata.requires(name) or []
        if (wanted := Requirement(line)).extras
        and (wanted.marker is None or wanted.marker.evaluate({"extra": ""}))
    }
    assert asked
    for name, extras in asked:
        have = [pin.extras for pin in pins[name]]
        assert set() in have, name
        assert any(extras <= one for one in have), f"{name}[{','.join(extras)}]"


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


def made_wheel(folder: Path, name: str, platform: str) -> None:
    inside = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-{platform}.whl", "w") as made:
        made.writestr(f"{inside}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        made.writestr(f"{inside}/WHEEL", f"Wheel-Version: 1.0\nTag: py3-none-{platform}\n")
        made.writestr(f"{inside}/RECORD", "")


def test_a_pin_that_some_machine_would_have_to_compile_is_named(tmp_path, monkeypatch):
    made_wheel(tmp_path, "everywhere", "any")
    made_wheel(tmp_path, "newmacsonly", "macosx_11_0_arm64")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    monkeypatch.setattr(lock, "PLATFORMS", ("aarch64-apple-darwin", "x86_64-apple-darwin"))
    monkeypatch.setattr(lock, "PYTHONS", ("3.11",))
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("everywhere==1.0\n", encoding="utf-8")
    lock.require_wheels(wanted)
    wanted.write_text("everywhere==1.0\nnewmacsonly==1.0\n", encoding="utf-8")
    with pytest.raises(
        RuntimeError, match=r"(?s)3\.11 on x86_64-apple-darwin.*newmacsonly"
    ) as found:
        lock.require_wheels(wanted)
    assert "everywhere==1.0" not in str(found.value)


def test_the_first_cell_compiles_no_grammar():
    # What jsonschema brings for formats that no chart has once took half of the first cell.
    script = (
        "import sys; from course import charts, check, explore; "
        "print([m for m in ('lark', 'rfc3987_syntax', 'scipy.stats') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_importing_the_course_and_its_models_is_light():
    script = (
        "import sys; import course, course.models.power, course.models.reactors; "
        "print([m for m in ('pandas', 'altair', 'pint', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
