"""Whether Twilio signed a request: over the public URL, with the present token or the one before it."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from multidict import CIMultiDictProxy, MultiDict
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)


class Signatures:
    """Checks webhooks; a proxy in front may use another address, the public one is what Twilio knows."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        self._public_url = public_url.rstrip("/")
        self._validators = [RequestValidator(token) for token in tokens]

    def signed(self, headers: CIMultiDictProxy[str], path: str, content_type: str, payload: bytes) -> bool:
        """Say whether Twilio signed this; `path` is the raw one, with its query.

        A form is signed with all values of each field, with or without the port of the address. Of another body only
        its digest is, which stands in the query (`bodySHA256`).
        """
        try:
            text = payload.decode("utf-8")
            algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
            params = MultiDict(parse_qsl(text, keep_blank_values=True)) if is_form(content_type) else text
            given, url = headers.get(SIGNATURE_HEADER, ""), self._public_url + path
            return any(validator.validate(url, params, given, algorithm) for validator in self._validators)
        except ValueError:
            return False


def is_form(content_type: str) -> bool:
    """Say whether a body is to be read as a form, as Twilio posts webhooks."""
    return content_type != "application/json"
