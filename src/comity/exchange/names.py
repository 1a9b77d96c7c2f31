"""Names of the wire: XML namespaces, algorithms and token types (ebMS 3.0 Core, AS4 1.0, WSS 1.1 SwA, XML-Enc 1.1).

The algorithm constants are the whole allowlist: eDelivery AS4 1.15 section 3.2.6, the RSA profile. Anything else on
the wire is refused, not negotiated.
"""

from __future__ import annotations

from typing import Final

__all__ = ["EB", "NAMESPACES", "SOAP", "q"]

SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
EB: Final = "http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/"
EBBP: Final = "http://docs.oasis-open.org/ebxml-bp/ebbp-signals-2.0"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSSE11: Final = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
XENC11: Final = "http://www.w3.org/2009/xmlenc11#"
EC: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

NAMESPACES: Final = {
    "S12": SOAP,
    "eb": EB,
    "ebbp": EBBP,
    "wsse": WSSE,
    "wsse11": WSSE11,
    "wsu": WSU,
    "ds": DS,
    "xenc": XENC,
    "xenc11": XENC11,
    "ec": EC,
}

C14N: Final = EC
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256: Final = XENC + "sha256"
ATTACHMENT_CONTENT: Final = (
    "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"
)
ATTACHMENT_CIPHERTEXT: Final = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Ciphertext-Transform"
ATTACHMENT_ONLY: Final = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Only"
AES128_GCM: Final = XENC11 + "aes128-gcm"
RSA_OAEP: Final = XENC11 + "rsa-oaep"
MGF1_SHA256: Final = XENC11 + "mgf1sha256"

BASE64: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
X509V3: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
SUBJECT_KEY: Final = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509SubjectKeyIdentifier"
)
ENCRYPTED_KEY: Final = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKey"

SOAP_TYPE: Final = "application/soap+xml"
GZIP: Final = "application/gzip"


def q(name: str) -> str:
    """Return the Clark name of a prefixed one: ``q("eb:Messaging")``."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"
