"""The pages of drafts and cases."""

from __future__ import annotations

from django.urls import path

from comity.node.requests import drafting, views

__all__ = ["urlpatterns"]

urlpatterns = [
    path("", views.work, name="work"),
    path("inbox/", views.inbox, name="inbox"),
    path("cases/", views.cases, name="cases"),
    path("cases/<str:dossier>/", views.case, name="case"),
    path("cases/<str:dossier>/do/<slug:station>/", views.do, name="do"),
    path("cases/<str:dossier>/acts/<str:digest>.json", views.envelope, name="envelope"),
    path("requests/", drafting.drafts, name="drafts"),
    path("requests/new/", drafting.new, name="draft-new"),
    path("requests/<uuid:draft>/", drafting.draft, name="draft"),
    path("requests/<uuid:draft>/check/", drafting.check, name="draft-check"),
    path("requests/<uuid:draft>/question/", drafting.question, name="draft-question"),
    path("requests/<uuid:draft>/do/<slug:step>/", drafting.do, name="draft-do"),
    path("requests/<uuid:draft>/letter.pdf", drafting.letter, name="draft-letter"),
]
