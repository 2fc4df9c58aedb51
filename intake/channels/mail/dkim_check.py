"""DKIM and ARC: whose signatures on a mail are valid (RFC 6376, RFC 8617)."""

import binascii
from dataclasses import dataclass

import dkim  # type: ignore[import-untyped]

from intake.channels.mail.dns import DnsFailed, Lookup

MAX_SIGNATURES = 5
MAX_SEALS = 10
SECONDS = 3
_UNREADABLE = (
    dkim.DKIMException,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    binascii.Error,
)
"""What the library raises over a signature that is none; it promises the first only."""


@dataclass(frozen=True, slots=True)
class Chain:
    """An ARC chain: its result, and from the newest set on who sealed it and what they had found."""

    result: str
    seals: tuple[tuple[str, bytes], ...] = ()


def dkim_results(mail: bytes, lookup: Lookup) -> list[tuple[str, str]]:
    """Return the result and the domain of each signature, of the first five."""
    try:
        present = [name for name, _ in dkim.DKIM(mail).headers if name.lower() == b"dkim-signature"]
    except _UNREADABLE:
        return []
    return [_verified(mail, place, lookup) for place in range(min(len(present), MAX_SIGNATURES))]


def _verified(mail: bytes, place: int, lookup: Lookup) -> tuple[str, str]:
    ask = _Ask(lookup)
    check = dkim.DKIM(mail, timeout=SECONDS)
    try:
        valid = bool(check.verify(idx=place, dnsfunc=ask))
    except _UNREADABLE:
        valid = False
    fields: dict[bytes, bytes] = check.signature_fields or {}
    domain = _domain(fields.get(b"d", b""))
    if ask.failed:
        return "temperror", domain
    if not valid:
        return "fail", domain
    # A signature that leaves out From or the end of the text, or is made with SHA-1, proves nothing (RFC 6376, 5.4
    # and 8.2; RFC 8301, 3.1).
    covers = b"from" in check.include_headers and b"l" not in fields
    strong = fields.get(b"a", b"").lower() != b"rsa-sha1"
    return ("pass" if covers and strong else "policy"), domain


def arc_chain(mail: bytes, lookup: Lookup) -> Chain:
    """Return the state of the chain by which mail servers on the way vouch for what they found (RFC 8617, 5.2)."""
    ask = _Ask(lookup)
    try:
        check = dkim.ARC(mail, timeout=SECONDS)
        seals = [name for name, _ in check.headers if name.lower() == b"arc-seal"]
        if not seals:
            return Chain("none")
        if len(seals) > MAX_SEALS:
            return Chain("fail")
        state, sets, _ = check.verify(dnsfunc=ask)
    except _UNREADABLE:
        return Chain("temperror" if ask.failed else "fail")
    if ask.failed:
        return Chain("temperror")
    if state != dkim.CV_Pass:
        return Chain("fail")
    return Chain("pass", tuple((_domain(found["as-domain"]), found["aar-value"]) for found in sets))


class _Ask:
    """The lookup as the library calls it, remembering whether it failed."""

    def __init__(self, lookup: Lookup) -> None:
        self.failed = False
        self._lookup = lookup

    def __call__(self, name: bytes, timeout: float = SECONDS) -> bytes | None:  # noqa: ARG002  # the library's names
        """Return a key record, or None."""
        try:
            found = self._lookup(name.decode("ascii", "replace").rstrip(".").lower(), "TXT")
        except DnsFailed:
            self.failed = True
            return None
        return found[0].encode("ascii", "replace") if found else None


def _domain(raw: bytes) -> str:
    return raw.decode("ascii", "replace").strip().lower()
