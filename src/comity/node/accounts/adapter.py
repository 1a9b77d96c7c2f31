"""What the sign-in library asks of us: nobody signs up, and the secrets of TOTP devices are kept sealed."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comity.node.accounts import actions
from comity.node.accounts.backend import address_of
from comity.node.errors import AttemptsError

__all__ = ["AccountAdapter", "SecondFactorAdapter"]


class AccountAdapter(DefaultAccountAdapter):
    """People are added by the node's administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        del request
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Say how long to wait where this name or this address failed too often."""
        try:
            actions.check_attempts(str(credentials.get("username", "")), address_of(request))
        except AttemptsError as error:
            raise ValidationError(
                _("There were too many attempts; the next one is taken in %(minutes)s minutes."),
                params={"minutes": int(error.fields["seconds"]) // 60 + 1},
            ) from error
        super().pre_authenticate(request, **credentials)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed with a key derived from the node's secret key."""

    def encrypt(self, text: str) -> str:
        """Seal a device's secret."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a device's secret."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"comity.second-factor\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
