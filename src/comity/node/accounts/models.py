"""People, their keys to the API, and the failed attempts to be one of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Makes people; there are no superusers."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store a person; without a password no sign-in by password is possible."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who works with this node. ``authority`` is an id of the law base, ``roles`` are of `Role`."""

    username = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    authority = models.CharField(max_length=200)
    roles = models.JSONField(default=list)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    last_step = models.BigIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "authority"]

    class Meta:
        db_table = "accounts_user"

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Return the display name."""
        return self.name


class Token(models.Model):
    """A bearer token of a machine; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    sha256 = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        db_table = "accounts_token"


class Attempt(models.Model):
    """A failed attempt to sign in, by name and by address."""

    key = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        db_table = "accounts_attempt"
        indexes = [models.Index(fields=["key", "at"])]
