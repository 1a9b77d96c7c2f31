"""The words of the laboratory's pages for codes of closed lists; sentences of findings are told by `comity.forensics.said`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["TONES", "WORDS"]

WORDS: Mapping[str, str | Promise] = {
    "person": pgettext_lazy("profile", "person"),
    "trace": pgettext_lazy("profile", "trace"),
    "victim-elimination": _("victim elimination"),
    "missing-person": _("missing person"),
    "unidentified-remains": _("unidentified remains"),
    "criminal-investigation": _("criminal investigation"),
    "identification-of-remains": _("identification of remains"),
    "full": pgettext_lazy("locus", "equal"),
    "wildcard": _("equal but for a wildcard"),
    "one-base": _("one allele is one base apart"),
    "one-allele": _("one allele differs"),
    "different": _("both alleles differ"),
    "not-compared": _("not compared"),
    "shown": _("shown, not judged"),
    "confirmed": pgettext_lazy("hit", "confirmed"),
    "excluded": pgettext_lazy("hit", "excluded"),
    "inconclusive": pgettext_lazy("hit", "inconclusive"),
    "opinions-0": _("waits for the first opinion"),
    "opinions-1": _("waits for the second opinion"),
    "opinions-2": _("the experts disagree; waits for a third opinion"),
    "judged": _("judged, outcome not told yet"),
    "asked": _("core data asked for"),
    "core-data": _("core data given"),
    "declined": _("core data declined"),
    "reported-false": _("reported as false"),
    "unfit": _("did not pass the check of its data"),
    "all": pgettext_lazy("opinions", "all agree"),
    "majority": pgettext_lazy("opinions", "two of three agree"),
    "none": pgettext_lazy("opinions", "no two agree"),
    "no-offer": _("no offer stands"),
    "quota": _("the quota of the day is used up"),
    "category": _("this category is not compared"),
    "purpose": _("not for this purpose"),
    "rules": _("not by this rule set"),
    "basis": _("it does not rest on what it says"),
    "inclusion": _("the profile does not reach what the rule set asks"),
    "too-many-hits": _("too many profiles match"),
    "unreadable": _("it cannot be read"),
    "not-confirmed": _("the hit is not confirmed"),
    "unknown-hit": _("there is no such hit"),
    "law": _("the law does not allow it"),
    "not-held": _("nothing is held"),
    "no-accreditation": _("no accreditation stated"),
    "accreditation-stands": _("valid until"),
    "accreditation-no-end": _("no last day of validity was stated"),
    "accreditation-expired": _("EXPIRED; valid until"),
    "judge": _("Pairs to be judged"),
    "give-core-data": _("Answer the request for core data"),
    "confirm": _("Tell both states the outcome"),
    "draft": _("Draft a request from this hit"),
    "looked-up": _("looked up"),
    "recalled": _("recalled, to be checked"),
    "agreed": _("agreed by the two states"),
}

TONES: Mapping[str, str] = {
    "confirmed": "success",
    "core-data": "success",
    "excluded": "danger",
    "accreditation-expired": "danger",
    "accreditation-stands": "success",
    "accreditation-no-end": "warning",
    "reported-false": "danger",
    "unfit": "danger",
    "inconclusive": "warning",
    "opinions-2": "warning",
    "declined": "warning",
    "full": "success",
    "wildcard": "warning",
    "one-base": "warning",
    "one-allele": "warning",
    "different": "danger",
}
