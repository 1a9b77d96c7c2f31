"""Django's settings of a node. This module alone reads the environment; everything else reads `COMITY`.

Engine: SQLite in the node's directory, or PostgreSQL by ``COMITY_DATABASE_URL``. Times are kept in UTC. There is no
django.contrib.admin: it would edit past the acts and the audit.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from comity.node.configuration import read
from comity.node.errors import SettingError

HERE = Path(__file__).resolve().parent
_named = os.environ.get("COMITY_DIR")
DIRECTORY: Path | None = Path(_named).resolve() if _named else None
COMITY = read(DIRECTORY, os.environ)
if DIRECTORY is not None and len(COMITY.secret_key) < 32:
    raise SettingError("The secret key is shorter than 32 characters.", remedy="Make a longer one in secret_key.")

SECRET_KEY = COMITY.secret_key or secrets.token_urlsafe(48)
DEBUG = False
ALLOWED_HOSTS = list({COMITY.reached_by, COMITY.host, "localhost", "127.0.0.1", "[::1]", "testserver"})


def _database(url: str) -> dict[str, Any]:
    if url.startswith("postgres"):
        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "")
            or dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    name = url.removeprefix("sqlite:///") or (str(DIRECTORY / "db.sqlite3") if DIRECTORY else ":memory:")
    return {"ENGINE": "comity.node.sqlite", "NAME": name, "CONN_MAX_AGE": None}


DATABASES = {"default": _database(COMITY.database_url or os.environ.get("COMITY_TEST_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "ninja",
    "comity.node",
    "comity.node.accounts",
    "comity.node.registry",
    "comity.node.lawbook",
    "comity.node.requests",
    "comity.node.post",
    "comity.node.vault",
    "comity.node.audit",
    "comity.node.lab",
]
MIDDLEWARE = [
    "comity.node.doors.Doors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "comity.node.language.ProfileLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "comity.node.accounts.second_factor.SecondFactor",
    "comity.node.failure.Failures",
]
ROOT_URLCONF = "comity.node.urls"
WSGI_APPLICATION = "comity.node.wsgi.web"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "comity.node.context.node",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["comity.node.accounts.backend.LimitedBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "comity.node.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "comity.node.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = COMITY.name

SESSION_COOKIE_NAME = f"__Host-comity-{COMITY.state.lower()}-{COMITY.web_port}"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = COMITY.session_idle
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_NAME = f"__Host-csrf-{COMITY.state.lower()}-{COMITY.web_port}"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "comity.node.failure.forged"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("uk", "Українська")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "comity"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"comity": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
