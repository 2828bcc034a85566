"""Makes docs/images/: what the example class's pages and a report in the terminal look like, in Spanish and English.

make screenshots        (chromium from $CHROMIUM or the PATH)
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from grader.model import from_json
from grader.reports import text as terminal

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
STUDENT, ASSIGNMENT = "carla_dominguez", "bptt_2_rnn"
WIDTH = 960
LINES = 16  # of the report in the terminal: up to the second point lost
COLOURS = 128  # of a palette: pages are flat, and a picture stays under 100 kB
TITLES = {"es": "Una red recurrente desde cero", "en": "A recurrent network from scratch"}
TERMINAL = """<body style="margin:0;background:#16181d"><pre style="display:inline-block;margin:0;padding:20px 24px;color:#d8dce3;
font:13px/1.5 'DejaVu Sans Mono', 'Liberation Mono', monospace">{code}</pre>"""


def main() -> None:
    """Grade the example class in both languages and take the pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"))
        for language in ("es", "en"):
            out = Path(folder) / language
            command = [sys.executable, "-m", "grader", "grade", "submissions_example", "-o", str(out), "--lang", language, "--seed", "docs"]
            subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            page = browser.new_page(viewport={"width": WIDTH, "height": 900})
            student(page, out, language)
            the_class(page, out, language)
            report(page, out, language)
        browser.close()


def student(page: Any, out: Path, language: str) -> None:
    """A failed check: the named mistake, the student's own lines, the pictures."""
    page.goto((out / "html" / f"{STUDENT}.html").as_uri())
    section = page.locator("section.assignment").filter(has=page.locator(f"text={ASSIGNMENT}"))
    first = section.locator("details.failed").first
    top, end = section.bounding_box(), first.bounding_box()
    save(page, f"student.{language}.png", top["y"] - 24, end["y"] + end["height"] + 8)


def the_class(page: Any, out: Path, language: str) -> None:
    """From the top to the end of the table of marks."""
    page.goto((out / "html" / "index.html").as_uri())
    table = page.locator("table.sortable").bounding_box()
    save(page, f"class.{language}.png", 0, table["y"] + table["height"] + 24)


def report(page: Any, out: Path, language: str) -> None:
    """The same student's report in a terminal."""
    found = from_json((out / "results" / STUDENT / f"{ASSIGNMENT}.json").read_bytes())
    lines = terminal.report(found, TITLES[language], []).splitlines()[:LINES]
    console = Console(record=True, width=140, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(f"$ grader report grades --student {STUDENT} --assignment {ASSIGNMENT}"))
    console.print(Text.from_ansi("\n".join([*lines, "  …"])))
    page.goto("about:blank")  # a report's page forbids styles that are not its own, whatever is put into it
    page.set_content(console.export_html(theme=MONOKAI, inline_styles=True, code_format=TERMINAL))
    box = page.locator("pre").bounding_box()
    save(page, f"terminal.{language}.png", 0, box["height"], box["width"])


def save(page: Any, name: str, top: float, bottom: float, width: float = WIDTH) -> None:
    """The page between two heights, as a small PNG."""
    raw = page.screenshot(full_page=True, clip={"x": 0, "y": max(top, 0), "width": width, "height": bottom - max(top, 0)})
    Image.open(io.BytesIO(raw)).convert("RGB").quantize(COLOURS).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
