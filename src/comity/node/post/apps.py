"""Outbox, inbox and pulls."""

from __future__ import annotations

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Outbox, inbox and pulls."""

    name = "comity.node.post"
