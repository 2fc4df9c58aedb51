"""What the Telegram channel is told."""

import re
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, field_validator


class TelegramSettings(BaseModel):
    """The bot; without a token the channel is off."""

    telegram_token: SecretStr | None = Field(
        None, description="The bot's token, as BotFather gives it; unset turns Telegram off."
    )
    telegram_username: str | None = Field(
        None,
        description="The bot's user name (ends in bot), for the link by which a person goes on with a case in Telegram; unset: no link.",
    )
    telegram_secret: SecretStr | None = Field(
        None,
        description="What Telegram's webhook carries to show that it is Telegram's (1 to 256 of A-Z a-z 0-9 _ -); made from the token if unset.",
    )
    telegram_mode: Literal["webhook", "polling"] = Field(
        "webhook",
        description="webhook: Telegram calls the public URL, which must be https; polling: the service asks Telegram, on one node.",
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org",
        description="Telegram's Bot API, or any server that is compatible with it.",
    )

    @field_validator("telegram_secret")
    @classmethod
    def _fits_the_header(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("Telegram takes 1 to 256 of A-Z, a-z, 0-9, _ and - as a secret")
        return secret
