"""The law base, as this node answers from it."""

from __future__ import annotations

from django.apps import AppConfig


class LawbookConfig(AppConfig):
    """The law base, as this node answers from it."""

    name = "comity.node.lawbook"
