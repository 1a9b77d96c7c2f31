"""Two states' officers walk the journey in the windows of a real browser, on two real nodes; axe looks at each page."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from browser import stage
from browser.stage import Site
from browser.window import Window, person

pytestmark = [
    pytest.mark.skipif(not stage.CHROMIUM, reason="Debian's chromium is not installed: the browser tests did NOT run"),
    pytest.mark.timeout(900),
]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000"
    "000049454e44ae426082"
)


@pytest.fixture(scope="module")
def sites(tmp_path_factory) -> Iterator[tuple[Site, Site]]:
    ours, theirs = stage.found(tmp_path_factory.mktemp("nodes"))
    with stage.running(ours, theirs):
        yield ours, theirs


def fill(page) -> None:
    """Fill in the composer: what the missing list asks for, with words of a fictional case."""
    page.select_option("[name=executing_authority]", index=1)
    page.fill("[name=offences-0-classification]", "Fraud")
    page.fill("[name=offences-0-provision]", "Criminal Code of Ukraine, Article 190")
    page.fill("[name='facts.what']", "Between February and April 2026 an invented person took money by deception.")
    page.fill("[name='facts.when']", "February to April 2026")
    page.fill("[name='facts.where']", "Kyiv")
    page.fill("[name=object]", "Records of one bank account in a fictional case")
    page.fill("[name=reason]", "The money of the injured party went to this account.")
    page.fill("[name=assistance]", "Obtain the records and return them.")
    page.select_option("[name=persons-0-role]", "suspect")
    page.fill("[name=persons-0-name]", "Іван Вигаданий")
    page.fill("[name=persons-0-latin]", "Ivan Vyhadanyi")
    page.fill("[name=accounts-0-iban]", "DE89370400440532013000")


def test_the_journey_in_two_windows(browser, sites, tmp_path) -> None:
    ours, theirs = sites
    issuing = Window(browser, ours, person(ours, "issuing"))

    # draft: the question, then the form the legal basis asks for
    issuing.see()
    issuing.go("/requests/new/")
    issuing.page.select_option("#requested", "DE")
    issuing.page.locator("details", has=issuing.page.locator("[value=bank_records]")).locator("summary").click()
    issuing.page.check("[value=bank_records]")
    issuing.page.select_option("#offences", "fraud")
    issuing.see()
    issuing.page.click("main form button[type=submit]")
    assert "ETS No. 030" in issuing.page.inner_text("main")
    assert issuing.page.locator("#standing li").count() > 0
    issuing.see()
    fill(issuing.page)
    issuing.page.locator("[name=reason]").blur()
    issuing.page.wait_for_selector("#standing .ds-tag[data-color=success]")  # htmx: checked while it is filled in
    issuing.page.click("button[name=submit]")
    draft = issuing.page.url.removeprefix(ours.url)
    assert issuing.page.locator(".message[data-color=danger]").count() == 0, issuing.page.inner_text("main")

    # approve: a second person
    approving = Window(browser, ours, person(ours, "approving"))
    approving.see()
    approving.go(draft)
    assert "Vyhadanyi" in approving.page.inner_text("main")
    approving.see()
    approving.page.click("form[action$='/do/approve/'] button")
    assert approving.page.locator(".message[data-color=success]").count() == 1, approving.page.inner_text("main")

    # send: the central authority
    central = Window(browser, ours, person(ours, "central"))
    central.go(draft)
    central.page.click("form[action$='/do/send/'] button")
    central.page.wait_for_url("**/cases/**")
    case = central.page.url.removeprefix(ours.url)
    central.see()

    # receive, consider, accept, assign: the other state
    abroad = Window(browser, theirs, person(theirs, "central"))
    until = time.monotonic() + 90
    while abroad.page.goto(theirs.url + case).status != 200:
        assert time.monotonic() < until, "the request did not arrive"
        time.sleep(1)
    abroad.see()
    abroad.act("acknowledge", note="DE-2026-1")
    abroad.act("consider")
    assert "law bases say the same" in abroad.page.inner_text("main")
    abroad.see()
    abroad.act("accept")
    abroad.act("assign", authority=stage.authority("DE", 1))
    abroad.go("/inbox/")
    abroad.see()

    # collect and offer: the executing authority
    executing = Window(browser, theirs, person(theirs, "executing"))
    executing.see()
    executing.go(case + "evidence/")
    image = tmp_path / "account.png"
    image.write_bytes(PIXEL)
    executing.page.fill("#x-title", "Picture of the account statement")
    executing.page.set_input_files("#x-files", str(image))
    executing.page.click("form[action$='/evidence/add/'] button")
    assert "E-001" in executing.page.inner_text("main")
    executing.see()
    executing.act(
        "collect",
        number="E-001",
        place="Berlin",
        source="The bank of the fictional case",
        method="Handed over on request",
    )
    executing.go(case)
    executing.act("offer", conditions="Only in the proceedings named in the request")
    executing.see()

    # undertake, return, verify
    central.go(case)
    central.act("undertake", waiting=90)
    central.see()
    executing.go(case)
    executing.act("give-back", waiting=90)
    central.go(case)
    central.act("receive", waiting=120)
    central.see()
    central.page.locator("a[href*='/packages/']").first.click()
    assert central.page.locator(".verdict[data-tone=success]").count() == 1, central.page.inner_text("main")
    central.see()
    central.go(case)
    central.act("close")
    for window in (issuing, approving, central, abroad, executing):
        assert not window.broken, json.dumps(window.broken)


PAGES = {
    "issuing": ("/", "/requests/", "/law/?from=UA&to=DE&measure=bank_records&offence=fraud&on=2026-11-24", "/profile/"),
    "central": ("/deliveries/", "/partners/", "/verify/", "/evidence/", "/cases/", "/law/instruments/"),
    "auditor": (
        "/audit/",
        "/law/matrix/",
        "/law/coverage/",
        "/law/instruments/coe-030/",
        "/law/instruments/coe-030/bound/",
    ),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing_on_the_other_pages(browser, sites, role, scheme) -> None:
    window = Window(browser, sites[0], person(sites[0], role), color_scheme=scheme)
    for path in PAGES[role]:
        window.go(path)
        window.see()
    assert not window.broken
    window.context.close()


def test_the_keyboard_reaches_the_content_first(browser, sites) -> None:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.goto(sites[0].url + "/accounts/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 40
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    context.close()


def test_a_request_is_begun_and_saved_without_javascript(browser, sites) -> None:
    window = Window(browser, sites[0], person(sites[0], "issuing"), java_script_enabled=False)
    window.go("/requests/new/")
    page = window.page
    page.select_option("#requested", "FR")
    page.locator("details", has=page.locator("[value=bank_records]")).locator("summary").click()
    page.check("[value=bank_records]")
    page.click("main form button[type=submit]")
    page.fill("[name=object]", "A request written without JavaScript")
    page.click("button[name=more][value=persons]")
    assert page.locator("[name=persons-0-name]").count() == 1
    page.fill("[name=persons-0-name]", "Sam Fictitious")
    page.select_option("[name=persons-0-role]", "witness")
    page.click("button[name=save]")
    assert page.input_value("[name=object]") == "A request written without JavaScript"
    assert page.input_value("[name=persons-0-name]") == "Sam Fictitious"
    window.context.close()
