"""The profile: who I am here, and the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.node.accounts import actions
from comity.node.accounts.role import Officer
from comity.node.lawbook.choices import authority
from comity.node.page import page, show

__all__ = ["profile"]


@require_http_methods(["GET", "POST"])
@page
def profile(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the profile; take another language."""
    if request.method == "POST":
        language = request.POST.get("language", "")
        actions.set_language(officer, language)
        translation.activate(language)
        messages.success(request, _("The pages speak this language now."))
        return HttpResponseRedirect(reverse("profile"))
    return show(request, "accounts/profile.html", authority=authority(officer.authority), languages=settings.LANGUAGES)
