"""``comity evidence``: what it prints, its exit codes, and that no input brings a traceback."""

from __future__ import annotations

import json

import pytest
from evidence_world import DE, LIMIT, NOW, UA, state, tsa, world

from comity.cli.main import main
from comity.exchange import federation
from comity.exchange.party import Partner
from comity.signing import dsse
from comity.signing.pki import Purpose, issue, key_pem, pem


@pytest.fixture
def package(tmp_path):
    world().pack(tmp_path / "p.asice")
    return tmp_path / "p.asice"


@pytest.fixture
def anchors(tmp_path):
    (tmp_path / "both.pem").write_bytes(pem(world().de.anchor, world().ua.anchor))
    return str(tmp_path / "both.pem")


def run(capsys, *words):
    code = main(["evidence", *map(str, words)])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def test_a_good_package_passes(capsys, package, anchors):
    code, out, _ = run(capsys, "verify", package, "--anchor", anchors)
    assert code == 0
    assert "PASSED: nothing has been altered" in out
    assert "MLA-UA-DE-2026-11-20-0001-1" in out
    assert "which were given" in out


def test_without_an_anchor_it_says_what_remains(capsys, package):
    code, out, _ = run(capsys, "verify", package)
    assert code == 0
    assert "came from the package itself" in out
    assert "Who sealed it is proved only when" in out


def test_other_anchors_leave_it_open(capsys, package, tmp_path):
    (tmp_path / "other.pem").write_bytes(pem(state(DE).anchor, state(UA).anchor))
    code, out, _ = run(capsys, "verify", package, "--anchor", tmp_path / "other.pem")
    assert code == 3
    assert "INDETERMINATE" in out


def test_an_altered_package_fails_and_is_named(capsys, package):
    data = bytearray(package.read_bytes())
    data[data.index(b"date,amount")] ^= 1
    package.write_bytes(bytes(data))
    code, out, _ = run(capsys, "verify", package)
    assert code == 1
    assert "bag/data/E-001/file.csv" in out
    assert out.rstrip().splitlines()[-1].startswith("FAILED:")


def partner(of, tsa_anchors=()):
    """A partner of the federation list, of which only the anchors matter here."""
    sign, encrypt = (
        issue(of.anchor_key, of.anchor, purpose, "AS4", NOW)[1] for purpose in (Purpose.AS4_SIGN, Purpose.AS4_ENCRYPT)
    )
    low = of.code.lower()
    return Partner(
        state=of.code, party=low, endpoint=f"https://{low}.example/as4", blobs=f"https://{low}.example/blob", signing=sign,
        encryption=encrypt, seal_anchors=(of.anchor,), tls_anchor=of.anchor, names={"en": of.code},
        tsa_anchors=tsa_anchors, log_key="",
    )  # fmt: skip


def test_the_federation_list_gives_the_anchors(capsys, package, tmp_path):
    w = world()
    for name, listed in (("whole", (w.de, w.ua)), ("without", (w.ua,))):
        partners = [partner(one, (one.anchor,)) for one in listed]
        (tmp_path / name).write_bytes(federation.write(federation.Federation.of(1, NOW, partners)))
    sealed = dsse.seal((tmp_path / "whole").read_bytes(), federation.PAYLOAD_TYPE, w.de.signer)
    (tmp_path / "sealed").write_bytes(sealed)
    assert run(capsys, "verify", package, "--federation", tmp_path / "whole")[0] == 0
    assert run(capsys, "verify", package, "--federation", tmp_path / "sealed")[0] == 0
    assert run(capsys, "verify", package, "--federation", tmp_path / "without")[0] == 3


def test_json_is_one_object(capsys, package, anchors):
    code, out, _ = run(capsys, "verify", package, "--trust", anchors, "--json")
    report = json.loads(out)
    assert (code, report["status"]) == (0, "passed")
    assert {"name", "about", "status", "sub", "reason"} == set(report["parts"][0])


@pytest.mark.parametrize("json_too", [(), ("--json",)])
def test_a_file_that_is_no_package(capsys, tmp_path, json_too):
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    code, out, err = run(capsys, "verify", tmp_path / "letter.pdf", *json_too)
    assert code == 4
    assert json.loads(out)["error"]["code"] == "evidence.no-package" if json_too else "What to do" in err


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "missing.asice"), ("show", "missing.asice"), ("verify", "{p}", "--anchor", "missing.pem"),
        ("verify", "{p}", "--anchor", "{p}"), ("verify", "{p}", "--at", "24.11.2026"),
        ("verify", "{p}", "--federation", "{p}"), ("verify", "{d}"),
    ],
)  # fmt: skip
def test_wrong_input_is_refused_in_words(capsys, package, words):
    places = {"p": package, "d": package.parent}
    code, _, err = run(capsys, *(word.format(**places) for word in words))
    assert code == 4
    assert err.strip()


def test_show_tells_exhibits_custody_and_acts(capsys, package):
    code, out, _ = run(capsys, "show", package)
    assert code == 0
    for told in (
        "Exhibit E-001",
        "виписка.csv",
        LIMIT.text,
        "ETS No. 182 Art. 26(1)",
        "custody.undertake",
        "de-authority",
    ):
        assert told in out


def test_show_obeys_nothing_in_the_texts(capsys, package, monkeypatch):
    from comity.cli import evidence

    assert evidence._plain("a\x1b[31mb\u202ec") == "a\ufffd[31mb\ufffdc"


def folder(root):
    """What ``pack`` reads: the evidence of the test world as files."""
    w = world()
    described = {
        "dossier": str(w.acts[0][0].dossier),
        "exhibits": [],
        "acts": [],
        "anchors": [],
        "papers": ["note.txt"],
    }
    for exhibit in w.exhibits:
        files = []
        for file in exhibit.files:
            path = root / "data" / exhibit.number / file.name
            path.parent.mkdir(parents=True)
            with w.blobs.open(file.fingerprint.sha256) as stream:
                path.write_bytes(stream.read())
            files.append({"path": str(path.relative_to(root)), "media_type": file.media_type})
        described["exhibits"].append({**exhibit.to_json(), "files": files})
    for number, (_, envelope) in enumerate(w.acts):
        (root / f"{number}.json").write_bytes(envelope)
        described["acts"].append(f"{number}.json")
    for one in (w.ua, w.de):
        (root / f"{one.code}.pem").write_bytes(pem(one.anchor))
        described["anchors"].append(f"{one.code}.pem")
    (root / "note.txt").write_text("A note.")
    (root / "package.json").write_text(json.dumps(described))
    stamps = tsa(w.de)
    for name, signer in (("seal", w.de.signer), ("tsa", stamps.signer)):
        (root / f"{name}.key").write_bytes(key_pem(signer.key))
        (root / f"{name}.pem").write_bytes(pem(signer.certificate, *signer.chain))
    return described


def packing(root):
    return (
        "pack", root, "--out", root / "made.asice", "--key", root / "seal.key", "--certificates", root / "seal.pem",
        "--tsa-key", root / "tsa.key", "--tsa-certificates", root / "tsa.pem",
    )  # fmt: skip


def test_a_folder_is_packed_and_verified(capsys, tmp_path):
    folder(tmp_path)
    code, out, _ = run(capsys, *packing(tmp_path), "--json")
    assert code == 0
    assert json.loads(out)["size"] == (tmp_path / "made.asice").stat().st_size
    assert (
        run(
            capsys, "verify", tmp_path / "made.asice", "--anchor", tmp_path / "DE.pem", "--anchor", tmp_path / "UA.pem"
        )[0]
        == 0
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"papers": ["../outside.txt"]}, "outside.txt"), ({"acts": ["missing.json"]}, "missing.json"),
        ({"exhibits": [{"number": "E-1"}]}, "package.json.exhibits[0].title is missing"), ({"dossier": "x"}, "dossier id"),
        ({"anchors": []}, "No certificate"), ({"acts": ["note.txt"]}, "JSON"), ({"extra": 1}, "extra is not known"),
    ],
)  # fmt: skip
def test_a_folder_that_is_wrong_makes_nothing(capsys, tmp_path, change, told):
    described = folder(tmp_path)
    (tmp_path / "package.json").write_text(json.dumps({**described, **change}))
    code, _, err = run(capsys, *packing(tmp_path))
    assert code == 4
    assert told in err
    assert not (tmp_path / "made.asice").exists()
