"""The letter of a request as a tagged PDF (PDF/A-3a and PDF/UA-1), set by typst from data.

The canonical request is in it as an associated file, so that whoever has the letter has what was signed.
Only the fonts of `comity.fonts` are used, so that the same request gives the same bytes everywhere. A sign none of
them has is written as its code point, and the letter says so: it never shows a box instead of a name, and a name never
keeps a request from being sent.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from comity.fonts import fonts
from comity.fonts.coverage import shown
from comity.request.errors import LetterError
from comity.request.letter import Language, letter
from comity.request.request import Request

__all__ = ["Language", "render"]

_HERE = Path(__file__).resolve().parent


def render(request: Request, language: str = "en", *, test: bool = False) -> bytes:
    """Return the letter in ``en`` or ``uk``; ``test`` marks it as a document of a test node.

    Raise `LetterError` where the language is another, or a text cannot be set.
    """
    if language not in list(Language):
        raise LetterError(
            f"Letters are set in {' and '.join(Language)}, not in {language[:20]!r}.",
            cause="There is no translation of the letter's words.",
            remedy="Set it in one of them; what users wrote stays in the language it was written in.",
        )
    plain = letter(request, Language(language), test=test)
    data = _shown(plain)
    data["replaced"] = data != plain
    try:
        made = typst.compile(
            str(_HERE / "templates" / "letter.typ"),
            root=str(_HERE / "templates"),
            font_paths=fonts(),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(request.at.timestamp()),
            sys_inputs={"letter": json.dumps(data, ensure_ascii=False), "request": request.canonical.decode()},
        )
    except typst.TypstError as error:
        raise LetterError(f"The letter cannot be set: {_sentence(error)}") from error
    return bytes(made)


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return shown(value) if isinstance(value, str) else value


def _sentence(error: Exception) -> str:
    return " ".join(str(getattr(error, "message", error)).replace(str(_HERE), "").split())[:300]
