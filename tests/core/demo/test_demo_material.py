"""The demo's case and files: valid numbers, a form that can be filled in, an image that reads as a file system."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from comity.cli.demo import exhibits, material, people
from comity.cli.demo.case import _LENGTHS, Case, draft, iban
from comity.request import check_digit, door
from comity.request.contents import contents
from comity.request.form import gather

PAIRS = [("UA", "DE"), ("FR", "ES"), ("UA", "PL"), ("UA", "BT"), ("IT", "NL"), ("GB", "IE"), ("NO", "SE")]


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # appendix B, the last six of its eight digits
    assert people.code(secret, people.step_of(seconds)) == code


@pytest.mark.parametrize("state", sorted(_LENGTHS))
def test_ibans_have_the_length_of_their_state_and_valid_check_digits(state: str) -> None:
    (number, _) = Case(state, "BT", "a", "b").accounts
    assert check_digit.iban(number) == number
    assert number[:2] == state
    assert len(number) == 4 + _LENGTHS[state]


def test_the_iban_of_the_standard() -> None:
    assert iban("GB", "WEST12345698765432") == "GB82WEST12345698765432"  # ISO 13616, example of the registry


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_field_of_the_form_is_taken_at_the_door(pair: tuple[str, str]) -> None:
    case = Case(*pair, "asking", "addressed", "passing")
    form = [{"id": name, "label_en": name} for name in contents().fields]
    form.append({"id": "particulars.something", "label_en": "Something"})
    read = door.read(gather(draft(case, form)))
    assert len(read.persons) == 3
    assert len({person.role for person in read.persons}) == 3
    assert read.phones[0].number.startswith("+")
    assert read.particulars["something"].startswith("Something: ")
    assert all(number in read.facts.what for number in case.accounts)


def test_the_image_is_a_medium_with_a_file_system(tmp_path: Path) -> None:
    image, size = tmp_path / "image", 40_000_000
    files = {"NOTES.TXT": b"a note\n", "BIG.BIN": bytes(range(256)) * 50}
    material.disk_image(image, files, size)
    data = image.read_bytes()
    assert len(data) == size
    assert data[510:512] == b"\x55\xaa"
    kind, first, sectors = data[450], *struct.unpack_from("<II", data, 454)
    assert kind == 0x0C
    assert (first + sectors) * 512 <= size
    volume = memoryview(data)[first * 512 :]
    reserved, fats = struct.unpack_from("<HB", volume, 14)
    (fat_sectors,) = struct.unpack_from("<I", volume, 36)
    cluster = volume[13] * 512
    fat = volume[reserved * 512 :]
    start = (reserved + fats * fat_sectors) * 512

    def chain(number: int) -> bytes:
        content = b""
        while number < 0x0FFFFFF8:
            content += volume[start + (number - 2) * cluster :][:cluster]
            (number,) = struct.unpack_from("<I", fat, number * 4)
        return content

    root, found = chain(2), {}
    for offset in range(0, len(root), 32):
        if root[offset]:
            name = f"{root[offset : offset + 8].decode().strip()}.{root[offset + 8 : offset + 11].decode().strip()}"
            high, low, length = (
                *struct.unpack_from("<H", root, offset + 20),
                *struct.unpack_from("<HI", root, offset + 26),
            )
            found[name] = chain(high << 16 | low)[:length]
    assert found == files


def test_the_files_are_the_same_every_time(tmp_path: Path) -> None:
    case = Case("UA", "DE", "asking", "addressed")
    for name in ("one", "two"):
        exhibits.make(case, tmp_path / name, 5_000_000)
    written = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert written == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert written["statement.pdf"].startswith(b"%PDF-")
    assert written["memory-stick.png"].startswith(b"\x89PNG")
    assert b"Withdrawal" in written["statement.csv"]
