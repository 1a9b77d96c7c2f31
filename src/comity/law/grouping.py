"""Instruments read together, as one basis: a convention with its protocols, an agreement with what it supplements.

Of the members the one made for the measure leads, otherwise the mother; a member that another goes before never leads.
"""

from __future__ import annotations

from collections.abc import Mapping

from comity.law.field import Field, Group, Standing, depth, moved, names_offence, read_with, scope_of, scope_reason
from comity.law.model import Status
from comity.law.reason import Reason

__all__ = ["groups"]


def groups(f: Field) -> list[Group]:
    """Return the candidates that are left as groups of what is read together."""
    live = f.live()
    root = {name: name for name in live}
    for name in live:
        for above in read_with(f, name):
            if above in root:
                _join(root, name, above)
    families: dict[str, list[str]] = {}
    for name in live:
        families.setdefault(_root(root, name), []).append(name)
    return [_group(f, members) for members in families.values()]


def _join(root: dict[str, str], name: str, above: str) -> None:
    one, other = _root(root, name), _root(root, above)
    if one != other:
        root[one] = other


def _root(root: Mapping[str, str], name: str) -> str:
    while root[name] != name:
        name = root[name]
    return name


def _group(f: Field, members: list[str]) -> Group:
    names = set(members)
    beaten = {second for first, second in f.before if first in names and second in names}
    beaten |= {name for name in members if beaten.intersection(f.index.mothers.get(name, ()))} - _winners(f, names)

    def key(name: str) -> tuple[bool, int, bool, int]:
        return (name in beaten, f.provides[name].fit, not f.provides[name].article, depth(f, name))

    ranked = sorted(members, key=key)
    lead = next((name for name in ranked if f.scope[name].holds), ranked[0])
    order = [lead, *_with(f, lead, members)]
    missing = f.scope[lead].missing if f.scope[lead].holds is None else ()
    standing, why, back = Standing.APPLICABLE, [*f.bound[lead].why, _provided(f, lead)], None
    for name in order:
        if name in f.contested:
            standing = Standing.CONTESTED
            why.append(moved(f, "contested", *f.contested[name]))
            break
    if lead in f.set_back:
        standing, back = Standing.RESIDUAL, f.set_back[lead][0]
        why.append(moved(f, "residual", *f.set_back[lead]))
    if f.index.base.instruments[lead].status is Status.SCHEME:
        standing = Standing.RESIDUAL
        why.append(Reason("scheme"))
    if missing:
        why.append(scope_reason(f, lead, "open_scope", missing))
    if lead in f.assumed:
        why.append(scope_reason(f, lead, "assumed_scope", f.assumed[lead]))
    return Group(tuple(order), standing, tuple(why), missing, back)


def _winners(f: Field, names: set[str]) -> set[str]:
    return {first for first, second in f.before if first in names and second in names}


def _with(f: Field, lead: str, members: list[str]) -> list[str]:
    """Return what is read with the lead: members in scope, and mothers that bind though they do not provide for the measure."""
    found = [name for name in sorted(members, key=lambda name: depth(f, name)) if name != lead and f.scope[name].holds]
    for name in (lead, *found):
        for above in read_with(f, name):
            bound = f.bound.get(above)
            if above not in found and above != lead and bound is not None and bound.holds and above not in f.out:
                found.append(above)
    for name in f.index.daughters(*(one for one in (lead, *found) if one in f.scope)):
        bound = f.bound.get(name)
        known = name in found or name == lead or name in f.out
        limited = not f.index.base.instruments[name].scope.any_offence
        reaches = scope_of(f, name).holds is True or (scope_of(f, name).holds is None and names_offence(f, name))
        if not known and limited and bound is not None and bound.holds and reaches:
            found.append(name)
    return found


def _provided(f: Field, name: str) -> Reason:
    article = f.provides[name].article
    instrument = f.index.base.instruments[name]
    if article and article[:1].isdigit():
        return Reason("provides", {"article": article}, f"{instrument.reference} Art. {article}")
    forms = [form for form in f.index.regime.measure_forms[f.measure] if form in instrument.forms]
    return Reason("covers", {"form": forms[0].replace("_", " ") if forms else "cooperation"}, instrument.reference)
