"""An operator's note → a message; and how numbers are written."""

import json
import re
from datetime import datetime
from enum import StrEnum

import phonenumbers

from cases.model import Inbound
from cases.vocabulary import Channel
from intake.channels.channel import CannotUnderstand

REGION = "BO"
WRITTEN = re.compile(r"[\d\s()./+-]*")


class NumberFault(StrEnum):
    """What keeps something typed from being a telephone number; `unlikely` is one that nobody is known to have."""

    NOT_A_NUMBER = "not_a_number"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COUNTRY = "country"
    UNLIKELY = "unlikely"


def normal_number(typed: str) -> str | None:
    """Return a number as E.164, read as a Bolivian one unless it says otherwise; None if it cannot be one."""
    try:
        number = phonenumbers.parse(typed, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def fault_of(typed: str) -> NumberFault | None:
    """Say what is wrong with a number as it is typed; a possible one may still be unlikely, a good one has none."""
    kinds, found = phonenumbers.NumberParseException, phonenumbers.ValidationResult
    try:
        number = phonenumbers.parse(typed, REGION)
    except kinds as broken:
        if not WRITTEN.fullmatch(typed):
            return NumberFault.NOT_A_NUMBER
        # One digit is no number to the library, but somebody who is typing has only begun.
        named = {kinds.INVALID_COUNTRY_CODE: NumberFault.COUNTRY, kinds.TOO_LONG: NumberFault.TOO_LONG}
        return named.get(broken.error_type, NumberFault.TOO_SHORT)
    if phonenumbers.is_valid_number(number):
        return None
    return {
        found.TOO_SHORT: NumberFault.TOO_SHORT,
        found.IS_POSSIBLE_LOCAL_ONLY: NumberFault.TOO_SHORT,
        found.TOO_LONG: NumberFault.TOO_LONG,
        found.INVALID_LENGTH: NumberFault.TOO_LONG,
        found.INVALID_COUNTRY_CODE: NumberFault.COUNTRY,
    }.get(phonenumbers.is_possible_number_with_reason(number), NumberFault.UNLIKELY)


def as_dialled(number: str) -> str:
    """Return an E.164 number as people of its country dial it; anything else as it is."""
    try:
        return str(phonenumbers.parse(number).national_number)
    except phonenumbers.NumberParseException:
        return number


def translate(payload: bytes, received: datetime) -> Inbound:
    """Make a message of a note; raises CannotUnderstand."""
    try:
        note = json.loads(payload)
        return Inbound(
            channel=Channel.PHONE,
            provider_id=note["id"],
            sender=note["phone"],
            recipient=note["by"],
            sender_name=note["name"] or None,
            text=note["text"],
            system=note.get("system"),
            at=received,
        )
    except (ValueError, KeyError, TypeError) as broken:
        raise CannotUnderstand(f"the note is incomplete: {broken}") from broken
