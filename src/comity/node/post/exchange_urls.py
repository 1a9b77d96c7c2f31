"""The URLs of the exchange port: messages in, announced files out. Nothing else is served there."""

from __future__ import annotations

from django.urls import path

from comity.node.post import exchange_door

__all__ = ["urlpatterns"]

urlpatterns = [
    path("exchange/as4", exchange_door.as4),
    path("exchange/blob/<str:sha256>", exchange_door.blob),
]
