"""The record: acts, their chain, what is folded from them, and the log that proves none was changed."""

from comity.record.act import PAYLOAD_TYPE, PREDICATE, Act, Actor, Attachment

__all__ = ["PAYLOAD_TYPE", "PREDICATE", "Act", "Actor", "Attachment"]
