"""People, their roles and how they sign in."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their roles and how they sign in."""

    name = "comity.node.accounts"
