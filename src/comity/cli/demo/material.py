"""Real files for the demo's evidence: a statement (CSV and PDF), a disk image with a file system, a photograph.

The disk image is a raw medium with an MBR and one FAT32 partition (Microsoft FAT specification 1.03), so that a
forensic tool opens it. Its free space is filled from AES-CTR under a fixed key: incompressible, the same every time.
"""

from __future__ import annotations

import csv
import io
import json
import struct
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import typst
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

__all__ = ["disk_image", "photograph", "statement_csv", "statement_pdf"]

SECTOR = 512
START = 2048  # first sector of the partition
CLUSTER = 8  # sectors: 4 KiB
RESERVED = 32
MADE = datetime(2026, 4, 30, 9, 0, tzinfo=UTC)  # the same in every demonstration, so that the files are the same
Row = tuple[str, str, str, str]


def rows(paying: str) -> list[Row]:
    """Return the bookings: date, counterparty account, text, amount in euros."""
    first = date(2026, 2, 3)
    booked: list[Row] = []
    for number, amount in enumerate((61_400, 72_300, 50_500)):
        at = first + timedelta(days=28 * number)
        booked.append((at.isoformat(), paying, f"Advance payment, order {number + 1}, heating pumps", f"{amount}.00"))
        share = amount // 4
        booked.extend((at.isoformat(), "cash machine", f"Withdrawal {part + 1}", f"-{share}.00") for part in range(3))
    return booked


def statement_csv(holder: str, account: str, paying: str) -> bytes:
    """Return the statement as CSV (RFC 4180, UTF-8)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["account", account, "holder", holder])
    writer.writerow(["date", "counterparty", "text", "amount_eur"])
    writer.writerows(rows(paying))
    return out.getvalue().encode()


def statement_pdf(holder: str, account: str, paying: str) -> bytes:
    """Return the statement as PDF, set by typst; every text is data, none is markup."""
    data = {"holder": holder, "account": account, "rows": rows(paying)}
    return _set("statement", data, "pdf")


def photograph(label: str) -> bytes:
    """Return a PNG that stands for the photograph of the medium with its label and a scale."""
    return _set("photograph", {"label": label}, "png")


def _set(template: str, data: Mapping[str, object], form: Literal["pdf", "png"]) -> bytes:
    source = Path(__file__).with_name(f"{template}.typ").read_bytes()
    return typst.compile(
        source, format=form, ppi=110, sys_inputs={"data": json.dumps(data)}, timestamp=MADE, ignore_system_fonts=True
    )


def disk_image(target: Path, files: dict[str, bytes], size: int) -> None:
    """Write a raw image of ``size`` bytes: MBR, one FAT32 partition holding ``files`` (8.3 names), noise after them."""
    sectors = size // SECTOR - START
    clusters = (sectors - RESERVED) // CLUSTER
    fat_sectors = -(-(clusters + 2) * 4 // SECTOR)
    clusters = (sectors - RESERVED - 2 * fat_sectors) // CLUSTER
    fat = [0x0FFFFFF8, 0x0FFFFFFF, 0x0FFFFFFF]
    root, data, next_cluster = bytearray(), bytearray(), 3
    for name, content in files.items():
        root += _entry(name, next_cluster, len(content))
        count = max(1, -(-len(content) // (CLUSTER * SECTOR)))
        fat += [next_cluster + i + 1 for i in range(count - 1)] + [0x0FFFFFFF]
        data += content.ljust(count * CLUSTER * SECTOR, b"\0")
        next_cluster += count
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * SECTOR, b"\0")
    boot = _boot(sectors, fat_sectors)
    noise = Cipher(algorithms.AES(b"comity-demo-disk"), modes.CTR(b"\0" * 16)).encryptor()
    with target.open("wb") as out:
        out.write(_mbr(sectors).ljust(START * SECTOR, b"\0"))
        out.write((boot + _info()).ljust(6 * SECTOR, b"\0") + boot)
        out.seek((START + RESERVED) * SECTOR)
        out.write(table + table + bytes(root).ljust(CLUSTER * SECTOR, b"\0") + bytes(data))
        zeros = bytes(4 * 1024 * 1024)
        while (left := size - out.tell()) > 0:
            out.write(noise.update(zeros[:left]))


def _mbr(sectors: int) -> bytes:
    entry = struct.pack("<B3sB3sII", 0, b"\xfe\xff\xff", 0x0C, b"\xfe\xff\xff", START, sectors)
    return b"\0" * 440 + b"DEMO\0\0" + entry + b"\0" * 48 + b"\x55\xaa"


def _boot(sectors: int, fat_sectors: int) -> bytes:
    head = struct.pack(
        "<3s8sHBHBHHBHHHII",
        b"\xeb\x58\x90",
        b"COMITY  ",
        SECTOR,
        CLUSTER,
        RESERVED,
        2,
        0,
        0,
        0xF8,
        0,
        63,
        255,
        START,
        sectors,
    )
    wide = struct.pack(
        "<IHHIHH12sBBBI11s8s", fat_sectors, 0, 0, 2, 1, 6, b"", 0x80, 0, 0x29, 0x20261124, b"COMITY DEMO", b"FAT32   "
    )
    return (head + wide).ljust(510, b"\0") + b"\x55\xaa"


def _info() -> bytes:
    return b"RRaA" + b"\0" * 480 + b"rrAa" + b"\xff" * 8 + b"\0" * 12 + b"\0\0\x55\xaa"


def _entry(name: str, cluster: int, size: int) -> bytes:
    stem, _, suffix = name.partition(".")
    stamp = (46 << 9) | (4 << 5) | 28  # 28 April 2026
    return struct.pack(
        "<8s3sBBBHHHHHHHI",
        stem.upper().ljust(8).encode(),
        suffix.upper().ljust(3).encode(),
        0x20,
        0,
        0,
        0,
        stamp,
        stamp,
        cluster >> 16,
        0,
        stamp,
        cluster & 0xFFFF,
        size,
    )
