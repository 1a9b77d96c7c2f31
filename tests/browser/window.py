"""A person's window in a real browser: signing in, acting, and having axe and a narrow screen look at each page."""

from __future__ import annotations

import struct
import time
from base64 import b32decode
from collections.abc import Iterator
from contextlib import contextmanager
from hmac import digest
from pathlib import Path

from browser import stage
from browser.stage import Person, Site

AXE = Path(__file__).parents[1] / "vectors" / "axe" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
USED: dict[tuple[str, str], float] = {}


def code(secret: str, at: float) -> str:
    """Return the code an authenticator app shows (RFC 6238)."""
    mac = digest(b32decode(secret), struct.pack(">Q", int(at // 30)), "sha1")
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Window:
    """One person's browser window."""

    def __init__(self, browser, site: Site, person: Person, **options) -> None:
        self.context = browser.new_context(ignore_https_errors=True, locale="en-GB", **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.site, self.person = site, person
        self.broken: list[str] = []
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))
        self.page.on("console", lambda m: self.broken.append(m.text) if "Content Security Policy" in m.text else None)
        self.sign_in()

    def sign_in(self) -> None:
        page = self.page
        page.goto(self.site.url + "/")
        page.fill("[name=login]", self.person.username)
        page.fill("[name=password]", stage.PASSWORD)
        page.click("main form button[type=submit]")
        page.fill("[name=code]", self.fresh_code())
        page.click("main form.form button[type=submit]")
        page.wait_for_url(self.site.url + "/")

    def fresh_code(self) -> str:
        """Return a code this person has not used yet: a node takes each once in its 30 seconds."""
        key = (self.site.url, self.person.username)
        while USED.get(key) == time.time() // 30:
            time.sleep(0.5)
        USED[key] = time.time() // 30
        return code(self.person.secret, time.time())

    def go(self, path: str) -> None:
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def see(self) -> None:
        """Have axe look at the page, and at its width in 320 CSS pixels (WCAG 2.2, 1.4.10 Reflow)."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("(tags) => axe.run(document, {runOnly: tags})", TAGS)
        serious = [
            f"{one['id']} ({one['impact']}): " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
            for one in found["violations"]
            if one["impact"] in ("serious", "critical", "moderate")
        ]
        assert not serious, f"{self.page.url}\n" + "\n".join(serious)
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": 320, "height": 640})
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 320, f"{self.page.url} does not reflow"
        self.page.set_viewport_size(size)

    def act(self, station: str, *, waiting: float = 60, **fields: str) -> None:
        """Do the act of a station on the page of the case, once its form is there."""
        form = self.page.locator(f"form[action$='/do/{station}/']")
        until = time.monotonic() + waiting
        while form.count() == 0:
            assert time.monotonic() < until, f"no form for {station} on {self.page.url}: {self.page.inner_text('main')}"
            time.sleep(1)
            self.page.reload()
        form = form.first
        if form.locator("xpath=..").get_attribute("open") is None:
            form.locator("xpath=..").locator("summary").first.click()
        for name, value in fields.items():
            field = form.locator(f"[name={name}]").first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button[type=submit]").click()
        self.page.wait_for_load_state()
        alarm = self.page.locator(".message[data-color=danger]")
        assert alarm.count() == 0, f"{station}: {alarm.inner_text()}"


@contextmanager
def chromium() -> Iterator[object]:
    """Run Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=stage.CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def person(site: Site, role: str) -> Person:
    """Return the first person of a node with a role."""
    return next(one for one in site.people if role in one.roles)
