"""A node's settings: ``node.toml`` in its directory, and ``COMITY_*`` in the environment, which wins.

Every name can also be given as a file that holds the value (``COMITY_SECRET_KEY_FILE``), so that secrets stay out of
the environment. An unknown name or a bad value stops the start and says what was expected.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from comity.node.errors import NotANodeError, SettingError
from comity.values import state as read_state

__all__ = ["Configuration", "read", "validate"]

_OUTSIDE = ("COMITY_DIR", "COMITY_TEST_", "COMITY_DEMO_")
_DATABASES = ("postgres://", "postgresql://", "sqlite:///")


def _database(url: str) -> str:
    if url and not url.startswith(_DATABASES):
        raise ValueError("expected postgresql://user@host/name or sqlite:///path")
    return url


class Configuration(BaseModel):
    """All settings of a node. Ports are TCP ports; sizes in bytes; times in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: Annotated[str, AfterValidator(read_state)] = Field("UA", description="the state, ISO 3166-1 alpha-2")
    name: str = Field("Comity", min_length=1, max_length=120, description="the name of the node")
    host: str = Field("127.0.0.1", description="the address both ports are opened on")
    public_host: str = Field("", description="the name partners reach this node by; empty: as host")
    web_port: int = Field(8443, ge=1, le=65535, description="browser and API")
    exchange_port: int = Field(8444, ge=1, le=65535, description="other nodes")
    authority: str = Field("", max_length=200, description="the authority of the law base that receives for this state")
    database_url: Annotated[str, AfterValidator(_database)] = Field("", description="empty: SQLite in the directory")
    secret_key: str = Field("", description="at least 32 characters; empty: the file secret_key in the directory")
    test: bool = Field(False, description="test keys, fictional cases; shown on every page")
    crash_at: str = Field("", description="stop at this point as by SIGKILL; only where test is true")
    session_idle: int = Field(1800, ge=60, le=86400, description="a session without a request ends after this")
    largest_message: int = Field(64 * 1024 * 1024, ge=1024, description="largest AS4 message taken in")
    largest_upload: int = Field(1024**4, ge=1024, description="largest exhibit file taken in")
    threads: int = Field(8, ge=1, le=256, description="threads that answer on each port")

    @property
    def reached_by(self) -> str:
        """The host partners and browsers name."""
        return self.public_host or self.host


def read(directory: Path | None, environment: Mapping[str, str]) -> Configuration:
    """Read the settings of the node in ``directory``; None is no node: the defaults, for tools and tests."""
    values: dict[str, Any] = {}
    if directory is not None:
        values.update(_file(directory / "node.toml"))
    values.update(_environment(environment))
    if directory is not None and not values.get("secret_key"):
        values["secret_key"] = _secret(directory / "secret_key")
    return validate(values)


def validate(values: Mapping[str, Any]) -> Configuration:
    """Check settings by name; raise `SettingError` with what was expected."""
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingError(
            f"The setting {name!r} is not usable: {first['msg']}.",
            cause=f"It stands in node.toml or as COMITY_{name.upper()}.",
            remedy=_expected(name),
            setting=name,
        ) from error


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotANodeError(f"{path.parent} holds no node: there is no node.toml.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{path} is not TOML: {error}",
            cause="It was edited by hand and a quotation mark or an equals sign is missing.",
            remedy='Write each setting on its own line as name = "value".',
        ) from error


def _environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith("COMITY_") or name.startswith(_OUTSIDE):
            continue
        key = name.removeprefix("COMITY_").lower()
        if key.endswith("_file") and key.removesuffix("_file") in Configuration.model_fields:
            found[key.removesuffix("_file")] = _secret(Path(value))
        elif key in Configuration.model_fields:
            found[key] = value
        else:
            near = difflib.get_close_matches(key, Configuration.model_fields, n=1)
            raise SettingError(
                f"{name} is not a setting of a node.",
                cause="It is mistyped or belongs to another release.",
                remedy=f"Did you mean COMITY_{near[0].upper()}?" if near else "Remove it from the environment.",
                setting=name,
            )
    return found


def _secret(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            f"The secret in {path} cannot be read: {error}",
            cause="The file is missing or belongs to another user of the machine.",
            remedy="Run as the user the node was made by, or make the node again.",
        ) from error


def _expected(name: str) -> str:
    field = Configuration.model_fields.get(name)
    if field is None:
        near = difflib.get_close_matches(name, Configuration.model_fields, n=1)
        return f"Did you mean {near[0]!r}?" if near else "Remove it."
    bounds = ", ".join(str(bound) for bound in field.metadata if not isinstance(bound, AfterValidator))
    return f"Expected: {field.description}{f' ({bounds})' if bounds else ''}."
