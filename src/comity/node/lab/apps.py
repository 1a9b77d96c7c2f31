"""The app of the laboratory."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["LabConfig"]


class LabConfig(AppConfig):
    """The laboratory."""

    name = "comity.node.lab"
    label = "lab"
