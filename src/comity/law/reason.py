"""Why an instrument stands where it stands, what limited a rule, what took its place: a code with its fields, said from one table.

A field holds what the law base holds: the code of a state (`STATES`), a day (`DAYS`), a citation (`CITED`), a text of the law
base in English (`TEXTS`), several of them joined by ``"; "`` (`LISTED`). `Reason.say` puts them in as they are; whoever has the
words of a language (`comity.law.wording`) says a state by its name and a text in its translation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["CITED", "DAYS", "LISTED", "STATES", "TEXTS", "Reason"]

STATES = frozenset({"a", "b", "state", "other", "land"})
DAYS = frozenset({"a_since", "b_since", "day"})
CITED = frozenset({"article", "names"})
TEXTS = frozenset({"text", "scope", "by", "mother", "before", "over"})
LISTED = frozenset({"missing", "listed", "known", "names"})

_SENTENCES: Mapping[str, tuple[str, str]] = {
    # who is bound
    "bound": (
        "It has bound {a} since {a_since} and {b} since {b_since}.",
        "Держави ним зв'язані: {a} – з {a_since}, {b} – з {b_since}.",
    ),
    "bound_both": ("It has bound both states since {day}.", "Обидві держави зв'язані ним з {day}."),
    "provisional": ("It is applied provisionally between them.", "Між ними застосовується тимчасово."),
    "recalled": (
        "That it binds both is recalled, not looked up: check the depositary.",
        "Те, що обидві держави зв'язані, наведено з пам'яті й не звірено: перевірте в депозитарію.",
    ),
    "assumed": (
        "The day on which it came to bind {state} is not known; the day of its general entry into force stands in.",
        "Невідомо, з якого дня він зв'язує державу ({state}); натомість узято день набрання ним чинності загалом.",
    ),
    "unsure": (
        "Whether it binds {state} is unsure: check the depositary before relying on it.",
        "Непевно, чи зв'язує він державу ({state}): перевірте в депозитарію, перш ніж на нього покладатися.",
    ),
    "not_party": ("{state} is not a party to it.", "{state}: держава не є стороною."),
    "signed": ("{state} has only signed it.", "{state}: лише підписано."),
    "deposited": (
        "{state} has deposited its instrument, but it is not in force for it.",
        "{state}: грамоту здано на зберігання, але чинності для цієї держави він ще не набрав.",
    ),
    "not_yet": ("It binds {state} only from {day}.", "{state}: стає обов'язковим лише з {day}."),
    "no_longer": ("It bound {state} until {day}.", "{state}: був обов'язковим до {day} включно."),
    "no_day": (
        "{state} takes part, but the day from which it is bound is not known to the law base.",
        "{state}: бере участь, але день, з якого держава зв'язана, базі права невідомий.",
    ),
    "stays_out": ("{state} is not bound: {text}.", "{state}: держава не зв'язана ({text})."),
    "suspended": (
        "{state} has suspended it towards {other} since {day}.",
        "Його дію у відносинах між державами зупинено з {day} (зупинила держава: {state}; щодо держави: {other}).",
    ),
    "older": (
        "{state} does not apply it to acts committed before {day} ({article}).",
        "{state}: не застосовує його до діянь, вчинених до {day} ({article}).",
    ),
    "not_in_force": ("It is not in force.", "Не набрав чинності."),
    "one_side": (
        "It binds Member States of the European Union with its partner, not two of them with each other.",
        "Зв'язує держави-члени Європейського Союзу з їхнім партнером, а не між собою.",
    ),
    "territory": (
        "{land} is a territory of {state}, which it binds; whether it was extended to {land} is not known to the law base.",
        "{land}: територія держави ({state}), яку він зв'язує; чи поширено його на цю територію, базі права невідомо.",
    ),
    "territory_excluded": (
        "{state} has declared that it does not apply to {land}.",
        "Держава ({state}) заявила, що він не застосовується до її території ({land}).",
    ),
    "territory_reached": ("It reaches {land} ({article}).", "Поширюється на територію {land} ({article})."),
    "territory_shut": ("It does not reach {land} ({article}).", "Не поширюється на територію {land} ({article})."),
    "mother": (
        "It never stands alone: {mother} does not bind both states.",
        "Окремо не діє: «{mother}» не зв'язує обидві держави.",
    ),
    "states_excluded": (
        "{state} does not apply it towards {other} ({article}).",
        "{state}: не застосовує його щодо держави {other} ({article}).",
    ),
    "article_excluded": (
        "{state} has excluded {article}, which provides for the measure.",
        "{state}: виключено положення, що передбачає цей захід ({article}).",
    ),
    "transition": ("It goes on by way of transition: {en}", "Продовжує діяти за перехідним положенням: {uk}"),
    # what it provides for
    "not_provided": (
        "It binds both states but does not provide for the measure.",
        "Зв'язує обидві держави, але цього заходу не передбачає.",
    ),
    "left_out": (
        "It binds both states but leaves the measure out ({article}).",
        "Зв'язує обидві держави, але цей захід виключає ({article}).",
    ),
    "out_of_scope": (
        "The offence is outside its scope, which is: {scope} ({article}).",
        "Злочин поза його сферою дії: {scope} ({article}).",
    ),
    "open_scope": (
        "It would apply only if this holds: {scope} ({article}). Not stated: {missing}.",
        "Застосовувався б лише за такої умови: {scope} ({article}). Не зазначено: {missing}.",
    ),
    "assumed_scope": (
        "It names the offence; the request has to say that the rest of its scope is met: {missing} ({article}).",
        "Називає цей злочин; у запиті слід зазначити, що решту умов його сфери дії дотримано: {missing} ({article}).",
    ),
    "scheme": (
        "It is no treaty: it works only through the law of each state.",
        "Це не договір: діє лише через право кожної держави.",
    ),
    "provides": ("It provides for the measure in Art. {article}.", "Захід передбачено у ст. {article}."),
    "covers": (
        "It covers the measure as {form}; no article names it.",
        "Захід охоплено як форму співпраці: {form}; жодна стаття його не називає.",
    ),
    # how it stands to others
    "replaced": (
        "{by} takes its place between the two states ({article}): {text}.",
        "Між обома державами його заступає «{by}» ({article}): {text}.",
    ),
    "falls_with": (
        "It is read with {mother}, whose place {by} takes ({article}).",
        "Читається разом із документом «{mother}», місце якого займає «{by}» ({article}).",
    ),
    "residual": (
        "{by} binds the two states, so the procedure of this instrument stands back unless they agree ({article}): {text}.",
        "Між державами діє «{by}», тож власна процедура цього документа відступає, якщо не домовлено інше ({article}): {text}.",
    ),
    "contested": (
        "Whether it may be relied on beside {by} is contested ({article}): {text}.",
        "Спірно, чи можна покладатися на нього, коли діє «{by}» ({article}): {text}.",
    ),
    "prevails": ("It goes before {over} ({article}): {text}.", "Передує документу «{over}» ({article}): {text}."),
    "behind": ("It stands behind {before}: {en}", "Стоїть після документа «{before}»: {uk}"),
    "behind_by": (
        "It stands behind {before} ({article}): {text}.",
        "Стоїть після документа «{before}» ({article}): {text}.",
    ),
    "beside": (
        "Nothing orders it and {before}; the requesting authority chooses.",
        "Ніщо не впорядковує його та документ «{before}»; обирає орган, що запитує.",
    ),
    "joined": ("Read together with {names}.", "Читається разом із: {names}."),
    "no_rules": (
        "The law base holds none of its provisions: read its text before relying on it.",
        "База права не містить його положень: прочитайте текст, перш ніж на нього посилатися.",
    ),
    "first": ("Nothing known goes before it.", "Ніщо відоме йому не передує."),
    # on a single rule
    "by_article": ("{article}", "{article}"),
    "by_declaration": ("declaration of {state} to {article}", "{article}, заява: {state}"),
    "limited": ("limited by {article}: {text}", "обмежує {article}: {text}"),
    "mutual": (
        "{state} declared this for itself; it {text} ({article}), never of itself.",
        "Так заявила для себе запитуюча держава ({state}); це {text} ({article}), але не автоматично.",
    ),
    "not_listed": (
        "Dual criminality may be checked: the offence is not on the list.",
        "Подвійну криміналізацію можуть перевірити: злочину немає в переліку.",
    ),
    "listed": (
        "On the list ({listed}): not checked where the issuing authority certifies a maximum of {least} months or more.",
        "Злочин у переліку ({listed}): не перевіряють, якщо орган, що видає, засвідчить найвищу межу від {least} міс.",
    ),
    "listed_met": (
        "Not checked: on the list ({listed}), maximum {penalty} months, certified by the issuing authority.",
        "Не перевіряють: злочин у переліку ({listed}), максимальне покарання {penalty} міс., засвідчує орган, що видає.",
    ),
    "listed_below": (
        "Dual criminality may be checked: the maximum of {penalty} months is below {least}.",
        "Подвійну криміналізацію можуть перевірити: максимальне покарання {penalty} міс. менше за {least}.",
    ),
    "threshold_not_met": (
        "Not met ({known}, in months): {least} are needed.",
        "Не дотримано ({known}, у місяцях): потрібно щонайменше {least}.",
    ),
    "ground_met": (
        "On the facts stated, a ground of this provision is met.",
        "За наведеними фактами підставу цього положення дотримано.",
    ),
    "ground_not_met": ("Not met on the facts stated.", "За наведеними фактами цієї підстави немає."),
    "threshold_met": ("Met ({known}, in months).", "Дотримано ({known}, у місяцях)."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``provision`` is the article or file it rests on, where there is one."""

    code: str
    fields: Mapping[str, str] = field(default_factory=dict)
    provision: str = ""

    def say(self, language: str = "en", put: Callable[[str, str], str] | None = None) -> str:
        """Return the sentence in ``en`` or ``uk``; ``put`` says a field, given its name and value, in that language."""
        fields = self.fields if put is None else {name: put(name, value) for name, value in self.fields.items()}
        return _SENTENCES[self.code][language == "uk"].format_map(fields)

    def __str__(self) -> str:
        return self.say()
