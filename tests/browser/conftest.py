"""A real browser, headless: chromium from $CHROMIUM or the PATH. Where there is none these tests are skipped, but never in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import sample_class as sample

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def _missing(what: str) -> None:
    reason = f"{what} (`make browser` installs what it can)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Ends with these tests: others fork, and want no event loop running."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if not executable:
        _missing("no chromium on the PATH nor in $CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable)
        yield started
        started.close()


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The sample's pages by language."""
    return {language: sample.write(tmp_path_factory.mktemp("pages") / language, language) for language in ("es", "en")}


@pytest.fixture
def visit(browser: Any, folders: dict[str, Path]) -> Iterator[Callable[..., Any]]:
    """`visit("index.html")` opens a page; afterwards none of those opened may have said anything on the console or asked anybody."""
    contexts, said, asked = [], [], []

    def opened(name: str, *, language: str = "es", width: int = 1100, scheme: str = "light", **options: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        address = (folders[language] / name).as_uri()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: None if request.url.startswith(("data:", address)) else asked.append(request.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []
    assert asked == []
