"""The closed list of roles a person can hold, and the person as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Officer", "Role"]


class Role(StrEnum):
    """What someone is here for (design section 1)."""

    ISSUING = "issuing"
    APPROVING = "approving"
    CENTRAL = "central"
    EXECUTING = "executing"
    EXPERT = "expert"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone who acts here. ``authority`` is an id of the law base."""

    id: int
    username: str
    name: str
    authority: str
    roles: frozenset[Role]
    language: str = "en"

    def holds(self, *roles: Role) -> bool:
        """Tell whether one of ``roles`` is held."""
        return not self.roles.isdisjoint(roles)

    def first(self, *roles: Role) -> Role:
        """Return the role out of ``roles``, in their order, in which this person acts."""
        return next((role for role in roles if role in self.roles), next(iter(sorted(self.roles)), Role.ISSUING))
