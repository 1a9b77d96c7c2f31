"""What the audit knows: one closed list of events."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Event"]


class Event(StrEnum):
    """What happened on this node. A new event is a new line here."""

    NODE_MADE = "node.made"
    NODE_STARTED = "node.started"
    USER_ADDED = "user.added"
    TOKEN_MADE = "token.made"  # noqa: S105 - a word, no secret
    SIGNED_IN = "session.opened"
    SIGN_IN_FAILED = "session.refused"
    SIGNED_OUT = "session.closed"
    REFUSED = "policy.refused"
    SEEN = "dossier.seen"
    DRAFTED = "draft.made"
    DRAFT_CHANGED = "draft.changed"
    DRAFT_SUBMITTED = "draft.submitted"
    DRAFT_RETURNED = "draft.returned"
    DRAFT_DISCARDED = "draft.discarded"
    ACT_DONE = "act.done"
    ACT_REFUSED = "act.refused"
    ACT_RECEIVED = "act.received"
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_ACKNOWLEDGED = "message.acknowledged"
    MESSAGE_REJECTED = "message.rejected"
    MESSAGE_FAILED = "message.failed"
    MESSAGE_RETRIED = "message.retried"
    MESSAGE_RECEIVED = "message.received"
    MESSAGE_DUPLICATE = "message.duplicate"
    INPUT_REFUSED = "input.refused"
    BLOB_SERVED = "blob.served"
    BLOB_PULLED = "blob.pulled"
    UPLOADED = "exhibit.uploaded"
    PACKAGE_MADE = "package.made"
    PACKAGE_VERIFIED = "package.verified"
    FEDERATION_IMPORTED = "federation.imported"
    AUDIT_VERIFIED = "audit.verified"
    EXPORTED = "record.exported"
    BACKED_UP = "node.backed-up"
    PROFILES_IMPORTED = "profiles.imported"
    PROFILES_REMOVED = "profiles.removed"
    PROFILES_SEARCHED = "profiles.searched"
    OFFER_DECIDED = "comparison.offered"
    COMPARISON_ASKED = "comparison.asked"
    COMPARISON_CAME = "comparison.came"
    COMPARISON_ANSWERED = "comparison.answered"
    PAIR_SEEN = "pair.seen"
    REPORT_MADE = "comparison.report"
    LABORATORY_STATED = "laboratory.stated"
