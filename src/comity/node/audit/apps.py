"""What was done here, and the log of acts."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """What was done here, and the log of acts."""

    name = "comity.node.audit"
