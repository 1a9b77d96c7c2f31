"""A DNA comparison in the windows of a real browser, on two real nodes: intake, offer, query, blind verification on both sides, core data, report, draft; axe, a narrow screen and the keyboard look at each page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from browser import stage
from browser.stage import Site
from browser.window import Window
from support.dna import OTHER, written

pytestmark = [
    pytest.mark.skipif(not stage.CHROMIUM, reason="Debian's chromium is not installed: the browser tests did NOT run"),
    pytest.mark.timeout(900),
]
PEAKS = {"TH01": {"kit": "NGM", "threshold": 50, "heights": [412, 190]}, "D8S1179": {"threshold": 50, "heights": [80]}}


def staff(state: str):
    return (*stage.people(state), *stage.laboratory(state))


@pytest.fixture(scope="module")
def sites(tmp_path_factory) -> Iterator[tuple[Site, Site]]:
    ours, theirs = stage.found(tmp_path_factory.mktemp("lab"), staff=staff)
    with stage.running(ours, theirs):
        yield ours, theirs


def window(browser, site: Site, username: str, **options) -> Window:
    return Window(browser, site, next(one for one in site.people if one.username == username), **options)


def send(one: Window) -> None:
    one.page.click("main form button[type=submit]:not([name=end])")
    one.page.wait_for_load_state()


def until(one: Window, path: str, selector: str) -> None:
    """Load a page until it has something, as an act of the other state arrives."""
    ends = time.monotonic() + 90
    while True:
        with suppress(AssertionError):
            one.go(path)
            if one.page.locator(selector).count():
                return
        assert time.monotonic() < ends, f"{path}: no {selector}\n{one.page.inner_text('main')}"
        time.sleep(1)


def by_keyboard(page, selector: str, most: int = 90) -> None:
    """Reach an element with the Tab key alone; it must show that it is reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            shown = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' }"
            )
            assert shown, f"{selector} does not show the focus"
            return
    raise AssertionError(f"Tab does not reach {selector}")


def judge(one: Window, outcome: str) -> None:
    """Take the first pair of the queue and judge it with the keyboard alone."""
    one.go("/lab/")
    page = one.page
    by_keyboard(page, "a[href*='/lab/pairs/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/pairs/**")
    one.see()
    assert "DNA-" not in page.title() + page.url + page.content()
    by_keyboard(page, "input[name=outcome]")
    for _ in range(("confirmed", "excluded", "inconclusive").index(outcome)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert page.locator(f"[value={outcome}]").is_checked()
    by_keyboard(page, "#method")
    page.keyboard.type("STR, two readings, NGM, ISO/IEC 17025")
    by_keyboard(page, "#limits")
    page.keyboard.type("Drop-out at low peaks is not excluded")
    by_keyboard(page, "main form.form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(one.site.url + "/lab/")


def test_a_trace_in_ukraine_meets_a_person_in_germany(browser, sites, tmp_path) -> None:
    ours, theirs = sites

    # Germany: profiles are taken in, after a file with a bad allele was refused with line and field
    lena = window(browser, theirs, "de-lab-1", viewport={"width": 1280, "height": 900})
    lena.go("/lab/intake/")
    lena.see()
    bad, good = tmp_path / "bad.jsonl", tmp_path / "good.jsonl"
    bad.write_text(json.dumps(written("DE-P-2041", "person", {**OTHER, "TH01": ["6", "axe"]})))
    held = [written("DE-P-2041", "person", kit="GlobalFiler"), written("DE-P-2042", "person", OTHER)]
    good.write_text("\n".join(map(json.dumps, held)))
    lena.page.set_input_files("#file", str(bad))
    send(lena)
    lena.see()
    assert "bad.jsonl, line 1, loci TH01" in lena.page.inner_text("[role=alert]")
    assert lena.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    lena.page.set_input_files("#file", str(good))
    send(lena)
    assert "2 profiles were taken in" in lena.page.inner_text("main")

    # ... and an offer is decided
    central = window(browser, theirs, "de-central", viewport={"width": 1280, "height": 900})
    central.go("/lab/offers/")
    central.see()
    central.page.select_option("#partner", "UA")
    for name, value in (("takes", "trace"), ("searches", "person"), ("purposes", "criminal-investigation")):
        central.page.check(f"[name={name}][value={value}]")
    send(central)
    central.see()

    # Ukraine: the head states an accreditation that ran out; an expert asks
    chief = window(browser, ours, "ua-chief", viewport={"width": 390, "height": 844}, color_scheme="dark")
    chief.go("/lab/laboratory/")
    chief.see()
    for name, value in (("name", "Вигадана лабораторія"), ("number", "20T-000"), ("body", "НААУ"), ("scope", "STR")):
        chief.page.fill(f"#{name}", value)
    chief.page.fill("#valid_until", "2020-01-01")
    chief.page.fill("#methods", "М-1, версія 3: STR, NGM")
    send(chief)
    chief.see()
    assert "СТРОК ДІЇ СПЛИВ" in chief.page.inner_text("main")
    olena = window(browser, ours, "ua-lab-1", viewport={"width": 1280, "height": 900})
    olena.go("/lab/ask/")
    olena.see()
    few = written("UA-T-77", "trace", {"TH01": ["6", "9.3"]})
    olena.page.fill("#written", json.dumps(few))
    olena.page.select_option("#for_authority", index=1)
    send(olena)
    olena.see()
    assert "Профіль UA-T-77 не можна надіслати" in olena.page.inner_text("[role=alert]")
    olena.page.fill("#written", json.dumps(written("UA-T-77", "trace", kit="NGM", details=PEAKS)))
    send(olena)
    olena.page.wait_for_url("**/lab/comparisons/**")
    comparison = olena.page.url.removeprefix(ours.url)
    olena.see()

    # both states' experts judge, blind, by keyboard
    petro = window(browser, ours, "ua-lab-2", viewport={"width": 390, "height": 844})
    until(petro, "/lab/", "a[href*='/lab/pairs/']")
    judge(petro, "confirmed")
    ivan = window(browser, ours, "ua-lab-3", viewport={"width": 1280, "height": 900}, color_scheme="dark")
    judge(ivan, "confirmed")
    until(lena, "/lab/", "a[href*='/lab/pairs/']")
    judge(lena, "confirmed")
    jan = window(browser, theirs, "de-lab-2", viewport={"width": 390, "height": 844}, color_scheme="dark")
    judge(jan, "confirmed")

    # the outcomes are told, core data asked for
    olena.go("/")
    olena.see()
    olena.page.click("a[href*='/lab/hits/']")
    olena.see()
    hit = olena.page.url.removeprefix(ours.url)
    olena.page.click("form[action$='/do/confirm/'] button")
    central.go("/")
    central.page.click("a[href*='/lab/hits/']")
    central.see()
    central.page.click("form[action$='/do/confirm/'] button")
    olena.go(hit)
    olena.page.click("details.act-form summary >> nth=0")
    olena.page.fill("#offence", "Крадіжка")
    olena.page.fill("#facts", "Розбито вікно у вигаданій справі.")
    olena.page.click("form[action$='/do/ask-core-data/'] button")
    until(central, "/", "a[href*='/lab/comparisons/']")
    central.see()
    central.page.click("a[href*='/lab/comparisons/']")
    central.page.click("details.act-form summary")
    central.see()
    central.page.fill("[name=birthplace]", "Vyhadane")
    central.page.click("form[action$='/do/core-data/'] button")
    central.see()
    assert "Core data without a name say nothing." in central.page.inner_text("[role=alert]")
    assert central.page.input_value("[name=birthplace]") == "Vyhadane"
    central.page.fill("[name=name]", "Max Erfunden")
    central.page.click("form[action$='/do/core-data/'] button")
    central.see()

    # the prosecutor follows the case from My work to a draft with the report enclosed
    prosecutor = window(browser, ours, "ua-issuing", viewport={"width": 390, "height": 844})
    until(prosecutor, "/", "a[href*='/lab/hits/']")
    prosecutor.see()
    prosecutor.page.click("a[href*='/lab/hits/']")
    prosecutor.see()
    text = prosecutor.page.inner_text("main")
    assert "Результат держави, що відповіла" in text
    assert "СТРОК ДІЇ СПЛИВ" in text
    report = prosecutor.context.request.get(ours.url + hit + "report.pdf?language=uk")
    assert report.body().startswith(b"%PDF-")
    olena.go(comparison)
    olena.see()
    prosecutor.page.click("details.act-form summary >> nth=-1")
    prosecutor.page.click("form[action$='/do/draft/'] button")
    prosecutor.page.wait_for_url("**/requests/**")
    assert "Подальші дії за підтвердженим збігом" in prosecutor.page.input_value("[name=object]")
    for one in (olena, central):
        one.go("/lab/losses/")
        one.see()
    for one in (lena, central, chief, olena, petro, ivan, jan, prosecutor):
        assert not one.broken, json.dumps(one.broken)


@pytest.mark.parametrize(
    ("username", "width", "scheme"),
    [("ua-lab-1", 390, "dark"), ("ua-lab-1", 1280, "light"), ("de-lab-3", 390, "light"), ("de-lab-3", 1280, "dark")],
)
def test_axe_finds_nothing_on_the_laboratory_s_pages(browser, sites, username, width, scheme) -> None:
    site = sites[0] if username.startswith("ua") else sites[1]
    one = window(browser, site, username, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in (
        "/lab/",
        "/lab/intake/",
        "/lab/search/",
        "/lab/ask/",
        "/lab/offers/",
        "/lab/laboratory/",
        "/lab/losses/",
    ):
        one.go(path)
        one.see()
    one.go("/lab/search/")
    one.page.fill("#written", json.dumps(written("Q-1", "trace", kit="NGM", details=PEAKS)))
    send(one)
    for summary in one.page.locator("details.more summary").all():
        summary.click()
    one.see()
    assert not one.broken
    one.context.close()
