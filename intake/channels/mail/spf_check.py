"""SPF: whether the machine that hands a mail over may use the envelope's domain (RFC 7208)."""

from typing import Any

import spf  # type: ignore[import-untyped]

from intake.channels.mail.dns import DnsFailed, Lookup

_BYTES = ("TXT", "SPF")


class _Query(spf.query):  # type: ignore[misc]  # the library ships no types
    """The library's evaluation, with the records that the lookup gives; its own DNS code and clock are left out."""

    lookup: Lookup

    def dns(
        self,
        name: str,
        qtype: str,
        cnames: Any = None,  # noqa: ARG002  # the library's signature; the lookup follows aliases itself
        ignore_void: bool = False,  # noqa: FBT001, FBT002  # likewise
    ) -> list[Any]:
        """Return the records of a name as the library wants them, and count those that led nowhere."""
        labels = name.rstrip(".").split(".")
        if any(not 0 < len(label) < 64 for label in labels):  # noqa: PLR2004  # RFC 1035, 2.3.4
            return []
        try:
            found = self.lookup(name.rstrip(".").lower(), qtype)
        except DnsFailed as error:
            raise spf.TempError(str(error)) from error
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many void lookups")
        return [_record(qtype, record) for record in found]


def _record(kind: str, text: str) -> Any:
    if kind in _BYTES:
        return (text.encode("utf-8", "surrogateescape"),)
    if kind == "MX":
        preference, _, host = text.partition(" ")
        return int(preference), host.rstrip(".")
    return text.rstrip(".")


def spf_result(address: str, mail_from: str, helo: str, lookup: Lookup) -> tuple[str, str]:
    """Return SPF's result (RFC 7208, 2.6) and the domain that it is about; for a null sender the HELO's (2.4)."""
    domain = (mail_from.rpartition("@")[2] if mail_from else helo).strip(".").lower()
    if "." not in domain or not domain.isascii() or domain.startswith("["):
        return "none", ""
    try:
        query = _Query(i=address, s=mail_from, h=helo or domain)
        query.lookup = lookup
        result = str(query.check()[0])
    except spf.TempError:
        result = "temperror"
    except (spf.PermError, ValueError, IndexError, KeyError, AttributeError):
        # The library lets some malformed records out as what Python says about them.
        result = "permerror"
    return result, domain
