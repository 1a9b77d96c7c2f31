"""The pages of the law: a plan with its drafts, two answers side by side, states by forms, who is bound when, one line."""

from __future__ import annotations

import html
import re
import time

import pytest
from test_node_pages_roles import signed_in
from test_node_pages_ukrainian import shown

from comity.node.lawbook import table

PLAN = "/law/plan/?offence=fraud&element=account&state=DE&element=suspect&state=PL&element=dna&state=FR&on=2026-11-24"


@pytest.fixture
def page(ua):
    """Read a page as Ukraine's drafter."""
    clients = {language: signed_in(ua.drafter.username, language=language) for language in ("en",)}

    def read(path, *, language="en", **headers):
        if language not in clients or language == "uk":
            clients[language] = signed_in(ua.drafter.username, language=language)
        answer = clients[language].get(path, secure=True, **headers)
        assert answer.status_code == 200, path
        return answer.content.decode()

    return read


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_plan_names_measures_in_order_with_basis_answer_and_draft(page):
    found = page(PLAN)
    said = text(found)
    assert said.index("Secure money and property") < said.index("Gather evidence") < said.index("The person")
    assert "European Convention on Mutual Assistance in Criminal Matters" in said
    assert "France: no step of this method concerns this" in said
    numbers = [int(n) for n in re.findall(r'<li class="step" value="(\d+)">', found)]
    assert numbers == list(range(1, len(numbers) + 1))
    links = [html.unescape(link) for link in re.findall(r'href="(/requests/new/[^"]+)"', found)]
    assert "/requests/new/?requested=DE&measures=bank_records&offences=fraud" in links
    assert len(re.findall(r'href="/law/\?from=UA', found)) == len(numbers)


def test_the_draft_of_a_step_is_begun_with_its_state_and_measure(page):
    found = page("/requests/new/?requested=DE&measures=bank_records&offences=fraud")
    assert re.search(r'<option value="DE" selected>', found)
    assert re.search(r'value="bank_records" checked', found)
    assert re.search(r'<option value="fraud" selected>', found)


def test_who_may_not_draft_is_offered_no_draft(ua):
    found = signed_in(ua.central.username).get(PLAN, secure=True).content.decode()
    assert "/requests/new/" not in found
    assert "/law/?from=UA" in found


def test_what_goes_through_the_police_begins_no_letter(page):
    found = page("/law/plan/?offence=fraud&element=suspect&state=PL&on=2026-11-24")
    step = next(part for part in found.split('<li class="step"') if "Police information request" in part)
    assert "/requests/new/" not in step
    assert "through its own channel" in step


def test_an_element_without_its_state_is_asked_for(page):
    for path in ("/law/plan/?offence=fraud&element=account", "/law/plan/?offence=fraud&element=&state=DE"):
        assert "Choose both, or neither." in page(path)


def test_a_plan_of_another_state_offers_no_draft_here(page):
    assert "/requests/new/" not in page(PLAN.replace("?", "?home=ES&"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/law/plan/?offence=frawd&element=account&state=DE", "Did you mean"),
        ("/law/plan/?offence=fraud&element=account&state=UA", "Leave it out of the plan."),
        ("/law/plan/?offence=fraud&element=account&state=EU", "not a state"),
        ("/law/plan/?offence=fraud&element=account&state=DE&on=2026-02-30", "is not a date"),
        ("/law/?to=DE&measure=bank_records&on=2026-02-30", "is not a date"),
        ("/law/?to=UA&measure=bank_records", "asks itself"),
        ("/law/matrix/?from=XX", "is not the code of a state"),
        ("/law/matrix/?on=1849-01-01", "does not reach"),
        ("/law/bound/?from=UA&to=EU", "not a state"),
        ("/law/bound/?from=UA&to=UA", "are one state"),
        ("/law/instruments/coe-030/bound/?on=never", "is not a date"),
        ("/law/instruments/?state=XX", "is not the code of a state"),
        ("/law/compare/?from=UA&to=DE&measure=bank_record&other=PL", "Did you mean bank_records"),
    ],
)
def test_bad_input_is_said_on_the_page_with_a_way_on(page, path, said):
    found = text(page(path))
    assert said in found
    assert "What to do:" in found


def test_two_days_stand_side_by_side(page):
    found = text(page("/law/compare/?from=FR&to=GB&measure=bank_records&on=2020-12-31&then=2021-01-01"))
    assert "United Kingdom, 2020-12-31" in found
    assert "United Kingdom, 2021-01-01" in found
    assert "Directive 2014/41/EU" in found
    assert "Trade and Cooperation Agreement" in found
    assert "Every line in which the answers differ" in found


def test_two_partners_stand_side_by_side_and_the_same_is_said_to_be_so(page):
    found = text(page("/law/compare/?from=UA&to=DE&other=PL&measure=bank_records&offence=fraud&on=2026-11-24"))
    assert "Germany, 2026-11-24" in found
    assert "Poland, 2026-11-24" in found
    same = text(page("/law/compare/?from=UA&to=DE&measure=bank_records&on=2026-11-24&then=2026-11-24"))
    assert "The two answers say the same." in same


def test_the_table_of_states_is_filtered_and_leads_to_answers(page):
    found = page("/law/matrix/?form=extradition&measure=bank_records&on=2026-11-24&words=germany")
    assert "1 of 197 states." in text(found) or "1 of 196 states." in text(found)
    assert "/law/?from=UA&amp;to=DE&amp;measure=extradition&amp;on=2026-11-24" in found
    assert "/law/?from=UA&amp;to=DE&amp;measure=bank_records&amp;on=2026-11-24" in found
    turned = page("/law/matrix/?form=extradition&on=2026-11-24&words=germany&way=in")
    assert "/law/?from=DE&amp;to=UA&amp;measure=extradition&amp;on=2026-11-24" in turned


def test_a_table_that_was_laid_is_not_laid_again(page, monkeypatch):
    page("/law/matrix/?form=jit&on=2019-01-01")

    def fail(*_, **__):
        raise AssertionError("laid again")

    monkeypatch.setattr(table, "across", fail)
    begun = time.perf_counter()
    page("/law/matrix/?form=jit&on=2019-01-01&only=treaty&words=ger")
    assert time.perf_counter() - begun < 5


def test_two_states_have_a_line_of_time(page):
    found = page("/law/bound/?from=FR&to=GB&on=2026-11-24&words=investigation+order")
    assert "Shown: 1 of" in text(found)
    assert '<time datetime="2020-12-31">' in found
    assert "not bound" in found
    only = text(page("/law/bound/?from=FR&to=GB&on=2026-11-24&words=investigation+order&now=1"))
    assert "Nothing fits." in only


def test_one_line_asks_the_law_and_says_what_it_did_not_understand(page):
    found = page("/law/?q=Germany+bank+records+fraud+2026-11-24+Zorgon")
    assert "Not understood: Zorgon." in text(found)
    assert "Ukraine asks Germany" in text(found)
    assert "ETS No. 030" in found


def test_htmx_is_given_the_part_it_asked_for(page):
    for path in (PLAN, "/law/matrix/?form=jit", "/law/bound/?from=UA&to=DE", "/law/coverage/", "/law/instruments/"):
        assert "<html" not in page(path, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    "path",
    [
        PLAN,
        "/law/plan/",
        "/law/matrix/?form=extradition&words=о",
        "/law/compare/",
        "/law/?from=UA&to=DE&measure=bank_records&offence=fraud&on=2026-11-24",
        "/law/bound/?from=UA&to=DE",
        "/law/coverage/",
    ],
)
def test_no_english_is_left_on_the_pages_of_the_law(page, path):
    found = re.sub(r'<p class="small quiet">.*?</p>|<span class="ref.*?</span>', " ", shown(page(path, language="uk")))
    found = re.sub(r"«[^»]*»", " ", found)  # what has no Ukrainian wording yet stands in quotation marks
    words = [word for word in re.findall(r"[A-Za-z]{5,}", found) if not re.match(r"^(https?|[A-Z]+)$", word)]
    assert len(words) < 12, words


def test_sources_lead_to_the_text(page):
    found = page("/law/instruments/coe-030/")
    assert "treatynum=030" in found
    assert 'href="#a-1-1"' in found
    assert "eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32014L0041" in page("/law/instruments/eu-eio/")
    assert "mtdsg_no=XVIII-14" in page("/law/instruments/un-uncac/")
    answer = page("/law/?from=UA&to=DE&measure=bank_records&offence=fraud&on=2026-11-24")
    assert re.search(r'href="/law/instruments/coe-030/#a-14-1"', answer)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/law/?to=UA&measure=bank_records", "UA запитує саму себе."),
        ("/law/matrix/?from=XX", "«XX» – не код держави."),
        ("/law/?to=DE&measure=bank_record", "Можливо, bank_records"),
        ("/law/plan/?offence=fraud&element=account&state=UA", "державі, що розслідує"),
        ("/law/bound/?from=UA&to=DE&on=2026-02-30", "«2026-02-30» – не дата."),
    ],
)
def test_what_is_refused_is_said_in_ukrainian(page, path, said):
    assert said in text(page(path, language="uk"))


def test_states_stand_in_the_order_of_their_alphabet(page):
    found = re.findall(r'<th scope="row">([^<]+)</th>', page("/law/matrix/?form=jit&on=2026-11-24", language="uk"))
    names = [name for name in found if name[0] in "АЄІЯ"]
    assert names.index("Австрія") < names.index("Єгипет") < names.index("Ізраїль") < names.index("Ямайка")
