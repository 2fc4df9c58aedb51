"""DMARC: whether what passed speaks for the domain in From (RFC 7489)."""

import re
from dataclasses import dataclass
from functools import cache

from publicsuffixlist import PublicSuffixList

from intake.channels.mail.dns import DnsFailed, Lookup


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain publishes; `state` is `found`, `none` or `temperror`."""

    state: str
    strict_dkim: bool = False
    strict_spf: bool = False


@cache
def _suffixes() -> PublicSuffixList:
    """Return the list that comes with the package, read once; it is not fetched."""
    return PublicSuffixList()


def organization(domain: str) -> str:
    """Return the organizational domain (RFC 7489, 3.2): one label more than the public suffix."""
    return _suffixes().privatesuffix(domain) or domain


def aligned(domain: str, author: str, *, strict: bool = False) -> bool:
    """Say whether an authenticated domain speaks for the author's (RFC 7489, 3.1)."""
    if not domain or not author:
        return False
    return domain == author or (not strict and organization(domain) == organization(author))


def policy_of(author: str, lookup: Lookup) -> Policy:
    """Return what a domain or its organization publishes (RFC 7489, 6.6.3)."""
    try:
        for domain in dict.fromkeys((author, organization(author))):
            records = [
                tags
                for record in lookup(f"_dmarc.{domain}", "TXT")
                if (tags := _tags(record)).get("v") == "DMARC1"
            ]
            if len(records) == 1:
                (tags,) = records
                return Policy("found", tags.get("adkim") == "s", tags.get("aspf") == "s")
    except DnsFailed:
        return Policy("temperror")
    return Policy("none")


def _tags(record: str) -> dict[str, str]:
    if not re.match(r"\s*v\s*=\s*DMARC1\s*(?:;|$)", record):
        return {}
    pairs = (tag.partition("=") for tag in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
