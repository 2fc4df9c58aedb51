"""The settings of mail."""

from typing import Literal

from pydantic import BaseModel, Field, SecretStr


class MailSettings(BaseModel):
    """Where mail comes in and how it goes out; `docs/channels/mail.md` shows them in use."""

    smtp_host: str = Field("127.0.0.1", description="Address on which the mail listener waits.")
    smtp_port: int = Field(8025, ge=0, le=65535, description="Port of the mail listener.")
    smtp_lmtp: bool = Field(False, description="Speak LMTP (RFC 2033) instead of SMTP on the mail listener.")
    smtp_tls_cert: str | None = Field(
        None,
        description="PEM file with the listener's certificate and chain; STARTTLS is offered with it and smtp_tls_key.",
    )
    smtp_tls_key: str | None = Field(
        None,
        description="PEM file with the key of smtp_tls_cert; unset, the key is in the certificate's file.",
    )
    mail_address: str | None = Field(
        None,
        description="The desk's own mail address; only it and its plus-addresses are accepted. Unset: any recipient's mail is kept, none is relayed.",
    )
    mail_any_recipient: bool = Field(
        False, description="Take mail for any recipient although the desk has an address (development)."
    )
    mail_smarthost: SecretStr | None = Field(
        None,
        description="Server that sends the answers: smtp://user:pass@host:port (STARTTLS when offered) or smtps://…",
    )
    mail_dkim_key: str | None = Field(
        None, description="PEM file with the DKIM private key; its name without extension is the selector."
    )
    mail_imap_url: SecretStr | None = Field(
        None,
        description="Mailbox to poll, imaps://user:pass@host/folder, for desks whose mailbox stays elsewhere.",
    )
    mail_imap_seconds: int = Field(
        60,
        ge=1,
        le=1500,
        description="Seconds between two looks into the mailbox; with IDLE new mail is seen at once.",
    )
    mail_imap_after: Literal["seen", "delete"] = Field(
        "seen",
        description="What becomes of a mail in the mailbox once it is kept here: marked as seen, or deleted.",
    )
    mail_max_size: int = Field(
        26_214_400, gt=0, description="Largest mail accepted, in bytes (announced as SIZE)."
    )
    mail_per_hour: int = Field(
        120,
        gt=0,
        description="Mails taken in an hour from one sender at one machine; more are asked to come later.",
    )
    mail_check_senders: bool = Field(
        True, description="Check SPF, DKIM, DMARC and ARC of mail that its sender's server hands over."
    )
    mail_trusted_authserv: str | None = Field(
        None,
        description="Name (authserv-id) of one's own mail server whose Authentication-Results are believed; it must remove those that others forge in its name.",
    )
    mail_relays: str = Field(
        "",
        description="Addresses or networks, with commas, of one's own mail servers that are neither on this machine nor in a private network.",
    )
    mail_trusted_sealers: str = Field(
        "google.com,microsoft.com,outlook.com",
        description="Domains, with commas, whose ARC seals are believed about a forwarded mail.",
    )
