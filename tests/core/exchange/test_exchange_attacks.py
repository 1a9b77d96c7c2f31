"""Attacks on envelope and signature: XML tricks, signature wrapping, weak algorithms, parts added and removed.

Every one must end in its own typed refusal, before anything of the message counts.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from copy import deepcopy

import pytest
from cryptography.hazmat.primitives import serialization
from exchange_world import AT
from lxml import etree

from comity.exchange import errors, mime, names, signal, soap, wss, xml
from comity.exchange.names import q


def opened(built):
    return mime.read(built.content_type, built.body, envelope=1 << 20, parts=64, size=1 << 26)


def rewrap(package, root, attachments=None):
    return mime.write(root, package.attachments if attachments is None else attachments, "boundary")


def altered(built, change):
    """Return the message with its envelope's tree changed after signing."""
    package = opened(built)
    root = etree.fromstring(package.root)
    replaced = change(root)
    return rewrap(package, etree.tostring(root if replaced is None else replaced, encoding="UTF-8"))


def header_of(root):
    return root[0]


def find(root, name):
    return next(root.iter(q(name)))


# -- XML -------------------------------------------------------------------------------------------------------------

DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x.replace(DECLARATION, DECLARATION + b'<!DOCTYPE a SYSTEM "file:///etc/passwd">'),
        lambda x: x.replace(DECLARATION, DECLARATION + b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        lambda x: x.replace(DECLARATION, DECLARATION + b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://a.example/x">%p;]>'),
        lambda x: x.replace(DECLARATION, DECLARATION + b'<!DOCTYPE a [<!ENTITY l0 "lol">' + LAUGHS + b"]>"),
        lambda x: x.replace(DECLARATION, DECLARATION + b'<!DOCTYPE a [<!ENTITY q "' + b"a" * 60000 + b'">]>'),
        lambda x: x.replace(DECLARATION, DECLARATION + b"<!DOCTYPE a [<!ATTLIST a Id ID #IMPLIED>]>"),
        lambda x: x.replace(DECLARATION, DECLARATION + b"<?xml-stylesheet href='a.xsl'?>"),
        lambda x: x.replace(b"comity:UA", b"comity:<!-- -->UA", 1),
        lambda x: x.replace(b"comity:UA", b"<![CDATA[comity:UA]]>", 1),
        lambda x: x.replace(b"comity:UA", b"comity:<?pi?>UA", 1),
        lambda x: x.replace(b"comity:UA", b"&unknown;", 1),
        lambda x: x.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        lambda x: x.replace(b"UTF-8", b"UTF-7"),
        lambda x: x.replace(b"UTF-8", b"ISO-8859-1"),
        lambda x: x.replace(b"1.0", b"1.1"),
        lambda x: b"\xef\xbb\xbf" + x,
        lambda x: x + x.removeprefix(DECLARATION),
        lambda x: x.replace(b"ua-pgo", b"ua-\xff"),
        lambda x: x.replace(b"ua-pgo", b"ua-\x00"),
        lambda x: x.replace(b"ua-pgo", b"ua-&#0;"),
        lambda x: x.replace(b"ua-pgo", b"<x>" * 100 + b"</x>" * 100),
        lambda x: x.replace(b"ua-pgo", b"<x>" * 40 + b"</x>" * 40),
        lambda x: x[:-20],
        lambda _: b"",
        lambda _: b"\x00" * 100,
        lambda _: b"<a/>",
        lambda x: x.replace(names.SOAP.encode(), b"http://schemas.xmlsoap.org/soap/envelope/"),
        lambda x: x.replace(b"</S12:Header>", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></S12:Header>'),
    ],
    ids=[
        "doctype", "xxe", "parameter-entity", "billion-laughs", "quadratic", "dtd-id", "stylesheet", "comment-split",
        "cdata", "instruction", "unknown-entity", "utf-16", "utf-7", "latin-1", "xml-1.1", "bom", "two-roots",
        "not-utf-8", "nul", "nul-reference", "deep-100", "deep-40", "cut", "empty", "nuls", "another-root", "soap-1.1",
        "xinclude",
    ],
)  # fmt: skip
def test_xml_that_is_not_plain(world, change):
    built = world.build()
    package = opened(built)
    content_type, body = rewrap(package, change(package.root))
    with pytest.raises((errors.XmlRefusedError, errors.HeaderError, errors.WrappedSignatureError)):
        world.read(content_type, body)


# -- signature wrapping ------------------------------------------------------------------------------------------------


def evil(root):
    """Return a copy of Messaging that names another conversation."""
    copy = deepcopy(find(root, "eb:Messaging"))
    find(copy, "eb:ConversationId").text = "MLA-UA-DE-2026-11-24-9999-1"
    return copy


def two_messagings(root):
    find(root, "eb:Messaging").addprevious(evil(root))


def two_messagings_other_id(root):
    copy = evil(root)
    copy.set(q("wsu:Id"), "other")
    find(root, "eb:Messaging").addprevious(copy)


def original_in_new_header(root):
    """The signed element moves into a wrapper header; the forged one takes its place."""
    real, copy = find(root, "eb:Messaging"), evil(root)
    copy.set(q("wsu:Id"), "other")
    real.addprevious(copy)
    wrapper = etree.SubElement(header_of(root), "{urn:x}wrapper")
    wrapper.append(real)


def original_in_security(root):
    real, copy = find(root, "eb:Messaging"), evil(root)
    copy.set(q("wsu:Id"), "other")
    real.addprevious(copy)
    find(root, "wsse:Security").append(real)


def original_in_security_without_id_twin(root):
    real, copy = find(root, "eb:Messaging"), evil(root)
    del copy.attrib[q("wsu:Id")]
    real.addprevious(copy)
    find(root, "wsse:Security").append(real)


def original_in_object(root):
    real, copy = find(root, "eb:Messaging"), evil(root)
    copy.set(q("wsu:Id"), "other")
    real.addprevious(copy)
    etree.SubElement(find(root, "ds:Signature"), q("ds:Object")).append(real)


def original_in_body(root):
    real, copy = find(root, "eb:Messaging"), evil(root)
    copy.set(q("wsu:Id"), "other")
    real.addprevious(copy)
    find(root, "S12:Body").append(real)


def original_after_body(root):
    real, copy = find(root, "eb:Messaging"), evil(root)
    copy.set(q("wsu:Id"), "other")
    real.addprevious(copy)
    root.append(real)


def user_message_beside(root):
    messaging = find(root, "eb:Messaging")
    messaging.append(deepcopy(messaging[0]))


def signal_beside(root):
    etree.SubElement(find(root, "eb:Messaging"), q("eb:SignalMessage"))


def id_in_another_attribute(root):
    """An ``Id`` and a ``wsu:Id`` of the same value on two elements: parsers differ on which one counts."""
    copy = evil(root)
    del copy.attrib[q("wsu:Id")]
    copy.set("Id", "messaging")
    find(root, "eb:Messaging").addprevious(copy)


def id_in_xml_namespace(root):
    find(root, "S12:Body").set("{http://www.w3.org/XML/1998/namespace}id", "messaging")


def doubled_signature(root):
    signature = find(root, "ds:Signature")
    signature.addnext(deepcopy(signature))


def doubled_security(root):
    security = find(root, "wsse:Security")
    copy = deepcopy(security)
    for element in copy.iter():
        for name in [n for n in element.attrib if n.rpartition("}")[2].lower() == "id"]:
            del element.attrib[name]
    security.addnext(copy)


def reference_to_the_whole(root):
    find(root, "ds:Reference").set("URI", "")


def reference_by_xpointer(root):
    find(root, "ds:Reference").set("URI", "#xpointer(id('messaging'))")


def reference_to_a_file(root):
    find(root, "ds:Reference").set("URI", "file:///etc/passwd")


def reference_twice(root):
    reference = find(root, "ds:Reference")
    reference.addnext(deepcopy(reference))


def no_references(root):
    for reference in list(root.iter(q("ds:Reference"))):
        reference.getparent().remove(reference)


def second_signed_info(root):
    info = find(root, "ds:SignedInfo")
    info.addprevious(deepcopy(info))


def token_elsewhere(root):
    token = find(root, "wsse:BinarySecurityToken")
    find(root, "ds:KeyInfo").append(token)


def namespace_renamed(root):
    """The local names stay, the namespace becomes another."""
    for element in find(root, "eb:Messaging").iter():
        element.tag = element.tag.replace(names.EB, names.EB.rstrip("/"))


def body_filled(root):
    etree.SubElement(find(root, "S12:Body"), "{urn:x}order").text = "x"


def body_text(root):
    find(root, "S12:Body").text = "x"


def two_bodies(root):
    root.append(deepcopy(find(root, "S12:Body")))


WRAPPED = [
    two_messagings, two_messagings_other_id, original_in_new_header, original_in_security,
    original_in_security_without_id_twin, original_in_object, original_in_body, original_after_body,
    user_message_beside, signal_beside, id_in_another_attribute, id_in_xml_namespace, doubled_signature,
    doubled_security, reference_to_the_whole, reference_by_xpointer, reference_to_a_file, reference_twice,
    no_references, second_signed_info, token_elsewhere, namespace_renamed, body_filled, body_text, two_bodies,
]  # fmt: skip


@pytest.mark.parametrize("change", WRAPPED, ids=lambda change: change.__name__)
def test_wrapped_signature(world, change):
    content_type, body = altered(world.build(), change)
    with pytest.raises(
        (errors.WrappedSignatureError, errors.HeaderError, errors.UnsignedMessageError, errors.XmlRefusedError)
    ):
        world.read(content_type, body)


# -- signature removed, weakened, altered ------------------------------------------------------------------------------


def remove(*found):
    def change(root):
        for name in found:
            element = find(root, name)
            element.getparent().remove(element)

    return change


@pytest.mark.parametrize("name", ["ds:Signature", "wsse:Security"])
def test_unsigned(world, name):
    content_type, body = altered(world.build(), remove(name))
    with pytest.raises(errors.UnsignedMessageError) as caught:
        world.read(content_type, body)
    assert caught.value.ebms == "EBMS:0103"


def resigned(world, drop):
    """Return a message the real partner signed without one of its places."""

    def after(envelope):
        info = find(envelope.root, "ds:SignedInfo")
        for reference in xml.children(info, "ds:Reference"):
            if reference.get("URI").startswith(drop):
                info.remove(reference)
        value = sign(world, info)
        find(envelope.root, "ds:SignatureValue").text = value

    return world.craft(after=after)


def sign(world, info):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    value = world.ua.signing_key.sign(xml.canonical(info), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(value).decode()


@pytest.mark.parametrize("drop", ["#messaging", "#body", "cid:"])
def test_signed_but_not_all_of_it(world, drop):
    content_type, body = resigned(world, drop)
    with pytest.raises(errors.UnsignedMessageError, match=r"covered|not signed"):
        world.read(content_type, body)


@pytest.mark.parametrize(
    "uri",
    ["", "#", "#nothing", "#xpointer(id('messaging'))", "#xpointer(/)", "file:///etc/passwd", "messaging", "#key"],
)
def test_a_partner_signs_a_reference_that_points_elsewhere(world, uri):
    def after(envelope):
        info = find(envelope.root, "ds:SignedInfo")
        find(info, "ds:Reference").set("URI", uri)
        find(envelope.root, "ds:SignatureValue").text = sign(world, info)

    content_type, body = world.craft(after=after)
    with pytest.raises((errors.WrappedSignatureError, errors.UnsignedMessageError)):
        world.read(content_type, body)


def algorithm(name, value):
    return lambda root: find(root, name).set("Algorithm", value)


def transforms(root):
    return find(root, "ds:Transforms")


def xslt(root):
    etree.SubElement(transforms(root), q("ds:Transform"), Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116")


def xslt_instead(root):
    transforms(root)[0].set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def xpath(root):
    transforms(root)[0].set("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")


def enveloped(root):
    transforms(root)[0].set("Algorithm", names.DS + "enveloped-signature")


def no_transform(root):
    transforms(root).remove(transforms(root)[0])


def hmac_length(root):
    etree.SubElement(find(root, "ds:SignatureMethod"), q("ds:HMACOutputLength")).text = "0"


def transform_parameter(root):
    etree.SubElement(transforms(root)[0], q("ds:XPath")).text = "self::node()"


WEAK = {
    "rsa-sha1": algorithm("ds:SignatureMethod", names.DS + "rsa-sha1"),
    "rsa-md5": algorithm("ds:SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
    "hmac-sha256": algorithm("ds:SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
    "none": algorithm("ds:SignatureMethod", ""),
    "digest-sha1": lambda root: next(find(root, "ds:SignedInfo").iter(q("ds:DigestMethod"))).set(
        "Algorithm", names.DS + "sha1"
    ),
    "c14n-inclusive": algorithm("ds:CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    "c14n-comments": algorithm("ds:CanonicalizationMethod", names.C14N + "WithComments"),
    "xslt": xslt,
    "xslt-instead": xslt_instead,
    "xpath": xpath,
    "enveloped": enveloped,
    "no-transform": no_transform,
    "hmac-length": hmac_length,
    "transform-parameter": transform_parameter,
}


@pytest.mark.parametrize("change", WEAK.values(), ids=WEAK.keys())
def test_weak_algorithm(world, change):
    content_type, body = altered(world.build(), change)
    with pytest.raises(errors.AlgorithmRefusedError) as caught:
        world.read(content_type, body)
    assert caught.value.ebms == "EBMS:0103"


def method_of(root, parent):
    return find(root, parent).find(q("xenc:EncryptionMethod"))


ENCRYPTION = {
    "aes-cbc": lambda r: method_of(r, "xenc:EncryptedData").set("Algorithm", names.XENC + "aes128-cbc"),
    "rsa-1_5": lambda r: method_of(r, "xenc:EncryptedKey").set("Algorithm", names.XENC + "rsa-1_5"),
    "oaep-sha1": lambda r: method_of(r, "xenc:EncryptedKey")[0].set("Algorithm", names.DS + "sha1"),
    "mgf-sha1": lambda r: method_of(r, "xenc:EncryptedKey")[1].set("Algorithm", names.XENC11 + "mgf1sha1"),
}


@pytest.mark.parametrize("change", ENCRYPTION.values(), ids=ENCRYPTION.keys())
def test_weak_encryption(world, change):
    content_type, body = altered(world.build(), change)
    with pytest.raises(errors.AlgorithmRefusedError):
        world.read(content_type, body)


def test_hmac_with_the_public_key(world):
    """The public key is no secret: a verifier that lets the message choose HMAC would accept this."""

    def change(root):
        info = find(root, "ds:SignedInfo")
        find(root, "ds:SignatureMethod").set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
        key = world.ua.signing.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        value = hmac.new(key, xml.canonical(info), hashlib.sha256).digest()
        find(root, "ds:SignatureValue").text = base64.b64encode(value).decode()

    content_type, body = altered(world.build(), change)
    with pytest.raises(errors.AlgorithmRefusedError):
        world.read(content_type, body)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("eb:ConversationId", "MLA-UA-DE-2026-11-24-9999-1"),
        ("eb:Timestamp", "2026-11-24T12:00:01.000Z"),
        ("eb:MessageId", "another@comity.UA"),
        ("eb:Role", "urn:other"),
    ],
)
def test_altered_header(world, name, value):
    def change(root):
        find(root, name).text = value

    content_type, body = altered(world.build(), change)
    with pytest.raises(errors.AlteredMessageError):
        world.read(content_type, body)


def test_signature_taken_from_another_message(world):
    one, two = opened(world.build()), opened(world.build())
    first, second = etree.fromstring(one.root), etree.fromstring(two.root)
    old = find(first, "ds:Signature")
    old.getparent().replace(old, find(second, "ds:Signature"))
    content_type, body = rewrap(one, etree.tostring(first))
    with pytest.raises(errors.AlteredMessageError):
        world.read(content_type, body)


# -- payloads ----------------------------------------------------------------------------------------------------------


def test_extra_attachment(world):
    package = opened(world.build())
    content_type, body = rewrap(package, package.root, {**package.attachments, "extra@comity": b"x"})
    with pytest.raises(errors.PayloadError, match="not listed"):
        world.read(content_type, body)


def test_missing_attachment(world):
    package = opened(world.build())
    content_type, body = rewrap(package, package.root, {"other@comity": package.attachments["act@comity"]})
    with pytest.raises(errors.PayloadError):
        world.read(content_type, body)


def test_all_attachments_removed(world):
    package = opened(world.build())
    content_type, body = rewrap(package, package.root, {})
    with pytest.raises(errors.PayloadError, match="missing"):
        world.read(content_type, body)


def test_listed_but_not_signed(world):
    content_type, body = world.craft(
        plain={"a": b"1"}, parts={"a": {"MimeType": "t/x"}, "b": {"MimeType": "t/x"}}, sealed=lambda a: {**a, "b": b"2"}
    )
    with pytest.raises(errors.UnsignedMessageError):
        world.read(content_type, body)


def test_signed_but_not_listed(world):
    content_type, body = world.craft(plain={"a": b"1", "b": b"2"}, parts={"a": {"MimeType": "t/x"}})
    with pytest.raises(errors.PayloadError, match="not listed"):
        world.read(content_type, body)


def test_plain_attachment(world):
    """Signed, but not encrypted: another party on the way could read it."""

    def strip(envelope):
        for element in list(envelope.security):
            if element.tag in {q("xenc:EncryptedKey"), q("xenc:EncryptedData")}:
                envelope.security.remove(element)

    content_type, body = world.craft(after=strip, sealed=lambda _: {"act@comity": b"act"})
    with pytest.raises(errors.PolicyError, match="not encrypted"):
        world.read(content_type, body)


def test_attachments_exchanged(world):
    content_type, body = world.craft(
        plain={"a": b"1", "b": b"2"}, sealed=lambda found: {"a": found["b"], "b": found["a"]}
    )
    with pytest.raises(errors.AlteredMessageError):
        world.read(content_type, body)


@pytest.mark.parametrize("at", [0, 5, 12, -17, -1])
def test_flipped_ciphertext(world, at):
    package = opened(world.build())
    data = bytearray(package.attachments["act@comity"])
    data[at] ^= 1
    content_type, body = rewrap(package, package.root, {"act@comity": bytes(data)})
    with pytest.raises(errors.UndecipherableError):
        world.read(content_type, body)


def test_ciphertext_shorter_than_nonce_and_tag(world):
    package = opened(world.build())
    content_type, body = rewrap(package, package.root, {"act@comity": b"short"})
    with pytest.raises(errors.UndecipherableError):
        world.read(content_type, body)


def test_decryption_failures_look_the_same(world):
    """What the sender is told must not tell wrong padding from a wrong tag."""

    def wrong_key(root):
        value = find(root, "xenc:CipherValue")
        value.text = base64.b64encode(b"\x01" * 256).decode()

    told = []
    package = opened(world.build())
    for content_type, body in (
        altered(world.build(), wrong_key),
        rewrap(package, package.root, {"act@comity": bytes(100)}),
    ):
        with pytest.raises(errors.UndecipherableError) as caught:
            world.read(content_type, body)
        told.append((caught.value.code, caught.value.detail, caught.value.remedy))
    assert told[0] == told[1]


# -- the wrong kind of message -----------------------------------------------------------------------------------------


def test_a_receipt_is_no_message(world):
    built = signal.error(errors.OutOfTimeError(), world.ua, AT)
    with pytest.raises(errors.HeaderError, match="exactly one UserMessage"):
        world.read(built.content_type, built.body)


def test_unknown_header(world):
    def change(root):
        etree.SubElement(header_of(root), "{http://www.w3.org/2005/08/addressing}To").text = "x"

    content_type, body = altered(world.build(), change)
    with pytest.raises(errors.WrappedSignatureError, match="no place"):
        world.read(content_type, body)


def test_the_token_of_the_header_is_not_what_is_believed(world):
    """Without pinning, a stranger's signature verifies: which is why `read` never goes without."""
    content_type, body = world.craft(keys=world.stranger, plain={})
    envelope = soap.read(mime.read(content_type, body, envelope=1 << 20, parts=1, size=1 << 20).root)
    assert wss.verify(envelope, {}).certificate == world.stranger.signing
    with pytest.raises(errors.ForgedSenderError):
        wss.verify(envelope, {}, pinned=world.ua.signing)


def test_an_element_without_a_canonical_form_is_refused():
    with pytest.raises(errors.XmlRefusedError, match="canonical"):
        xml.canonical(xml.parse(b'<a xmlns="relative"/>'))
