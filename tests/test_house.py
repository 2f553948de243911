"""The house stays in order: arrows run one way, links lead somewhere, promises are kept."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    path
    for path in ROOT.glob("**/*.md")
    if not {".venv", "dist", ".pytest_cache"} & set(path.relative_to(ROOT).parts)
)


def imported(path: Path) -> set[str]:
    """Whole names of the modules that a Python file imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(module: str) -> str:
    """The room that a module stands in: a top folder, or what lies right under `course`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "course" else parts[0]


def rooms() -> dict[str, set[str]]:
    """What each room of the course, the marking and the upkeep imports from the others."""
    found: dict[str, set[str]] = {}
    names = {path.stem for path in (ROOT / "course").iterdir() if not path.stem.startswith("_")}
    known = {f"course.{name}" for name in names} | {"grading", "upkeep", "tests", "solutions"}
    for top in ("course", "grading", "upkeep"):
        for path in (ROOT / top).glob("**/*.py"):
            own = room(".".join(path.relative_to(ROOT).with_suffix("").parts))
            others = {room(module) for module in imported(path)} & known
            found.setdefault(own, set()).update(others - {own})
    return found


def drawing() -> dict[str, set[str]]:
    """The arrows between rooms as CONTRIBUTING.md draws them."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = re.search(r"```\n(solutions .*?)```", text, flags=re.S).group(1)
    lines = re.findall(r"^([\w.]+) +-> ([\w., ]+?)(?:   .*)?$", block, flags=re.M)
    return {own: set(others.split(", ")) for own, others in lines}


def test_the_drawing_of_the_house_is_that_of_the_code():
    drawn = {own: others - {"datasets"} for own, others in drawing().items()}
    real = {
        own: others for own, others in rooms().items() if own not in ("course", "course.__init__")
    }
    assert {own: others for own, others in drawn.items() if own != "solutions" and others} == {
        own: others for own, others in real.items() if others
    }


def test_no_arrow_leads_back():
    arrows = drawing()
    arrows["solutions"] = {"grading", *(own for own in arrows if own.startswith("course."))}
    done: set[str] = set()
    while left := {own: others - done for own, others in arrows.items() if own not in done}:
        free = {own for own, others in left.items() if not others & left.keys()}
        assert free, f"a circle among {', '.join(left)}"
        done |= free


def test_every_room_is_named_where_a_newcomer_looks():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tops = {line.split("/")[0] for line in listed.stdout.splitlines() if "/" in line}
    unnamed = {top for top in tops if not top.startswith(".") and f"`{top}/`" not in readme}
    assert unnamed <= {"LICENSES"}
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    inside = {path.stem for path in (ROOT / "course").iterdir() if not path.stem.startswith("_")}
    assert [name for name in sorted(inside) if f"`course.{name}`" not in contributing] == []


def test_the_marking_is_all_that_stands_in_grading():
    grading = ROOT / "grading"
    inside = {path.stem for path in grading.glob("*.py")} - {"__init__"}
    inside |= {path.parent.name for path in grading.glob("*/__init__.py")}
    assert inside == {
        "cases",
        "chart_key",
        "class_forecasts",
        "feedback",
        "hidden",
        "inventory",
        "kernels",
        "key",
        "manual",
        "mark",
        "marking",
        "release",
        "restore",
        "seal",
        "trial",
    }


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("course", ("grading", "upkeep", "tests", "nbgrader")),
        ("course/models", ("altair", "pandas")),
        ("grading", ("tests",)),
        ("upkeep", ("grading", "tests", "nbgrader")),
    ],
)
def test_what_a_room_may_never_import(folder, forbidden):
    found = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / folder).glob("**/*.py")
        for name in imported(path)
        if any(name == module or name.startswith(f"{module}.") for module in forbidden)
    ]
    assert found == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_files_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_readme_opens_with_two_commands_that_make_knows():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^```\n(make \w+)\n```", readme, flags=re.M)
    assert commands[:2] == ["make lab", "make test"]
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for command in commands:
        assert re.search(rf"^{command.removeprefix('make ')}\b", listed, flags=re.M)


def test_the_readme_lists_every_lesson():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "notebooks").glob("*/*.ipynb"):
        title = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"][0]
        name = title.removeprefix("# ").strip().partition(" · ")[2]
        assert f"{name}](notebooks/{path.parent.name}/{path.name})" in readme


def test_the_citation_can_be_read():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["title"].startswith("Chips, Watts and Reactors")
    assert cited["version"] in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
