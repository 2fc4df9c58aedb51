"""How the entries of a case record are chained, so that a change to any of them shows.

The data of an entry enters its hash through a salted digest: a value can be erased at a person's request and the
chain still stands.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GENESIS = "0" * 64


def canonical(data: Mapping[str, Any]) -> str:
    """Write data as JSON in the one form that is hashed: keys sorted, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(data: Mapping[str, Any], salt: str) -> str:
    """Return the salted SHA-256 of an entry's data, in hex."""
    return hashlib.sha256(f"{salt}\n{canonical(data)}".encode()).hexdigest()


def link(previous: str, case: str, head: Mapping[str, Any], at: datetime, data_digest: str) -> str:
    """Return an entry's hash (SHA-256, hex) over the one before it and everything that the entry says."""
    said = {
        **head,
        "case": case,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "data": data_digest,
    }
    return hashlib.sha256(f"{previous}\n{canonical(said)}".encode()).hexdigest()
