"""What the WhatsApp channel is told."""

from pydantic import BaseModel, Field, SecretStr


class WhatsAppSettings(BaseModel):
    """Twilio's account; without account SID and token the channel is off."""

    twilio_account_sid: str | None = Field(
        None, description="Twilio account SID (AC…); unset turns WhatsApp off."
    )
    twilio_auth_token: SecretStr | None = Field(
        None, description="Twilio auth token: signs webhooks, opens the API."
    )
    twilio_previous_auth_token: SecretStr | None = Field(
        None, description="The token before a rotation; webhooks signed with it are still taken."
    )
    twilio_whatsapp_from: str | None = Field(
        None,
        description="The desk's WhatsApp number (+591…), used where the message did not come to another one.",
    )
    twilio_messaging_service_sid: str | None = Field(
        None,
        description="Messaging service (MG…) that sends; answers still go out from the number that was written to.",
    )
    twilio_api_url: str = Field(
        "https://api.twilio.com", description="Twilio's API, or any server that is compatible with it."
    )
    whatsapp_media_max: int = Field(
        16_777_216, gt=0, description="Largest file that is fetched from a WhatsApp message, in bytes."
    )
