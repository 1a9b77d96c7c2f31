"""The pages of deliveries."""

from __future__ import annotations

from django.urls import path

from comity.node.post import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("deliveries/", views.deliveries, name="deliveries"),
    path("deliveries/<int:key>/retry/", views.retry, name="retry"),
]
