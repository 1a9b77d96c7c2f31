"""This node, its partners and the federation list."""

from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """This node, its partners and the federation list."""

    name = "comity.node.registry"
