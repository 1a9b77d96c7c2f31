"""The law in a real browser: axe and a narrow window on every page in two languages and schemes, a case planned and a question
asked by keyboard alone, right to left, and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from browser import stage
from browser.stage import Site
from browser.window import Window, person

pytestmark = [
    pytest.mark.skipif(not stage.CHROMIUM, reason="Debian's chromium is not installed: the browser tests did NOT run"),
    pytest.mark.timeout(600),
]
PAGES = (
    "/law/?q=Germany+bank+records+fraud+2026-11-24+Zorgon",
    "/law/?to=UA&measure=bank_records",
    "/law/plan/",
    "/law/plan/?offence=fraud&element=account&state=DE&element=suspect&state=PL&element=dna&state=FR&on=2026-11-24",
    "/law/matrix/?words=ger&on=2026-11-24",
    "/law/bound/?from=UA&to=RU&form=extradition&on=2026-11-24",
    "/law/compare/?from=FR&to=GB&measure=bank_records&on=2020-12-31&then=2021-01-01",
    "/law/instruments/?form=jit&state=DE",
    "/law/instruments/coe-185/",
    "/law/instruments/coe-030/bound/?words=a",
    "/law/coverage/?only=unsure",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    ours, _ = stage.found(tmp_path_factory.mktemp("law"))
    with stage.running(ours):
        yield ours


@pytest.mark.parametrize(
    ("role", "scheme", "width"), [("central", "light", 1280), ("issuing", "dark", 390)], ids=["english", "ukrainian"]
)
def test_axe_finds_nothing_on_the_pages_of_the_law(browser, site, role, scheme, width) -> None:
    window = Window(browser, site, person(site, role), color_scheme=scheme, viewport={"width": width, "height": 900})
    for path in PAGES:
        window.go(path)
        assert window.page.evaluate("document.documentElement.scrollWidth") <= width, path
        window.see()
    assert not window.broken
    window.context.close()


def test_nothing_is_cut_off_from_right_to_left(browser, site) -> None:
    window = Window(browser, site, person(site, "central"), viewport={"width": 390, "height": 900})
    for path in PAGES:
        window.go(path)
        window.page.evaluate("document.documentElement.dir = 'rtl'")
        for width in (390, 1280):
            window.page.set_viewport_size({"width": width, "height": 900})
            size = window.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            assert size[0] <= size[1], (path, width)
            cut = window.page.evaluate(
                "[...document.querySelectorAll('main :is(h1,h2,h3,p,a,label,svg)')].filter(e => {"
                " const r = e.getBoundingClientRect(), hidden = e.closest('.ds-sr-only, .table-wrap, [data-cards] thead');"
                " return r.width && !hidden && (r.left < -1 || r.right > innerWidth + 1); }).map(e => e.outerHTML.slice(0, 90))"
            )
            assert not cut, (path, width, cut[:3])
    window.context.close()


def reach(page, selector: str, *, most: int = 80) -> None:
    """Press Tab until the element has the focus, and see that the focus shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            shown = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; })()"
            )
            assert shown, f"the focus on {selector} does not show"
            return
    raise AssertionError(f"Tab does not reach {selector} on {page.url}")


def choose(page, selector: str, value: str) -> None:
    """Choose in a list with the arrow keys."""
    reach(page, selector)
    steps = page.evaluate(
        "([s, v]) => { const e = document.querySelector(s);"
        " return [...e.options].findIndex(o => o.value === v) - e.selectedIndex; }",
        [selector, value],
    )
    for _ in range(steps):
        page.keyboard.press("ArrowDown")
    assert page.input_value(selector) == value


def test_a_case_is_planned_and_its_request_begun_by_keyboard(browser, site) -> None:
    window = Window(browser, site, person(site, "issuing"))
    page = window.page
    window.go("/law/plan/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    choose(page, "#offence", "fraud")
    choose(page, "#element-1", "account")
    choose(page, "#state-1", "DE")
    reach(page, "main form button[type=submit]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("li.step").count() > 3
    reach(page, "li.step summary")
    page.keyboard.press("Enter")
    assert page.locator("li.step details[open]").count() == 1
    reach(page, "li.step a[href*='/requests/new/']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.input_value("#requested") == "DE"
    assert page.locator("[name=measures]:checked").count() == 1
    assert page.input_value("#offences") == "fraud"
    window.context.close()


def test_a_line_is_asked_and_the_answer_followed_to_its_article_by_keyboard(browser, site) -> None:
    window = Window(browser, site, person(site, "central"))
    page = window.page
    window.go("/law/")
    reach(page, "#q")
    page.keyboard.type("Ukraine Germany bank records fraud 2026-11-24")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "ETS No. 030" in page.inner_text("main")
    assert page.input_value("#to") == "DE"
    reach(page, ".rule a[href*='#a-']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector(location.hash) !== null")
    window.context.close()


def test_a_filter_changes_the_table_without_leaving_the_page(browser, site) -> None:
    window = Window(browser, site, person(site, "central"))
    page = window.page
    window.go("/law/matrix/?on=2026-11-24")
    rows = page.locator("#table tbody tr")
    assert rows.count() > 150
    page.fill("#words", "germany")
    page.locator("#words").blur()
    page.wait_for_selector("#table tbody tr:nth-child(2)", state="detached")
    assert rows.count() == 1
    assert "words=germany" in page.url
    page.select_option("#way", "in")
    page.wait_for_selector("#table tbody a[href*='from=DE']")
    assert not window.broken
    window.context.close()


def test_the_pages_answer_without_javascript(browser, site) -> None:
    window = Window(browser, site, person(site, "central"), java_script_enabled=False)
    page = window.page
    window.go("/law/plan/")
    page.select_option("#offence", "fraud")
    page.select_option("#element-1", "account")
    page.select_option("#state-1", "DE")
    page.click("button[name=more]")
    assert page.locator("[name=element]").count() > 3
    assert page.locator("li.step").count() > 3
    window.go("/law/bound/")
    page.select_option("#to", "DE")
    page.click("main form button[type=submit]")
    assert "1998-06-09" in page.inner_text("main")
    window.context.close()
