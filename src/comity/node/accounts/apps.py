"""People, their roles and how they sign in."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their roles and how they sign in."""

    name = "comity.node.accounts"

    def ready(self) -> None:
        """Have the audit told of signing in."""
        from comity.node.accounts import watch

        del watch  # imported for what it receives
