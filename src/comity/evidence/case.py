"""The package for forensic tools: CASE 1.4 / UCO 1.4 in JSON-LD, its context inside, so that no network is needed.

Names are derived from digests, as NIST's case-utils does: two nodes that describe one exhibit agree without talking.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any, Final

from comity.evidence.description import Packed
from comity.evidence.item import ExhibitFile
from comity.record import Act
from comity.values import DossierId

__all__ = ["case"]

_UCO: Final = "https://ontology.unifiedcyberontology.org/uco/"
_CONTEXT: Final = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": f"{_UCO}action/",
    "uco-core": f"{_UCO}core/",
    "uco-identity": f"{_UCO}identity/",
    "uco-location": f"{_UCO}location/",
    "uco-observable": f"{_UCO}observable/",
    "uco-types": f"{_UCO}types/",
    "uco-vocabulary": f"{_UCO}vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_SPACE: Final = uuid.UUID("8a0f7c1e-6f5b-5d0e-9c1a-2f6f0a7e4b11")


def case(dossier: DossierId, exhibits: Sequence[Packed], acts: Sequence[Act]) -> bytes:
    """Return the graph: the investigation, the files with their digests, their provenance, and the acts."""
    graph: list[dict[str, Any]] = [
        {
            "@id": _id("dossier", str(dossier)),
            "@type": "case-investigation:Investigation",
            "uco-core:name": str(dossier),
            "uco-core:object": [{"@id": _id("exhibit", str(dossier), p.exhibit.number)} for p in exhibits],
        }
    ]
    for packed in exhibits:
        files = [_file(file, member) for file, member in zip(packed.exhibit.files, packed.members, strict=True)]
        graph += files
        graph.append(
            {
                "@id": _id("exhibit", str(dossier), packed.exhibit.number),
                "@type": "case-investigation:ProvenanceRecord",
                "uco-core:name": packed.exhibit.title,
                "uco-core:description": packed.exhibit.description,
                "case-investigation:exhibitNumber": packed.exhibit.number,
                "uco-core:object": [{"@id": file["@id"]} for file in files],
            }
        )
    graph += [_action(dossier, act) for act in acts]
    document = {"@context": _CONTEXT, "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _id(*parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, '/'.join(parts))}"


def _file(file: ExhibitFile, member: str) -> dict[str, Any]:
    found = file.fingerprint
    return {
        "@id": _id("file", found.sha256.hex, member),
        "@type": "uco-observable:File",
        "uco-core:hasFacet": [
            {
                "@id": _id("file-facet", found.sha256.hex, member),
                "@type": "uco-observable:FileFacet",
                "uco-observable:fileName": file.name,
                "uco-observable:filePath": member,
                "uco-observable:sizeInBytes": {"@type": "xsd:integer", "@value": str(found.size)},
            },
            {
                "@id": _id("content", found.sha256.hex, member),
                "@type": "uco-observable:ContentDataFacet",
                "uco-observable:mimeType": file.media_type,
                "uco-observable:hash": [
                    _hash("SHA256", found.sha256.hex, member),
                    _hash("SHA512", found.sha512, member),
                ],
            },
        ],
    }


def _hash(method: str, value: str, member: str) -> dict[str, Any]:
    return {
        "@id": _id("hash", value, member),
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": {"@type": "uco-vocabulary:HashNameVocab", "@value": method},
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": value},
    }


def _action(dossier: DossierId, act: Act) -> dict[str, Any]:
    return {
        "@id": _id("act", act.digest.hex),
        "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": act.kind,
        "uco-core:description": f"{act.actor.authority}, {act.actor.officer}; {act.law}".rstrip("; "),
        "uco-action:startTime": {"@type": "xsd:dateTime", "@value": act.at.isoformat()},
        "uco-action:object": [{"@id": _id("dossier", str(dossier))}],
    }
