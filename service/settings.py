"""One frozen object of settings, read once: `VENTANILLA_*` variables, or the same keys in a TOML file."""

import difflib
import os
import secrets
import tomllib
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import list_supported_countries
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from intake.channels.mail.settings import MailSettings
from intake.channels.telegram.settings import TelegramSettings
from intake.channels.whatsapp.settings import WhatsAppSettings
from workflow.clocks import Calendar

PREFIX = "VENTANILLA_"
CONFIG = "VENTANILLA_CONFIG"
SIMULATED_ACCOUNT = "AC" + "0" * 32
SIMULATED_BOT = "7000000099"
SIMULATED_NUMBER = "+59170000099"


class SettingsError(Exception):
    """The settings cannot be used; the message names the key and what to do."""


class ServiceSettings(BaseModel):
    """What the service itself is told."""

    database_url: str = Field(
        "sqlite:///var/ventanilla.db", description="SQLite file or postgresql://… for several nodes."
    )
    host: str = Field("127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(8080, ge=0, le=65535, description="Port that the web server listens on.")
    public_url: str = Field(
        "http://127.0.0.1:8080",
        description="Address by which providers and people reach the service; signatures are checked against it.",
    )
    secret_key: SecretStr | None = Field(
        None,
        description="The service's own secret; made and kept under var/ on the first run, required once the public URL is https.",
    )
    work_hours: str = Field(
        "08:30-12:30,14:30-18:30", description="Hours of work, Monday to Friday, of estimates and clocks."
    )
    timezone: str = Field("America/La_Paz", description="Time zone of the desk.")
    holidays: str = Field("BO", description="Country whose holidays are no days of work (ISO 3166).")
    reopening_days: int = Field(
        14,
        ge=0,
        description="Days in which a person's answer reopens a closed case; later it opens a linked one.",
    )
    assign: Literal["hand", "balanced"] = Field(
        "hand",
        description="Who gets a case that reaches a role: nobody until somebody takes it (`hand`), or who is available and has the fewest (`balanced`).",
    )
    undo_seconds: int = Field(
        10,
        ge=0,
        le=120,
        description="Seconds in which an answer written in the console can be taken back before it leaves; 0: it leaves at once.",
    )
    systems_file: str | None = Field(
        None, description="TOML file of the systems that the desk supports; the shipped one if unset."
    )
    model_dir: str = Field("var/model", description="Folder of the trained classifier.")
    second_opinion: bool = Field(
        True,
        description="Ask the sentence model, if it is installed and the model was trained with it, where the fast one is unsure.",
    )
    simulated: bool = Field(
        False,
        description="Development only: a simulated phone and mailbox stand in for the providers, with no account.",
    )
    simulated_smtp_port: int = Field(
        8026, ge=0, le=65535, description="Port of the simulated mailbox (development only)."
    )

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no time zone {name!r}; write one such as America/La_Paz") from None
        return name

    @field_validator("work_hours")
    @classmethod
    def _are_hours(cls, hours: str) -> str:
        Calendar.of(hours, UTC)
        return hours

    @field_validator("holidays")
    @classmethod
    def _is_country(cls, country: str) -> str:
        if country not in list_supported_countries():
            raise ValueError(f"no holidays are known for {country!r}; write a country such as BO")
        return country

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise ValueError("write an address such as https://soporte.example.bo")
        return url.rstrip("/")


class Settings(WhatsAppSettings, TelegramSettings, MailSettings, ServiceSettings):
    """Everything that Ventanilla can be told; `docs/settings.md` is made from here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_settings(environment: Mapping[str, str] | None = None) -> tuple[Settings, dict[str, str]]:
    """Return the settings and each key's origin; raises SettingsError naming an unknown key's nearest known one."""
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    path = environment.get(CONFIG)
    if path:
        for key, value in _file(Path(path)).items():
            _take(key, value, f"file {path}", values, origins)
    for name, value in environment.items():
        if name.startswith(PREFIX) and name != CONFIG:
            _take(name, value, "environment", values, origins)
    if "port" in values and "public_url" not in values:
        values["public_url"] = f"http://127.0.0.1:{values['port']}"
        origins["public_url"] = f"{PREFIX}PORT"
    if str(values.get("simulated", "")).lower() in ("1", "true", "yes", "on"):
        _simulate(values, origins)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as wrong:
        fault = wrong.errors()[0]
        key = PREFIX + str(fault["loc"][0]).upper()
        raise SettingsError(f"{key}: {fault['msg']}") from None
    return _with_secret(settings, origins), origins


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as missing:
        raise SettingsError(f"{CONFIG}: cannot read {path}: {missing.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise SettingsError(f"{CONFIG}: {path} is not valid TOML: {broken}") from None


def _take(name: str, value: Any, origin: str, values: dict[str, Any], origins: dict[str, str]) -> None:
    key = name.removeprefix(PREFIX).lower()
    if key not in Settings.model_fields:
        near = difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.5)
        hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
        raise SettingsError(f"{name}: there is no such setting{hint}")
    values[key] = value
    origins[key] = origin


def _simulate(values: dict[str, Any], origins: dict[str, str]) -> None:
    """Point the channels that have no account at the simulated providers."""
    url = values.get("public_url", ServiceSettings.model_fields["public_url"].default)
    port = values.get("simulated_smtp_port", ServiceSettings.model_fields["simulated_smtp_port"].default)
    simulated = {
        "twilio_account_sid": SIMULATED_ACCOUNT,
        "twilio_auth_token": kept_secret("simulated-twilio-token"),
        "twilio_whatsapp_from": SIMULATED_NUMBER,
        "twilio_api_url": f"{url}/simulated/twilio",
        "telegram_token": f"{SIMULATED_BOT}:{kept_secret('simulated-telegram-token')}",
        "telegram_api_url": f"{url}/simulated/telegram",
        "mail_address": "soporte@example.bo",
        "mail_any_recipient": True,
        "mail_smarthost": f"smtp://127.0.0.1:{port}",
    }
    for key, value in simulated.items():
        if key not in values:
            values[key] = value
            origins[key] = "simulated"


def _with_secret(settings: Settings, origins: dict[str, str]) -> Settings:
    if settings.secret_key is not None:
        return settings
    if settings.public_url.startswith("https:"):
        raise SettingsError(f"{PREFIX}SECRET_KEY: required once {PREFIX}PUBLIC_URL is https")
    origins["secret_key"] = "var/secret-key"  # noqa: S105 - where it is kept, not what it is
    return settings.model_copy(update={"secret_key": SecretStr(kept_secret("secret-key"))})


def kept_secret(name: str, folder: Path = Path("var")) -> str:
    """Return a secret that is made on the first run and kept, readable by its owner only."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
    return path.read_text("ascii").strip()


def described(settings: Settings, origins: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """Return (key, value, origin, help) of every setting, secrets masked."""
    return [
        (
            PREFIX + name.upper(),
            _shown(getattr(settings, name)),
            origins.get(name, "default"),
            field.description or "",
        )
        for name, field in Settings.model_fields.items()
    ]


def _shown(value: Any) -> str:
    if value is None:
        return "(unset)"
    if isinstance(value, SecretStr):
        return "********"
    text = str(value)
    split = urlsplit(text)
    if split.password:
        return text.replace(f":{split.password}@", ":********@")
    return text
