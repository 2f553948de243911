"""A real JupyterLab in a real Chromium, for tests and for looking at lessons."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import Browser, Locator, Page, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where Windows keeps it, which is not on the PATH.
WINDOWS = "Google/Chrome/Application/chrome.exe"

# What JupyterLab itself says on a healthy day: none of it comes from a lesson.
QUIET = (
    "Failed to load resource: the server responded with a status of 404",  # absent user settings
    "The input spec uses Vega-Lite v6",
    "WebSocket connection",  # sockets closed with the page
)


def find_browser() -> str | None:
    """Path of a Chromium on this machine, or None."""
    program_files = Path(os.environ.get("PROGRAMFILES", "/")) / WINDOWS
    return next(
        (path for name in (*BROWSERS, str(program_files)) if (path := shutil.which(name))), None
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_lab(folder: Path, home: Path) -> Iterator[str]:
    """Start JupyterLab on a folder and give its address with token."""
    port, token = _free_port(), secrets.token_hex(12)
    env = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    env.pop("NBGRADER_EXECUTION", None)
    log = home / "lab.log"
    quiet = home / "settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=out)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=2)
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if process.poll() is not None:
                    raise RuntimeError(f"JupyterLab stopped:\n{log.read_text()}") from None
                time.sleep(0.25)
        else:
            raise RuntimeError(f"JupyterLab did not answer in 60 s:\n{log.read_text()}")
        yield f"{address}/lab?token={token}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """Start headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Notebook:
    """One notebook open in JupyterLab, with everything it complained about."""

    page: Page
    errors: list[str] = field(default_factory=list)
    left_machine: list[str] = field(default_factory=list)

    @classmethod
    def open(
        cls, browser: Browser, address: str, path: str, width: int = 1280, height: int = 900
    ) -> Notebook:
        """Open a notebook by its path below the lab's folder, and wait for its kernel."""
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(60_000)
        book = cls(page)
        page.on("console", book._hear)
        page.on("pageerror", lambda error: book.errors.append(f"page: {error}"))
        page.on("request", book._watch)
        base, _, query = address.partition("?")
        page.goto(f"{base}/tree/{path}?{query}&reset")
        page.locator(".jp-Notebook").first.wait_for()
        book.wait_idle()
        book._wait_for_kernel(f"{base.removesuffix('/lab')}/api/kernels?{query}")
        book.expect_no_dialog()
        with contextlib.suppress(Exception):
            # A second, smaller room for the file browser leaves the charts their width.
            page.keyboard.press("Control+b")
        return book

    def _hear(self, message) -> None:
        if message.type == "error" and not any(words in message.text for words in QUIET):
            self.errors.append(message.text)

    def _wait_for_kernel(self, kernels: str, seconds: float = 90) -> None:
        """Ask the server: in a fresh environment the page looks idle before its kernel is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.page.request.get(kernels)
            found = answer.text()
            # While a kernel starts, the server may answer with an error.
            if answer.ok and any(
                one["execution_state"] == "idle" and one["connections"] for one in answer.json()
            ):
                return
            time.sleep(0.2)
        raise AssertionError(f"no kernel is idle after {seconds} s: {found}")

    def _watch(self, request) -> None:
        host = urlparse(request.url).hostname
        if host not in (None, "127.0.0.1", "localhost", "::1"):
            self.left_machine.append(request.url)

    def expect_no_dialog(self) -> None:
        """Say what JupyterLab asks, if it asks something: a dialog takes all clicks."""
        dialog = self.page.locator(".jp-Dialog")
        if dialog.count():
            raise AssertionError(f"JupyterLab asks: {dialog.first.inner_text()!r}")

    def wait_idle(self, seconds: float = 60) -> None:
        """Wait until the kernel is there and idle."""
        self.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').first.wait_for(
            state="attached", timeout=seconds * 1000
        )

    def run_all(self, seconds: float = 120) -> None:
        """Run all cells, and wait for the last; a click too early is ignored, so try again."""
        restart = self.page.locator(".jp-Dialog", has_text="Restart")
        for _ in range(5):
            if restart.count():
                # The menu moved under the pointer, and its neighbour was clicked.
                self.page.keyboard.press("Escape")
                restart.first.wait_for(state="detached")
            self.expect_no_dialog()
            self.page.locator(".jp-Notebook").first.click(position={"x": 3, "y": 3})
            self.page.get_by_role("menuitem", name="Run", exact=True).click()
            self.page.get_by_role("menuitem", name=re.compile("^Run All Cells")).first.click()
            try:
                self.page.wait_for_function(
                    "() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]"
                    ".some(p => /\\[[\\d*]+\\]/.test(p.textContent))",
                    timeout=15_000,
                )
                break
            except Exception as error:  # noqa: BLE001 - Playwright's own TimeoutError
                last = error
        else:
            raise AssertionError("Run All Cells was ignored five times") from last
        self.finish(seconds)

    def finish(self, seconds: float = 120) -> None:
        """Wait until every code cell has run, scrolling so that each is drawn."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            status = self.page.evaluate(
                "() => document.querySelector('.jp-Notebook-ExecutionIndicator')"
                "?.getAttribute('data-status')"
            )
            prompts = self.page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
            if status == "idle" and all(re.search(r"\[\d+\]", one) for one in prompts):
                time.sleep(0.3)
                return
            time.sleep(0.2)
        raise AssertionError(f"the notebook still runs after {seconds} s")

    def cells(self) -> Locator:
        """All cells, in order."""
        return self.page.locator(".jp-Notebook .jp-Cell")

    def show(self, locator: Locator) -> Locator:
        """Scroll an element into view and give it back."""
        locator.scroll_into_view_if_needed()
        return locator
