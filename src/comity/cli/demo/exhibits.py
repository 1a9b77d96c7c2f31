"""The files of the demonstration's evidence, made while the nodes start."""

from __future__ import annotations

from pathlib import Path

from comity.cli.demo import material
from comity.cli.demo.case import Case, latin
from comity.cli.demo.journey import Exhibit

__all__ = ["make"]


def make(case: Case, directory: Path, size: int) -> tuple[Exhibit, ...]:
    """Write statement, disk image of ``size`` bytes and photograph to ``directory``; return them as exhibits."""
    directory.mkdir(parents=True, exist_ok=True)
    paying, receiving = case.accounts
    holder = latin(case.holder)
    table, page = directory / "statement.csv", directory / "statement.pdf"
    image, photograph = directory / "memory-stick.img", directory / "memory-stick.png"
    table.write_bytes(material.statement_csv(holder, receiving, paying))
    page.write_bytes(material.statement_pdf(holder, receiving, paying))
    photograph.write_bytes(material.photograph("E2"))
    bank = "At the bank that keeps the account"
    note = f"Orders and withdrawals of account {receiving}. Fictional.\n".encode()
    material.disk_image(image, {"NOTES.TXT": note, "ORDERS.CSV": table.read_bytes()}, size)
    return (
        Exhibit(
            "Account statement",
            "digital",
            f"Every booking of account {receiving}, as the bank keeps it.",
            ((table, "text/csv"), (page, "application/pdf")),
            bank,
            "The bank, on the order of the authority",
            "Handed over as files; digests taken at receipt",
        ),
        Exhibit(
            "Memory stick",
            "physical",
            "A memory stick the account holder handed to the bank; photograph with label and scale.",
            ((photograph, "image/png"),),
            bank,
            "The bank, to which the account holder had handed it",
            "Taken over, photographed, sealed",
        ),
        Exhibit(
            "Image of the memory stick",
            "digital",
            "A raw image of the memory stick, written behind a write blocker.",
            ((image, "application/octet-stream"),),
            "Forensic laboratory of the executing authority",
            "The memory stick E-002",
            "Imaged sector by sector behind a write blocker (ISO/IEC 27037, 7.1.3)",
        ),
    )
