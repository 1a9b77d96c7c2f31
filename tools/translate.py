"""Gather the strings of the node's pages into ``django.po`` of each language, and compile ``django.mo``.

    python tools/translate.py             gather, keep what is translated, compile; print what is not translated
    python tools/translate.py --check     change nothing; exit 1 where something is not translated or not compiled

Sources: the Python files of the node, its templates, and the fixed sentences of every error (docstring, cause, remedy),
which the pages look up when they show one. Debian's gettext is not needed.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / "src/comity/node"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
OUTSIDE = (
    "comity.cli.",
    "comity.forensics.",
    "comity.coordination.",
    "comity.insight.",
    "comity.exchange.",
    "comity.signing.",
)
LANGUAGES = {"uk": "Ukrainian"}


def main() -> int:
    """Gather, compile, report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")
    import django

    django.setup()
    template = Catalog(project="comity", charset="utf-8")
    for place, message, context in sorted(gathered(), key=lambda found: (found[0], str(found[1]))):
        template.add(message, locations=[(place, 0)], context=context)
    lacking = 0
    for language in LANGUAGES:
        folder = NODE / "locale" / language / "LC_MESSAGES"
        lacking += update(template, language, folder, check=check)
    return 1 if lacking and check else 0


def gathered() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Yield each message with where it stands and its context."""
    from django.utils.translation.template import templatize

    for path in sorted(NODE.rglob("*.py")):
        if "migrations" not in path.parts:
            for _, function, found, _ in extract_python(io.BytesIO(path.read_bytes()), KEYWORDS, (), {}):
                yield from _message(path.relative_to(ROOT).as_posix(), function, found)
    for path in sorted((NODE / "templates").rglob("*.html")):
        code = templatize(path.read_text(encoding="utf-8")).encode()
        for _, function, found, _ in extract_javascript(io.BytesIO(code), dict(KEYWORDS), (), {}):
            yield from _message(path.relative_to(ROOT).as_posix(), function, found)
    for sentence in sorted(sentences()):
        yield "errors", sentence, None


def _message(place: str, function: object, found: object) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    parts = [part for part in (found if isinstance(found, list | tuple) else (found,)) if isinstance(part, str)]
    if not parts or not parts[0].strip():
        return
    if str(function).startswith("pgettext"):
        yield place, parts[1], parts[0]
    elif function == "ngettext":
        yield place, (parts[0], parts[1]), None
    else:
        yield place, parts[0], None


def sentences() -> set[str]:
    """Return the fixed sentences of all errors."""
    import comity
    from comity.errors import ComityError

    for module in pkgutil.walk_packages(comity.__path__, "comity."):
        if module.name.endswith(".errors") and not module.name.startswith(OUTSIDE):
            importlib.import_module(module.name)
    from comity.request.form import ASKED

    found: set[str] = {"Likely cause:", "What to do:", ASKED}
    waiting: list[type[ComityError]] = [ComityError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith("comity.") and not kind.__module__.startswith(OUTSIDE):
            found |= {(kind.__doc__ or "").strip().splitlines()[0], kind.cause, kind.remedy}
    return found - {""}


def update(template: Catalog, language: str, folder: Path, *, check: bool) -> int:
    """Bring one language up to date; return how many messages of the pages lack a translation.

    Fixed sentences of errors that lack one are named but do not count: they come with every part of the program, and the
    pages show them in English until they are translated.
    """
    path = folder / "django.po"
    before = path.read_bytes() if path.is_file() else b""
    catalog = read_po(io.BytesIO(before), locale=language)
    compiled = _compiled(catalog)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    lacking = [m for m in catalog if m.id and (not m.string or (isinstance(m.string, tuple) and not all(m.string)))]
    count = sum(any(place != "errors" for place, _ in message.locations) for message in lacking)
    print(
        f"{language}: {len(list(catalog)) - 1} messages, {count} of the pages and {len(lacking) - count} of errors lack a translation"
    )
    for message in lacking:
        print(f"  {message.id!r}")
    if check:
        stale = not before or (folder / "django.mo").read_bytes() != compiled
        if stale:
            print(f"{language}: django.mo is not what django.po says; run python tools/translate.py")
        return count + stale
    written = io.BytesIO()
    write_po(written, catalog, width=120, sort_output=True, include_lineno=False)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written.getvalue())
    (folder / "django.mo").write_bytes(_compiled(read_po(io.BytesIO(written.getvalue()), locale=language)))
    return count


def _compiled(catalog: Catalog) -> bytes:
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalog.fuzzy = False
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


if __name__ == "__main__":
    sys.exit(main())
