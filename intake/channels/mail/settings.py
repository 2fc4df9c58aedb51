"""The settings of mail."""

from pydantic import BaseModel, Field, SecretStr


class MailSettings(BaseModel):
    """Where mail comes in and how it goes out; `docs/channels/mail.md` shows them in use."""

    smtp_host: str = Field("127.0.0.1", description="Address on which the mail listener waits.")
    smtp_port: int = Field(8025, ge=0, le=65535, description="Port of the mail listener.")
    smtp_lmtp: bool = Field(False, description="Speak LMTP (RFC 2033) instead of SMTP on the mail listener.")
    mail_address: str | None = Field(
        None,
        description="The desk's own mail address; only it and its plus-addresses are accepted. Unset: any recipient's mail is kept, none is relayed.",
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
    mail_max_size: int = Field(
        26_214_400, gt=0, description="Largest mail accepted, in bytes (announced as SIZE)."
    )
