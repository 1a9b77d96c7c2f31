"""The page of the person."""

from __future__ import annotations

from django.urls import path

from comity.node.accounts import views

__all__ = ["urlpatterns"]

urlpatterns = [path("profile/", views.profile, name="profile")]
