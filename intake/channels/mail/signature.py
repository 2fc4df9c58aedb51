"""DKIM signatures on the answers (RFC 6376)."""

from collections.abc import Callable
from pathlib import Path

import dkim  # type: ignore[import-untyped]

SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"auto-submitted",
    b"reply-to",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
)


def signer(key: Path) -> Callable[[bytes, str], bytes]:
    """Return what puts a domain's signature in front of a mail; OSError or ValueError if the key is unusable.

    The file's name without its extension is the selector, as `opendkim-genkey` names it.
    """
    pem = key.read_bytes()
    selector = key.stem.encode("ascii")

    def sign(mail: bytes, domain: str) -> bytes:
        field: bytes = dkim.sign(
            mail,
            selector,
            domain.encode("ascii"),
            pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=list(SIGNED),
        )
        return field + mail

    try:
        sign(b"From: a@example.org\r\n\r\n\r\n", "example.org")
    except dkim.DKIMException as error:
        raise ValueError(f"VENTANILLA_MAIL_DKIM_KEY: {key} no sirve como clave DKIM: {error}") from error
    return sign
