"""The pages of the law."""

from __future__ import annotations

from django.urls import path

from comity.node.lawbook import comparing, planning, table, views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("law/", views.ask, name="law"),
    path("law/plan/", planning.plan, name="plan"),
    path("law/matrix/", table.matrix, name="matrix"),
    path("law/bound/", views.bonds, name="bonds"),
    path("law/compare/", comparing.two, name="law-compare"),
    path("law/coverage/", views.coverage, name="coverage"),
    path("law/instruments/", views.instruments, name="instruments"),
    path("law/instruments/<slug:name>/", views.instrument, name="instrument"),
    path("law/instruments/<slug:name>/bound/", views.bound, name="bound"),
]
