"""The pages of the law."""

from __future__ import annotations

from django.urls import path

from comity.node.lawbook import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("law/", views.ask, name="law"),
    path("law/matrix/", views.matrix, name="matrix"),
    path("law/coverage/", views.coverage, name="coverage"),
    path("law/instruments/", views.instruments, name="instruments"),
    path("law/instruments/<slug:name>/", views.instrument, name="instrument"),
    path("law/instruments/<slug:name>/bound/", views.bound, name="bound"),
]
