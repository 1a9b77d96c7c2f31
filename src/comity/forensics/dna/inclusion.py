"""Whether a profile may be stored or searched under a rule set, with the reason where it may not."""

from __future__ import annotations

from comity.forensics.dna.locus import locus, locus_set
from comity.forensics.dna.profile import Profile
from comity.forensics.dna.rules import RuleSet
from comity.forensics.errors import InclusionError, RuleError

__all__ = ["full_loci", "include", "reason"]

_MIXED = (
    "More alleles stand at a locus than one person has, and the rule is for single persons.",
    "Take the contributors apart, or search it by --rule mixture, which says who is included.",
)


def full_loci(profile: Profile, of: str) -> int:
    """Return how many loci of the set ``of`` are fully designated."""
    wanted = locus_set(of)
    return sum(name in wanted and profile.full(name) for name in profile.loci)


def reason(profile: Profile, rules: RuleSet) -> str | None:
    """Return why the profile may not be stored or searched under the rules, or None where it may."""
    asked = rules.minimum(profile.category, mixed=profile.mixed)
    if asked is None:
        return None
    if not asked.allowed:
        return f"it is a mixed profile, which {rules.title} does not allow (rule {asked.rule})"
    if profile.mixed:
        found = sum(locus(name).counted and bool(seen) for name, seen in profile.loci.items())
        kind = "typed loci"
    else:
        found, kind = full_loci(profile, asked.of), "fully designated loci"
    if found >= asked.minimum:
        return None
    of = {"any": "", "designated": ""}.get(asked.of, f" of the set {asked.of}")
    return (
        f"it has {found} {kind}{of}; {rules.title} asks at least {asked.minimum} of a profile of category "
        f"{profile.category} (rule {asked.rule})"
    )


def include(profile: Profile, rules: RuleSet) -> None:
    """Raise `InclusionError` where the profile may not be stored or searched under the rules."""
    if rules.empty:
        raise RuleError(
            f"{rules.title}: nothing can be searched under it.",
            cause="The slot is empty because the law it is for has not been entered.",
            remedy="Choose another rule set, for example prum.",
        )
    why = reason(profile, rules)
    if why is not None:
        asked = rules.minimum(profile.category, mixed=profile.mixed)
        cause, remedy = ("", "") if asked is None or asked.allowed else _MIXED
        raise InclusionError(
            f"Profile {profile.id} is not taken: {why}.", cause=cause, remedy=remedy, id=profile.id, rule=rules.id
        )
