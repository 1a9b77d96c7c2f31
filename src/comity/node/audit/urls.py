"""The page of the audit."""

from __future__ import annotations

from django.urls import path

from comity.node.audit import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/verify/", views.verify, name="audit-verify"),
]
