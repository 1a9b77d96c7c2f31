"""What the page of performance says of DNA besides the figures: a picture of growth, and what 100 million would need.

Both come from the results of the benchmark alone, so that they are the same each time they are made.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["SERIES", "growth", "reckoning"]

WIDTH, HEIGHT = 760, 440
FONT = 'font-family="sans-serif" font-size="13"'
LEFT, RIGHT, TOP, BOTTOM = 70, 250, 40, 60
SERIES = (
    ("brute_force_numpy_ms", "every locus of every row, numpy", "#b23b3b", "6 3"),
    ("reading_all_codes_ms", "reading all codes", "#8a6d1d", "2 3"),
    ("reading_those_ms", "reading what a scan of codes touches", "#4d7d3a", "8 3 2 3"),
    ("median_ms", "one search", "#1f4fa3", ""),
    ("reading_them_ms", "reading what the search touches", "#6f6f6f", "3 3"),
)
"""What is drawn: the member of a result, its label, its colour and its dashes."""


def growth(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the picture of ``growth`` of ``dna.json``: milliseconds over profiles, both on logarithmic scales."""
    values = [float(each[name]) for each in rows for name, *_ in SERIES if each[name] > 0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = (math.log10(rows[at]["profiles"]) for at in (0, -1))

    def x(profiles: float) -> float:
        return LEFT + (math.log10(profiles) - first) / max(last - first, 1e-9) * (WIDTH - LEFT - RIGHT)

    def y(milliseconds: float) -> float:
        share = (math.log10(milliseconds) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    said = "One search in a DNA database: milliseconds by number of profiles, both scales logarithmic"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {FONT}>',
        f"<title>{said}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="14" fill="#111111">{said}</text>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#333333">{10.0**power:g} ms</text>'
        )
    for each in rows:
        at = x(each["profiles"])
        parts.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eeeeee"/>')
        label = f"{each['profiles']:,}".replace(",", " ")
        parts.append(
            f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" fill="#333333">{label}</text>'
        )
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.1f}" y="{HEIGHT - 14}" text-anchor="middle" fill="#333333">profiles</text>')
    below = float(TOP)
    for name, label, colour, dash in sorted(SERIES, key=lambda each: -float(rows[-1][each[0]])):
        points = [(x(each["profiles"]), y(float(each[name]))) for each in rows if each[name] > 0]
        line = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in points]
        below = max(below, points[-1][1] + 4)
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{below:.1f}" fill="{colour}">{label}</text>')
        below += 16
    return "\n".join([*parts, "</svg>", ""])


MANY = 100_000_000
NEW = 10_000


def reckoning(said: Mapping[str, Any]) -> list[str]:
    """Return what ``MANY`` profiles would need, with the arithmetic; lines of a table."""
    size = said["bytes_a_profile"]
    whole = size["codes"] + size["planes"] + size["id_category_hashes_and_the_rest"]
    search = said["search_full"]
    times = MANY / search["profiles"]
    touched = search["planes_touched_mb"] / 1000 * times
    joins = [*said["all_against_all_growth"], said["all_against_all"]]
    slope = _slope([(each["profiles"][1], each["processor_seconds"]) for each in joins])
    last = joins[-1]
    factor = MANY / last["profiles"][1]
    by_slope, square = last["seconds"] * factor**slope / 3600, last["seconds"] * factor**2 / 3600
    rows = {each["workers"]: each["join_s"] for each in said["spark"]["by_workers"]}
    share = rows[1] / rows[2] / 2
    rate = said["import"]["profiles_per_s"]
    loci, ms = f"{size['loci']} loci", search["median_ms"]
    listed = [
        ("what", "arithmetic", "result"),
        ("---", "---", "---"),
        (f"disk, {loci}", f"{whole:.1f} bytes x {MANY:,}", f"{whole * MANY / 1e9:.1f} GB"),
        (f"of it planes, {loci}", f"{size['planes']:.1f} bytes x {MANY:,}", f"{size['planes'] * MANY / 1e9:.1f} GB"),
        ("planes of 24 loci", f"24 bytes x {MANY:,}", f"{24 * MANY / 1e9:.1f} GB"),
        ("one search touches", f"{search['planes_touched_mb']} MB x {times:g}", f"{touched:.2f} GB"),
        ("one search, one machine", f"{ms} ms x {times:g}", f"{ms * times:.0f} ms"),
        (f"{NEW:,} new ones against all", f"{NEW:,} x {ms} ms x {times:g}", f"{NEW * ms * times / 1000:.0f} s"),
        ("import, one process", f"{MANY:,} / {rate:,} a second", f"{MANY / rate / 60:.0f} min"),
        (
            "all against all, at the growth measured",
            f"{last['seconds']} s x {factor:g}^{slope:.2f}",
            f"{by_slope:,.0f} h",
        ),
        ("all against all, at most", f"{last['seconds']} s x {factor:g}^2", f"{square:,.0f} h"),
        ("share of twice one's work that two Spark workers do", f"{rows[1]} s / {rows[2]} s / 2", f"{share:.0%}"),
        ("the most, on 100 machines", f"{square:,.0f} h / (100 x {share:.2f})", f"{square / 100 / share:,.1f} h"),
    ]
    return [f"| {' | '.join(each)} |" for each in listed]


def _slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent that fits seconds to sizes best."""
    xs, ys = [math.log(a) for a, _ in points], [math.log(b) for _, b in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
