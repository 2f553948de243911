"""Look at a notebook as a student sees it: run it in JupyterLab and photograph every output.

    python tests/browser/look.py solutions/06-megawatts/06-megawatts.ipynb pictures/ [width]

The notebook is copied to a temporary folder first, so nothing in the repository changes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from lab import Notebook, running_browser, running_lab


def look(notebook: Path, out: Path, width: int = 1280) -> list[str]:
    """Photograph every output of a notebook; give what the browser complained about."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(spare) / "work"
        folder.mkdir()
        shutil.copy(notebook, folder)
        with running_lab(folder, Path(spare) / "home") as address, running_browser() as browser:
            book = Notebook.open(browser, address, notebook.name, width=width)
            book.run_all()
            cells = book.cells()
            for index in range(cells.count()):
                cell = cells.nth(index)
                cell.scroll_into_view_if_needed()
                book.page.wait_for_timeout(250)
                cell.screenshot(path=out / f"{index:02d}.png")
            return book.errors + [f"left the machine: {url}" for url in book.left_machine]


if __name__ == "__main__":
    size = int(sys.argv[3]) if len(sys.argv) > 3 else 1280
    for complaint in look(Path(sys.argv[1]), Path(sys.argv[2]), size):
        print(complaint)
