"""The page of partners."""

from __future__ import annotations

from django.urls import path

from comity.node.registry import views

__all__ = ["urlpatterns"]

urlpatterns = [path("partners/", views.partners, name="partners")]
