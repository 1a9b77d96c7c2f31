"""The pages of the laboratory."""

from __future__ import annotations

from django.urls import path

from comity.node.lab import views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("lab/", views.bench, name="lab"),
    path("lab/intake/", views.intake, name="lab-intake"),
    path("lab/search/", views.search, name="lab-search"),
    path("lab/ask/", views.ask, name="lab-ask"),
    path("lab/offers/", views.offers, name="lab-offers"),
    path("lab/laboratory/", views.laboratory, name="lab-laboratory"),
    path("lab/losses/", views.losses, name="lab-losses"),
    path("lab/comparisons/<str:dossier>/", views.comparison, name="lab-comparison"),
    path("lab/comparisons/<str:dossier>/prum-<slug:part>.xml", views.prum, name="lab-prum"),
    path("lab/comparisons/<str:dossier>/do/<slug:station>/", views.do, name="lab-do"),
    path("lab/pairs/<uuid:hit>/", views.pair, name="lab-pair"),
    path("lab/hits/<uuid:hit>/", views.hit, name="lab-hit"),
    path("lab/hits/<uuid:hit>/do/<slug:station>/", views.do_hit, name="lab-do-hit"),
    path("lab/hits/<uuid:hit>/report.pdf", views.report, name="lab-report"),
]
