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


def uses(folder: str, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / folder).glob("**/*.py")
        for name in imported(path)
        if any(name == module or name.startswith(f"{module}.") for module in forbidden)
    ]


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("course", ("grading", "tests", "nbgrader")),
        ("course/models", ("course.charts", "course.explore", "course.check", "altair", "pandas")),
        ("grading", ("tests",)),
    ],
)
def test_arrows_run_one_way(folder, forbidden):
    assert uses(folder, *forbidden) == []


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
