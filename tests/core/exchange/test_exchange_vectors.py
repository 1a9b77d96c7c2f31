"""Receipts other vendors' gateways really sent (phase4's public vectors): they verify; the altered twin does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from comity.exchange import errors, signal, soap, wss
from comity.exchange.names import q
from comity.exchange.wss import Reference

VECTORS = Path(__file__).parents[2] / "vectors" / "as4"
REAL = {
    "dataport1-mustunderstand": ("PDE000357", "669beff6-bf89-4776-9a27-eddece68083d@phase4"),
    "governikus": ("POP000260", None),
    "helger": ("POP000306", "3b3775c9-e88d-47f9-be5a-8e045ca2bc07@phase4"),
}


def body(name: str) -> bytes:
    data = (VECTORS / f"{name}.as4in").read_bytes()
    return data[data.index(b"<?xml") :]


@pytest.mark.parametrize("name", REAL)
def test_a_real_receipt_verifies(name):
    opened = soap.read(body(name).strip())
    signed = wss.verify(opened, {})
    person, refers_to = REAL[name]
    assert person in signed.certificate.subject.rfc4514_string()
    assert set(signed.elements) == {opened.messaging, opened.body}
    if refers_to:
        assert opened.messaging.findtext(f".//{q('eb:RefToMessageId')}") == refers_to


@pytest.mark.parametrize("name", REAL)
def test_the_digests_in_a_real_receipt_are_read(name):
    opened = soap.read(body(name).strip())
    found = signal._acknowledged(next(opened.messaging.iter(q("eb:Receipt"))))
    assert [reference.uri.partition("-")[0] for reference in found] == ["#phase4", "#id", "cid:phase4"]
    assert all(len(reference.digest) == 32 for reference in found)


def test_the_altered_twin_is_refused():
    with pytest.raises(errors.AlteredMessageError, match="Messaging is not what was signed"):
        wss.verify(soap.read(body("dataport1").strip()), {})


@pytest.mark.parametrize("name", REAL)
def test_without_its_prefix_list_a_real_receipt_fails(name):
    """The vectors bite: InclusiveNamespaces changes the canonical bytes."""
    root = etree.fromstring(body(name).strip())
    for element in list(root.iter(q("ec:InclusiveNamespaces"))):
        element.getparent().remove(element)
    with pytest.raises(errors.AlteredMessageError):
        wss.verify(soap.read(etree.tostring(root)), {})


@pytest.mark.parametrize("name", REAL)
def test_a_pinned_key_that_is_not_theirs(name, world):
    with pytest.raises(errors.ForgedSenderError):
        wss.verify(soap.read(body(name).strip()), {}, pinned=world.de.signing)


def test_a_reference_is_written_as_it_was_read():
    signed = soap.read(body("dataport1-mustunderstand").strip())
    for element in signed.root.iter(q("ds:Reference")):
        parent = etree.Element("x")
        Reference.read(element).write(parent)
        assert Reference.read(parent[0]) == Reference.read(element)
