"""Why an instrument stands where it stands: a code with its fields, said in English or Ukrainian from one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Reason"]

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "bound": (
        "It binds {a} since {a_since} and {b} since {b_since}.",
        "Зв'язує {a} з {a_since} та {b} з {b_since}.",
    ),
    "provisional": ("It is applied provisionally between them.", "Застосовується між ними тимчасово."),
    "recalled": (
        "That it binds both is recalled, not looked up: check the depositary.",
        "Те, що обидві держави зв'язані, наведено з пам'яті й не звірено: перевірте в депозитарію.",
    ),
    "assumed": (
        "The day on which it came to bind {state} is not known; the day of its general entry into force stands in.",
        "День, з якого він зв'язує {state}, невідомий; узято день набрання ним чинності загалом.",
    ),
    "unsure": (
        "Whether it binds {state} is unsure: check the depositary before relying on it.",
        "Чи зв'язує він {state}, непевно: перевірте в депозитарію, перш ніж покладатися.",
    ),
    "not_party": ("{state} is not a party to it.", "{state} не є його стороною."),
    "signed": ("{state} has signed it only.", "{state} його лише підписала."),
    "deposited": (
        "{state} has deposited its instrument, but it is not in force for it.",
        "{state} здала на зберігання грамоту, але він для неї не набрав чинності.",
    ),
    "not_yet": ("It binds {state} only from {day}.", "Зв'язує {state} лише з {day}."),
    "no_longer": ("It bound {state} until {day}.", "Зв'язував {state} до {day}."),
    "no_day": (
        "{state} takes part, but the day from which it is bound is not known to the law base.",
        "{state} бере участь, але день, з якого вона зв'язана, базі права невідомий.",
    ),
    "stays_out": ("{state} is not bound: {text}.", "{state} не зв'язана: {text}."),
    "suspended": (
        "{state} has suspended it towards {other} since {day}.",
        "{state} зупинила його дію щодо {other} з {day}.",
    ),
    "older": (
        "{state} does not apply it to acts committed before {day} ({article}).",
        "{state} не застосовує його до діянь, вчинених до {day} ({article}).",
    ),
    "not_in_force": ("It is not in force.", "Він не чинний."),
    "one_side": (
        "It binds Member States with its partner, not two of them with each other.",
        "Зв'язує держави-члени з їхнім партнером, а не між собою.",
    ),
    "territory": (
        "{land} is a territory of {state}, which it binds; whether it was extended to {land} is not known to the law base.",
        "{land} – територія {state}, яку він зв'язує; чи поширено його на {land}, базі права невідомо.",
    ),
    "territory_excluded": (
        "{state} has declared that it does not apply to {land}.",
        "{state} заявила, що він не застосовується до {land}.",
    ),
    "mother": ("{mother} does not bind both states.", "{mother} не зв'язує обидві держави."),
    "states_excluded": (
        "{state} does not apply it towards {other} ({article}).",
        "{state} не застосовує його щодо {other} ({article}).",
    ),
    "article_excluded": (
        "{state} has excluded {article}, which provides for the measure.",
        "{state} виключила {article}, яка передбачає цей захід.",
    ),
    "transition": ("It goes on by way of transition: {en}", "Продовжує діяти як перехідний: {uk}"),
    "not_provided": (
        "It binds both states but does not provide for the measure.",
        "Зв'язує обидві держави, але цього заходу не передбачає.",
    ),
    "left_out": (
        "It binds both states but leaves the measure out ({article}).",
        "Зв'язує обидві держави, але цей захід виключає ({article}).",
    ),
    "out_of_scope": (
        "The offence is outside its scope: it reaches {scope} ({article}).",
        "Злочин поза його сферою: {scope} ({article}).",
    ),
    "open_scope": (
        "It would apply only if this holds: {scope} ({article}). Not stated: {missing}.",
        "Застосовувався б лише за умови: {scope} ({article}). Не зазначено: {missing}.",
    ),
    "assumed_scope": (
        "It names the offence; the request has to say that the rest of its scope is met: {missing} ({article}).",
        "Називає цей злочин; у запиті слід зазначити, що решту умов його сфери дотримано: {missing} ({article}).",
    ),
    "scheme": (
        "It is no treaty: it works only through the law of each state.",
        "Це не договір: діє лише через право кожної держави.",
    ),
    "provides": ("It provides for the measure in Art. {article}.", "Передбачає захід у ст. {article}."),
    "covers": (
        "It covers the measure as {form}; no article names it.",
        "Охоплює захід як {form}; жодна стаття його не називає.",
    ),
    "replaced": (
        "{by} takes its place between the two states ({article}): {text}.",
        "{by} заступає його між обома державами ({article}): {text}.",
    ),
    "falls_with": (
        "It is read with {mother}, whose place {by} takes ({article}).",
        "Читається разом із {mother}, місце якого займає {by} ({article}).",
    ),
    "residual": (
        "{by} binds the two states, so its own procedure stands back unless they agree ({article}): {text}.",
        "Між державами діє {by}, тож його власна процедура відступає, якщо вони не домовляться ({article}): {text}.",
    ),
    "contested": (
        "Whether it may be relied on beside {by} is contested ({article}): {text}.",
        "Чи можна покладатися на нього поряд із {by}, спірно ({article}): {text}.",
    ),
    "prevails": ("It goes before {over} ({article}): {text}.", "Передує {over} ({article}): {text}."),
    "behind": ("It stands behind {before}: {en}", "Стоїть за {before}: {uk}"),
    "beside": (
        "Nothing orders it and {other}; the requesting authority chooses.",
        "Ніщо не впорядковує його та {other}; обирає орган, що запитує.",
    ),
    "joined": ("Read together with {names}.", "Читається разом із {names}."),
    "first": ("Nothing known goes before it.", "Ніщо відоме йому не передує."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``provision`` is the article or file it rests on, where there is one."""

    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    provision: str = ""

    def say(self, language: str = "en") -> str:
        """Return the sentence in ``en`` or ``uk``."""
        return _SENTENCES[self.code][language == "uk"].format_map(self.fields)

    def __str__(self) -> str:
        return self.say()
