"""Dossiers, drafts and acts."""

from __future__ import annotations

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Dossiers, drafts and acts."""

    name = "comity.node.requests"
