"""Exhibits, files and packages."""

from __future__ import annotations

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Exhibits, files and packages."""

    name = "comity.node.vault"
