"""The pages of evidence and verification."""

from __future__ import annotations

from django.urls import path

from comity.node.vault import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("evidence/", views.evidence, name="evidence"),
    path("cases/<str:dossier>/evidence/", views.of_case, name="case-evidence"),
    path("cases/<str:dossier>/evidence/add/", views.add, name="exhibit-add"),
    path("cases/<str:dossier>/files/<str:sha256>/", views.file, name="file"),
    path("cases/<str:dossier>/packages/<str:sha256>/", views.package, name="package"),
    path("verify/", views.verify, name="verify"),
]
