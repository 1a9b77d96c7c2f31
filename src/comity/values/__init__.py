"""Values every package shares: states, days, digests, ids, canonical JSON. No rule of law stands here."""

from comity.values.canonical import canonical, parse
from comity.values.digest import CHUNK, Digest, Fingerprint, fingerprint
from comity.values.ids import DossierId
from comity.values.period import Period, day
from comity.values.state import CODES, ENTITIES, StateCode, state

__all__ = [
    "CHUNK",
    "CODES",
    "ENTITIES",
    "Digest",
    "DossierId",
    "Fingerprint",
    "Period",
    "StateCode",
    "canonical",
    "day",
    "fingerprint",
    "parse",
    "state",
]
