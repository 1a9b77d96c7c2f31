"""Make ``src/comity/node/static/vendor``: parts of Designsystemet's CSS, htmx, two typefaces, a colour theme of our own.

    npm pack @digdir/designsystemet-css@1.22.0 htmx.org@4.0.1 @fontsource/source-sans-3@5.3.1 @fontsource/source-serif-4@5.3.1
    python tools/vendor_pages.py DIRECTORY-WITH-THE-TARBALLS

What is changed on the way: icons that stand in the CSS as data: URLs become files, because the pages' Content Security
Policy allows images from the node alone; colours come from `PALETTE`, as OKLCH written out in sRGB.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
import tarfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src/comity/node/static"
PACKAGES = {
    "digdir-designsystemet-css-1.22.0.tgz": "MIT, https://github.com/digdir/designsystemet",
    "htmx.org-4.0.1.tgz": "0BSD, https://github.com/bigskysoftware/htmx",
    "fontsource-source-sans-3-5.3.1.tgz": "OFL-1.1, https://github.com/adobe-fonts/source-sans",
    "fontsource-source-serif-4-5.3.1.tgz": "OFL-1.1, https://github.com/adobe-fonts/source-serif",
}
PARTS = (
    *("base", "alert", "badge", "breadcrumbs", "button", "card", "details", "divider", "error-summary", "field"),
    *("fieldset", "heading", "input", "label", "link", "list", "paragraph", "skip-link", "table", "tag"),
    *("validation-message",),
)
PALETTE = {  # name: hue in degrees, chroma
    "accent": (252, 0.085),
    "neutral": (250, 0.010),
    "brand1": (75, 0.095),
    "info": (240, 0.090),
    "success": (152, 0.100),
    "warning": (75, 0.115),
    "danger": (25, 0.150),
}
TONES = {  # token: lightness and share of the chroma, in light and in dark
    "background-default": ((1.0, 0.0), (0.190, 0.25)),
    "background-tinted": ((0.976, 0.10), (0.218, 0.30)),
    "surface-default": ((1.0, 0.0), (0.228, 0.25)),
    "surface-tinted": ((0.955, 0.20), (0.275, 0.42)),
    "surface-hover": ((0.925, 0.32), (0.320, 0.50)),
    "surface-active": ((0.890, 0.45), (0.365, 0.60)),
    "border-subtle": ((0.865, 0.40), (0.400, 0.45)),
    "border-default": ((0.580, 0.90), (0.660, 0.80)),
    "border-strong": ((0.450, 1.0), (0.780, 0.80)),
    "text-subtle": ((0.450, 1.0), (0.790, 0.75)),
    "text-default": ((0.270, 0.75), (0.940, 0.25)),
    "base-default": ((0.400, 1.0), (0.780, 0.85)),
    "base-hover": ((0.340, 1.0), (0.840, 0.75)),
    "base-active": ((0.290, 0.9), (0.890, 0.60)),
    "base-contrast-subtle": ((0.940, 0.25), (0.260, 0.50)),
    "base-contrast-default": ((1.0, 0.0), (0.150, 0.30)),
}
ROLES = {"serif": ("source-serif-4", (600,)), "sans": ("source-sans-3", (400, 600))}
RANGES = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,"
    "U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1E00-1E9F,U+1EF2-1EFF,U+2020",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
}


def srgb(lightness: float, chroma: float, hue: float) -> str:
    """Return an OKLCH colour in sRGB as ``#rrggbb``, with less chroma where sRGB has no such colour."""
    while True:
        a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
        long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        linear = (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
        if chroma < 0.002 or all(-0.0005 <= part <= 1.0005 for part in linear):
            break
        chroma *= 0.97
    parts = [min(1.0, max(0.0, part)) for part in linear]
    shown = [12.92 * p if p <= 0.0031308 else 1.055 * p ** (1 / 2.4) - 0.055 for p in parts]
    return "#" + "".join(f"{round(255 * part):02x}" for part in shown)


def colours(dark: bool) -> str:
    """Return every colour token of one scheme."""
    lines = [
        f"--ds-color-{name}-{token}:{srgb(tones[dark][0], chroma * tones[dark][1], hue)}"
        for name, (hue, chroma) in PALETTE.items()
        for token, tones in TONES.items()
    ]
    focus = ("#fff", srgb(0.27, 0.06, 252)) if not dark else (srgb(0.16, 0.02, 252), "#fff")
    lines += [f"--ds-color-focus-inner:{focus[0]}", f"--ds-color-focus-outer:{focus[1]}"]
    lines += [f"--ds-link-color-visited:{srgb(0.8, 0.09, 305) if dark else srgb(0.42, 0.13, 305)}"]
    return ";".join([*lines, f"color-scheme:{'dark' if dark else 'light'}"])


def theme(original: str) -> str:
    """Return the theme: sizes and type of the original, our colours and typefaces."""
    kept = []
    for layer in re.split(r"(?=@layer )", original):
        name = layer[7:60].split("{")[0]
        if name in {"ds.theme.size-mode", "ds.theme.type-scale", "ds.theme.size", "ds.theme.semantic"}:
            kept.append(layer)
        if name == "ds.theme.typography.primary":
            kept.append(layer.replace("--ds-font-family:Inter", "--ds-font-family:var(--comity-sans)"))
    mapped = ";".join(f"--ds-color-{token}:var(--ds-color-%s-{token})" for token in TONES)
    scope = "".join(f"[data-color={name}]{{{mapped % ((name,) * len(TONES))}}}" for name in PALETTE)
    accent = f":root,[data-color-scheme]{{{mapped % (('accent',) * len(TONES))}}}"
    return "\n".join(
        [
            "/* Sizes and type: Designsystemet 1.22.0, MIT. Colours and typefaces: Comity. Made by tools/vendor_pages.py */",
            *kept,
            f"@layer ds.theme.color-scheme{{:root,[data-color-scheme=light]{{{colours(dark=False)}}}",
            f"@media (prefers-color-scheme:dark){{[data-color-scheme=auto]{{{colours(dark=True)}}}}}",
            f"[data-color-scheme=dark]{{{colours(dark=True)}}}}}",
            f"@layer ds.theme.color{{{accent}{scope}}}",
            "",
        ]
    )


def faces() -> str:
    """Return the font faces by script, so that a page loads only what it shows."""
    return "\n".join(
        f"@font-face{{font-family:'Comity {role}';font-style:normal;font-display:swap;font-weight:{weight};"
        f"src:url('fonts/{family}-{script}-{weight}-normal.woff2') format('woff2');unicode-range:{RANGES[script]}}}"
        for role, (family, weights) in ROLES.items()
        for weight in weights
        for script in RANGES
    )


def without_data_urls(css: str, target: Path) -> str:
    """Write each data: URL into a file of its own and name the file instead."""

    def out(found: re.Match[str]) -> str:
        image = unquote(found["data"]).encode()
        name = f"{hashlib.sha256(image).hexdigest()[:12]}.svg"
        (target / "icons" / name).write_bytes(image)
        return f'url("icons/{name}")'

    return re.sub(r"""url\((?P<q>["'])data:image/svg\+xml;charset=utf-8,(?P<data>.*?)(?P=q)\)""", out, css)


def main(source: Path) -> None:
    """Write the vendored files."""
    target = STATIC / "vendor"
    for name in ("icons", "fonts", "licences"):
        (target / name).mkdir(parents=True, exist_ok=True)
    read: dict[str, dict[str, bytes]] = {}
    notes = ["What stands here comes from these packages of the npm registry (made by tools/vendor_pages.py):", ""]
    for package, licence in PACKAGES.items():
        blob = (source / package).read_bytes()
        with tarfile.open(source / package) as tar:
            files = {m.name.removeprefix("package/"): m for m in tar.getmembers() if m.isfile()}
            read[package] = {name: tar.extractfile(m).read() for name, m in files.items()}  # type: ignore[union-attr]
        text = next(read[package][name] for name in read[package] if name.upper().startswith("LICENSE"))
        (target / "licences" / f"{package.removesuffix('.tgz')}.txt").write_bytes(text)
        notes.append(f"{package.removesuffix('.tgz')}: {licence}; sha256 {hashlib.sha256(blob).hexdigest()}")
    css = read["digdir-designsystemet-css-1.22.0.tgz"]
    parts = "".join(f"@layer ds.components{{{css[f'dist/src/{p}.css'].decode()}}}\n" for p in PARTS if p != "base")
    whole = f"@layer ds.theme, ds.base, ds.components;\n@layer ds.base{{{css['dist/src/base.css'].decode()}}}\n{parts}"
    head = "/* Designsystemet 1.22.0 (MIT, Digitaliseringsdirektoratet), selected parts; see licences/ */\n"
    (target / "designsystemet.css").write_text(head + without_data_urls(whole, target), encoding="utf-8")
    (target / "theme.css").write_text(
        theme(css["dist/theme/designsystemet.css"].decode()) + faces() + "\n", encoding="utf-8"
    )
    script = read["htmx.org-4.0.1.tgz"]["dist/htmx.min.js"].decode()
    script = re.sub(r"\n?//# sourceMappingURL=.*", "", script)
    (target / "htmx.js").write_text(script, encoding="utf-8")
    for family, weights in ROLES.values():
        files_of = read[f"fontsource-{family}-5.3.1.tgz"]
        for name in (f"{family}-{script_}-{weight}-normal.woff2" for weight in weights for script_ in RANGES):
            (target / "fonts" / name).write_bytes(files_of[f"files/{name}"])
    (target / "SOURCES.txt").write_text("\n".join(notes) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
