"""Verifying a package, with no network and nothing unpacked (ETSI EN 319 102-1 for the words, decision 0001).

The order: the container as a whole and in each header; the digests of every member; the signed list; the signature and
the timestamp over it; then what stands inside. Nothing of a member is used before its digest holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from cryptography import x509

from comity.evidence import asic, bag, inside, opened, seal
from comity.evidence.container import MIMETYPE
from comity.evidence.errors import NotAPackageError
from comity.evidence.opened import Container
from comity.evidence.verification import Part, Verification, worst
from comity.signing import cades, timestamp
from comity.signing.certificate import load_pem
from comity.signing.errors import MalformedSignatureError
from comity.signing.trust import Trust, name_of, state_of
from comity.signing.verdict import Indication, SubIndication, Verdict
from comity.values import Digest, StateCode

__all__ = ["verify"]

_SIGNER: Final = "bag/meta/certs/signer.pem"
_ANCHORS: Final = "bag/meta/certs/anchors.pem"
_TSA: Final = "bag/meta/certs/tsa.pem"
_TAGS: Final = "bag/tagmanifest-sha256.txt"
_PLAIN: Final = frozenset({asic.MANIFEST, asic.SIGNATURE, asic.TIMESTAMP})


def verify(
    package: Path | BinaryIO, trust: Trust | None, at: datetime, *, logs: Mapping[StateCode, str] | None = None
) -> Verification:
    """Verify a package at ``at``; raise `NotAPackageError` for a file that is none.

    ``trust`` holds the anchors to rest on. None takes those in the package itself: what is then shown is that everything
    fits together, and `Verification.own_anchors` says so. ``logs`` are the keys of the states' logs (C2SP note keys).
    """
    with _open(package) as stream:
        return _Check(opened.read(stream), trust, at, logs).run()


@contextmanager
def _open(package: Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(package, Path):
        yield package
        return
    try:
        with package.open("rb") as stream:
            yield stream
    except OSError as error:
        raise NotAPackageError(
            f"{package.name} cannot be read: {error.strerror}.",
            cause="The name is wrong, the file is a folder, you may not read it, or its disk is damaged.",
            remedy="Give the path of a file that ends in .asice.",
        ) from error


@dataclass(slots=True)
class _Check:
    container: Container
    given: Trust | None
    at: datetime
    logs: Mapping[StateCode, str] | None
    parts: list[Part] = field(default_factory=list)
    sound: set[str] = field(default_factory=set)

    def run(self) -> Verification:
        """Check in order and return what came out."""
        self.headers()
        self.digests()
        trust = self.trust()
        signature, stamped = self.signature(trust), self.timestamp(trust)
        proved = stamped.at if stamped is not None and stamped.passed else None
        self.whole(trust, proved or self.at)
        found = inside.read(
            self.content, self.container.hashed, trust, proved or self.at, sender=signature, logs=self.logs
        )
        self.parts += found.parts
        self.rewritten()
        anchors = tuple(dict.fromkeys(root for roots in trust.anchors.values() for root in roots))
        return Verification(
            worst(self.parts), tuple(self.parts), self.container.file, self.container.size, self.at, proved, anchors,
            self.given is None, found.description, found.acts, found.custody,
        )  # fmt: skip

    def content(self, name: str) -> bytes | None:
        """Return a member whose digest holds, None otherwise."""
        data = self.container.content(name) if name in self.sound else None
        return data if data is not None and Digest.of(data) == self.container.hashed[name].sha256 else None

    def say(self, name: str, sub: SubIndication, reason: str, about: str = "") -> None:
        """Note a check that does not hold."""
        self.parts.append(Part.of(name, sub, reason, about))

    def headers(self) -> None:
        """The container: one form, nothing between the files, checksums as unzip reads them."""
        found = self.container
        for entry in found.entries:
            if entry.name in found.hashed and found.hashed[entry.name].crc != entry.crc:
                found.fault(entry.name, "Its checksum in the container (CRC-32) is not that of its bytes.")
        faults = [fault for fault in found.faults if fault.where != "seal"]
        for fault in faults:
            self.say("container", SubIndication.FORMAT_FAILURE, fault.text, fault.where)
        if not faults:
            self.parts.append(Part.passed("container", f"{len(found.entries)} members, nothing between them."))

    def digests(self) -> None:
        """Every member has the digest the manifests give, and every member is in one (RFC 8493)."""
        found, before = self.container.hashed, len(self.parts)
        if "mimetype" not in found or found["mimetype"].sha256 != Digest.of(MIMETYPE):
            self.say("mimetype", SubIndication.FORMAT_FAILURE, "It is missing or altered.", "mimetype")
        expected = self.manifest(_TAGS, 64) | self.manifest("bag/manifest-sha256.txt", 64)
        second = self.manifest("bag/manifest-sha512.txt", 128)
        for name, digest in expected.items():
            if name not in found:
                self.say("digest", SubIndication.SIGNED_DATA_NOT_FOUND, "It is named but not there.", name)
            elif found[name].sha256.hex != digest:
                self.say("digest", SubIndication.HASH_FAILURE, "It is not what its SHA-256 says: altered.", name)
            elif second.get(name, found[name].sha512) != found[name].sha512:
                self.say("digest", SubIndication.HASH_FAILURE, "It is not what its SHA-512 says: altered.", name)
            else:
                self.sound.add(name)
        for name in found:
            if name not in expected and name not in _PLAIN and name not in (_TAGS, "mimetype"):
                self.say("digest", SubIndication.FORMAT_FAILURE, "It is there, but in no manifest.", name)
        if {n for n in expected if n.startswith("bag/data/")} != set(second):
            self.say("digest", SubIndication.FORMAT_FAILURE, "The two manifests of the files name other files.", _TAGS)
        if len(self.parts) == before:
            count = sum(name.startswith("bag/data/") for name in found)
            self.parts.append(Part.passed("digest", f"{count} files and {len(found) - count} papers, none altered."))

    def manifest(self, name: str, digits: int) -> dict[str, str]:
        """Return the digests a manifest gives, by member."""
        data = self.container.content(name)
        read = bag.read_manifest(data, digits) if data is not None else None
        if read is None:
            self.say("digest", SubIndication.FORMAT_FAILURE, "The manifest is missing or not of its form.", name)
            return {}
        return {f"{bag.ROOT}{path}": digest for path, digest in read.items()}

    def trust(self) -> Trust:
        """Return the anchors to rest on; those of the package where none are given."""
        if self.given is not None:
            return self.given
        roots, own = self.certificates(_ANCHORS), self.certificates(_TSA)
        by_state: dict[StateCode, tuple[x509.Certificate, ...]] = {}
        for root in roots:
            code = state_of(root)
            if code is not None:
                by_state[code] = (*by_state.get(code, ()), root)
        if roots:
            reason = "No anchor was given, so those in the package were used: compare their fingerprints."
            self.parts.append(Part.passed("anchors", reason, ", ".join(sorted(by_state))))
        return Trust(by_state, own[-1:])

    def certificates(self, name: str) -> tuple[x509.Certificate, ...]:
        """Return the certificates of a member, none where it is not sound."""
        try:
            return load_pem(self.content(name) or b"")
        except MalformedSignatureError:
            return ()

    def signature(self, trust: Trust) -> Verdict | None:
        """The list names every member by digest, and is signed."""
        listed, signed = self.container.content(asic.MANIFEST), self.container.content(asic.SIGNATURE)
        if listed is None or signed is None:
            self.say("signature", SubIndication.SIGNED_DATA_NOT_FOUND, "The signature or the list is missing.")
            return None
        digests = {n: h.sha256 for n, h in self.container.hashed.items() if n not in _PLAIN}
        named = asic.read(listed)
        if named is None:
            self.say("list", SubIndication.FORMAT_FAILURE, "The signed list is not of its form.", asic.MANIFEST)
        elif named != digests:
            differs = sorted(n for n in named.keys() | digests.keys() if named.get(n) != digests.get(n))
            for name in differs:
                self.say("list", SubIndication.HASH_FAILURE, "It is not what the signed list says.", name)
        else:
            self.parts.append(Part.passed("list", f"The signed list names all {len(named)} members."))
        return self.verdict("signature", asic.SIGNATURE, lambda: cades.verify(signed, listed, trust, self.at))

    def timestamp(self, trust: Trust) -> Verdict | None:
        """The timestamp is over the signature."""
        stamped, signed = self.container.content(asic.TIMESTAMP), self.container.content(asic.SIGNATURE)
        if stamped is None or signed is None:
            self.say("timestamp", SubIndication.SIGNED_DATA_NOT_FOUND, "The timestamp is missing.", asic.TIMESTAMP)
            return None
        return self.verdict("timestamp", asic.TIMESTAMP, lambda: timestamp.check(stamped, signed, trust))

    def verdict(self, name: str, about: str, judge: Callable[[], Verdict]) -> Verdict | None:
        """Note what a check of a signature says."""
        try:
            found = judge()
        except MalformedSignatureError as error:
            self.say(name, SubIndication.FORMAT_FAILURE, error.detail, about)
            return None
        self.parts.append(Part.judged(name, found, f"{about}: {found.subject}" if found.subject else about))
        return found

    def whole(self, trust: Trust, at: datetime) -> None:
        """The seal in the comment is over every byte before it, by the key the package names."""
        found, text = self.container.seal, "the file"
        if found is None or any(fault.where == "seal" for fault in self.container.faults):
            reason = next(fault.text for fault in self.container.faults if fault.where == "seal")
            self.say("seal", SubIndication.FORMAT_FAILURE, reason, "the comment at the end of the file")
            return
        if found.sha256 != self.container.digest:
            reason = "The bytes of the container are not those that were sealed: at least one was altered."
            self.say("seal", SubIndication.HASH_FAILURE, reason, text)
            return
        chain = self.certificates(_SIGNER)
        if not chain:
            self.say("seal", SubIndication.NO_SIGNING_CERTIFICATE_FOUND, "The sealing certificate is missing.", _SIGNER)
        elif chain[0] != self.signer():
            reason = "The whole is sealed with another certificate than the one that signed the list."
            self.say("seal", SubIndication.SIG_CONSTRAINTS_FAILURE, reason, _SIGNER)
        elif not seal.holds(found, chain[0]):
            reason = "The signature over the whole file does not hold: the comment was altered."
            self.say("seal", SubIndication.SIG_CRYPTO_FAILURE, reason, "the comment at the end of the file")
        else:
            self.parts.append(Part.judged("seal", trust.judge(chain[0], chain[1:], at), f"{text}: {name_of(chain[0])}"))

    def signer(self) -> x509.Certificate | None:
        """Return the certificate of the signature over the list."""
        try:
            return cades.chain(self.container.content(asic.SIGNATURE) or b"")[0]
        except MalformedSignatureError:
            return None

    def rewritten(self) -> None:
        """Where only the container differs, say what that means."""
        broken = {part.name for part in self.parts if part.status is Indication.FAILED}
        if broken and broken <= {"container", "seal"}:
            reason = (
                "Every file and the signature over them hold. Only the container around them was changed: another "
                "program wrote it again, or a byte between the files was altered."
            )
            self.say("rewritten", SubIndication.FORMAT_FAILURE, reason)
