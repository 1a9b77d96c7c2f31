"""Closed words of the program that are in no list of the law base, in English and Ukrainian: values it makes itself, kinds of the model."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["KINDS", "RELATIONS", "TERMS"]

KINDS: Mapping[str, tuple[str, str]] = {
    "authority": ("authorities", "органи"),
    "exclusion": ("exclusions", "виключення"),
    "alternative": ("another way", "інший шлях"),
    "withdrawal": ("withdrawal", "вихід"),
}
"""Headings of kinds of rules that no list has."""

_VALUES: Mapping[str, tuple[str, str]] = {
    "may": ("possible, not automatic", "можливо, не автоматично"),
    "not_extradited": ("own nationals are not extradited", "власних громадян не видають"),
    "extradited": ("own nationals may be extradited", "власних громадян можуть видати"),
    "search_and_seizure_a": ("search and seizure: dual criminality", "обшук і вилучення: подвійна криміналізація"),
    "search_and_seizure_b": (
        "search and seizure: extraditable offence",
        "обшук і вилучення: злочин, що тягне видачу",
    ),
    "search_and_seizure_c": (
        "search and seizure: consistent with own law",
        "обшук і вилучення: сумісність із власним правом",
    ),
    "reciprocity": ("reciprocity", "взаємність"),
    "assurance_offered": ("an assurance is offered", "запевнення у взаємності"),
    "voluntary_disclosure": ("voluntary disclosure", "добровільне розкриття"),
    "diplomatic": ("diplomatic channel", "дипломатичний канал"),
    "requested_state_language": ("a language of the requested state", "мова запитуваної держави"),
    "law_of_requested_state": ("law of the requested state", "право запитуваної держави"),
    "law_of_requesting_state": ("law of the requesting state", "право запитуючої держави"),
    "discretion": ("discretion", "розсуд"),
    "lex_loci": ("law of the requested state", "право запитуваної держави"),
    "as_undertaken": ("as undertaken in the request", "як обіцяно в запиті"),
    "none": ("none", "немає"),
    "by_agreement": ("by agreement", "за домовленістю"),
    "days_before_hearing": ("days before the hearing", "днів до засідання"),
}

_STANDING: Mapping[str, tuple[str, str]] = {
    "applicable": ("applies", "застосовується"),
    "contested": ("contested", "спірно"),
    "residual": ("stands beside, for its other duties", "діє поряд, щодо інших обов'язків"),
    "looked-up": ("looked up", "звірено за джерелом"),
    "recalled": ("recalled, to be checked", "з пам'яті, слід звірити"),
    "certain": ("certain", "певно"),
    "assumed-date": ("its own day is not known", "власний день невідомий"),
    "unsure": ("unsure", "непевно"),
}

_STATUS: Mapping[str, tuple[str, str]] = {
    "in_force": ("in force", "чинний"),
    "in_force_not_yet_applicable": ("in force, not yet applicable", "чинний, ще не застосовується"),
    "not_in_force": ("not in force", "не чинний"),
    "open_for_signature": ("open for signature", "відкрито для підписання"),
    "provisional_application_between_declarants": (
        "applied provisionally between states that declared so",
        "тимчасово застосовується між державами, які так заявили",
    ),
    "unclear": ("unclear", "нез'ясовано"),
    "repealed": ("repealed", "скасовано"),
    "political_arrangement": ("political arrangement", "політична домовленість"),
}

_TYPES: Mapping[str, tuple[str, str]] = {
    "multilateral_convention": ("convention between many states", "багатостороння конвенція"),
    "protocol": ("protocol", "протокол"),
    "bilateral_treaty": ("treaty between two states", "двосторонній договір"),
    "non_binding_scheme": ("scheme that does not bind", "необов'язкова схема"),
    "eu_convention": ("convention of the European Union", "конвенція Європейського Союзу"),
    "eu_directive": ("directive of the European Union", "директива Європейського Союзу"),
    "eu_regulation": ("regulation of the European Union", "регламент Європейського Союзу"),
    "eu_decision": ("decision of the European Union", "рішення Європейського Союзу"),
    "eu_framework_decision": ("framework decision of the European Union", "рамкове рішення Європейського Союзу"),
    "eu_external_agreement": ("agreement of the European Union with others", "угода Європейського Союзу з іншими"),
}

_EVENTS: Mapping[str, tuple[str, str]] = {
    "signed": ("signed", "підписано"),
    "deposited": ("instrument deposited", "грамоту здано на зберігання"),
    "bound_from": ("bound from", "зв'язана з"),
    "bound_to": ("bound until", "зв'язана до"),
    "suspended": ("suspended", "дію зупинено"),
    "resumed": ("resumed", "дію поновлено"),
    "provisional_from": ("applied provisionally from", "тимчасово застосовується з"),
    "provisional_to": ("applied provisionally until", "тимчасово застосовувався до"),
    "withdrawal_notified": ("withdrawal notified", "про вихід повідомлено"),
}

RELATIONS: Mapping[str, tuple[str, str]] = {
    "replaces": ("takes the place of", "заступає"),
    "supplements": ("supplements", "доповнює"),
    "complements": ("complements", "діє на доповнення до"),
    "yields_to": ("yields to", "поступається"),
    "fills_gap": ("fills the gap left by", "діє, де немає"),
    "disconnects": ("is set aside between Member States by", "між державами-членами відступає перед"),
    "without_prejudice": ("is without prejudice to", "не зачіпає"),
    "amends": ("amends", "змінює"),
    "amended_by": ("is amended by", "змінено через"),
    "modifies": ("modifies", "видозмінює"),
    "allows": ("allows", "допускає"),
    "extends": ("extends", "поширює"),
    "implements": ("implements", "виконує"),
    "prevails_over": ("goes before", "передує"),
    "contests": ("is contested beside", "спірно поряд із"),
    "anticipates": ("anticipates", "випереджає"),
    "supports": ("supports", "підтримує"),
    "internal_regime": ("has a regime of its own beside", "має власний режим поряд із"),
    "legal_basis": ("may be the legal basis for", "може бути правовою підставою для"),
    "standalone": ("stands by itself", "діє самостійно"),
}

"""How one instrument stands to another, as said between the two."""

TERMS: Mapping[str, tuple[str, str]] = {
    **_EVENTS,
    **_TYPES,
    **_STATUS,
    **_STANDING,
    **_VALUES,
    "any_offence": ("any offence", "будь-який злочин"),
}
"""Everything else, by word."""
