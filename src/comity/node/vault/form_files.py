"""Files that come with a form of the pages: stored by their digest, which is computed here because the form has none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from comity.node.accounts.role import Officer
from comity.node.errors import UploadError
from comity.node.vault import actions
from comity.values import Fingerprint

__all__ = ["FormFile", "take"]


@dataclass(frozen=True, slots=True)
class FormFile:
    """A stored file, under the name and media type its sender gave it."""

    name: str
    media_type: str
    fingerprint: Fingerprint


def take(upload: UploadedFile[Any], officer: Officer, about: str, *, at: datetime) -> FormFile:
    """Store a file of a form."""
    content = upload.file
    if content is None or upload.size is None:
        raise UploadError
    digest = hashlib.sha256()
    for block in upload.chunks():
        digest.update(block)
    upload.seek(0)
    kept = actions.upload(
        cast("BinaryIO", content),
        length=upload.size,
        sha256=digest.hexdigest(),
        at=at,
        by=officer.username,
        about=about,
    )
    media_type = (upload.content_type or "application/octet-stream")[:120]
    return FormFile((upload.name or "file")[:200], media_type, kept)
