"""The node as a Django application: its templates, static files and tags."""

from __future__ import annotations

from django.apps import AppConfig


class NodeConfig(AppConfig):
    """What all parts of the node share."""

    name = "comity.node"
    label = "node"
    verbose_name = "Node"
