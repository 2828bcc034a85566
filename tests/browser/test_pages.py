"""The pages as people meet them, in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.sample_class import STUDENTS

pytestmark = pytest.mark.xdist_group("browser")  # one browser, not one for each process
CLASS, STUDENT, PERFECT = "index.html", "ana.html", "bea.html"
NAMES = "table.sortable tbody tr:not([hidden]) th"


def names(page):
    return page.locator(NAMES).all_inner_texts()


def totals(page):
    return [float(cell) for cell in page.locator("table.sortable tbody tr:not([hidden]) td.total").all_inner_texts()]


def head(page, column):
    return page.locator("table.sortable thead th").nth(column).locator("button")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", [CLASS, STUDENT, PERFECT])
@pytest.mark.parametrize("width", [360, 1100])
def test_axe_finds_nothing(visit, name, language, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = visit(name, language=language, scheme=scheme, width=width, bypass_csp=True, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = axe.Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:3]) for rule in found] == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_language_has_its_own_words(visit, language):
    for name, words in {CLASS: ("Notas", "Marks"), STUDENT: ("Pista.", "Hint.")}.items():
        page = visit(name, language=language)
        text = page.locator("body").inner_text()
        mine, other = words if language == "es" else reversed(words)
        assert mine in text
        assert other not in text
        assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("name", [CLASS, STUDENT, "hostile.html", "hostile_class.html"])
@pytest.mark.parametrize("width", [320, 360, 768])
def test_no_page_is_wider_than_the_screen(visit, name, width):
    page = visit(name, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_names_stay_readable_on_a_phone(visit):
    page = visit(CLASS, width=360)
    assert page.locator(NAMES).first.bounding_box()["height"] < 80


def test_the_table_is_sorted_by_any_column_both_ways(visit):
    page = visit(CLASS)
    assert names(page) == STUDENTS
    head(page, 0).click()
    assert names(page) == STUDENTS[::-1]
    head(page, 3).click()
    assert totals(page) == sorted(totals(page), reverse=True)
    assert page.locator("thead th[aria-sort]").get_attribute("aria-sort") == "descending"
    head(page, 3).click()
    assert totals(page) == sorted(totals(page))
    head(page, 2).click()
    without = {STUDENTS[3], *STUDENTS[7:]}  # a fault of ours, and who handed nothing in: last, whichever way
    assert {*names(page)[6:]} == without
    head(page, 2).click()
    assert {*names(page)[6:]} == without


def test_sorting_and_filtering_work_by_keyboard_alone(visit):
    page = visit(CLASS)
    page.locator("#show").focus()
    page.keyboard.press("Tab")  # the table's region scrolls, so it can be reached
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == head(page, 0).inner_text()
    page.keyboard.press("Enter")
    assert names(page) == STUDENTS[::-1]
    page.locator("#find").focus()
    page.keyboard.type("nunez")
    assert names(page) == ["Álvaro Núñez"]
    assert "1" in page.locator("#found").inner_text()


def test_filters_find_names_and_who_needs_help(visit):
    page = visit(CLASS)
    page.locator("#find").fill("AN")
    assert names(page) == ["ana", "fran"]
    page.locator("#find").fill("")
    page.locator("#show").select_option("low")
    assert 0 < len(names(page)) < len(STUDENTS)
    page.locator("#show").select_option("attention")
    assert "carla" in names(page)  # our own fault
    assert "Álvaro Núñez" in names(page)  # stopped at a limit, and confined by less than could be
    assert "bea" not in names(page)
    page.locator("#find").press("Enter")  # submits nothing
    assert page.url.endswith(CLASS)


def test_without_scripts_everything_is_there_but_the_filters(visit):
    page = visit(CLASS, java_script_enabled=False)
    assert len(names(page)) == len(STUDENTS)
    assert not page.locator(".filters").is_visible()


def test_a_name_leads_to_its_page_and_headings_to_their_places(visit):
    page = visit(STUDENT)
    page.locator("nav a").last.click()
    assert re.search(r"#a\d+$", page.url)


def test_a_lost_point_is_open_and_says_all(visit):
    page = visit(STUDENT)
    wrong = page.locator("details.failed").first
    assert wrong.get_attribute("open") is not None
    text = wrong.inner_text()
    assert "dL/dW1" in text and "return x @ W" in text and "Pista." in text
    assert wrong.locator("svg[role=img]").count() == 4
    for picture in wrong.locator("svg[role=img]").all():
        assert len(picture.locator("title").text_content()) > 10
    assert page.locator("details.passed[open]").count() == 0


@pytest.mark.parametrize("name", ["hostile.html", "hostile_class.html"])
def test_hostile_texts_are_inert(visit, name):
    page = visit(name)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == (1 if "class" in name else 0)
    assert page.locator("style").count() == 1
    assert page.locator("img, iframe, object, embed, [style], [onerror], [onclick], a[href^='javascript:' i]").count() == 0
    text = page.locator("body").inner_text()
    assert "<script>window.hacked = 1</script>" in text
    assert "{{ 7 * 7 }}" in text
    assert not set("\u202e\u2066\u200b") & set(page.content())


def test_the_policy_runs_nothing_that_slipped_through(visit, folders):
    """The positive control: the same attack, unescaped, is stopped by the page's policy."""
    html = (folders["es"] / STUDENT).read_text(encoding="utf-8").replace("<main", "<script>window.hacked = 1</script><main", 1)
    (folders["es"] / "slipped.html").write_text(html, encoding="utf-8")
    page = visit("ana.html")
    refused = []
    page.context.on("console", lambda message: refused.append(message.text))
    other = page.context.new_page()
    other.goto((folders["es"] / "slipped.html").as_uri())
    assert other.evaluate("window.hacked") is None
    assert any("Content Security Policy" in text for text in refused)


@pytest.mark.parametrize("name", [CLASS, STUDENT])
def test_print_shows_what_matters_in_black_on_white(visit, name):
    page = visit(name, scheme="dark")
    page.emulate_media(media="print", color_scheme="light")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".filters, .skip").first.is_visible()
    if name == CLASS:  # the checks of every assignment, closed on the screen, are on paper
        assert all(table.is_visible() for table in page.locator(".items table").all())


def test_the_first_thing_a_keyboard_reaches_leads_past_the_head(visit):
    page = visit(STUDENT)
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("one => one.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
