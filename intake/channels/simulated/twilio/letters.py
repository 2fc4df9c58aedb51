"""A message that the desk asks the twin to send: checked as Twilio checks it, and made what a phone shows."""

import json
import re
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web

from intake.channels.simulated.twilio.state import (
    SENT_BY_DESK,
    Bubble,
    Button,
    File,
    Json,
    State,
    new_sid,
)
from intake.channels.simulated.twilio.wire import error

LONGEST, LONGEST_WITH_BUTTONS = 1600, 1024
MOST_BUTTONS, LONGEST_TITLE, MOST_ROWS, LONGEST_ROW = 3, 20, 10, 24
OUTSIDE, NO_DOWNLOAD, INVALID = 63016, 63019, 63021
OK = 200
APPROVED = "approved"

_PLACE = re.compile(r"\{\{(\w+)\}\}")


def made(state: State, form: Mapping[str, str]) -> Bubble | web.Response:
    """Make the message that `POST Messages.json` asks for, or the error that Twilio answers at once.

    What only shows later (the window, the recipient, the content) is in the message's `error`.
    """
    refused = _refused(state, form)
    if refused is not None:
        return refused
    to = form["To"]
    phone = to.removeprefix("whatsapp:")
    service = form.get("MessagingServiceSid") or None
    bubble = Bubble(
        new_sid("MM" if form.get("MediaUrl") else "SM"),
        SENT_BY_DESK,
        form.get("Body", ""),
        state.now(),
        to,
        form.get("From") or f"whatsapp:{state.number}",
        "accepted" if service else "queued",
        service=service,
        callback=form.get("StatusCallback", ""),
    )
    sid = form.get("ContentSid")
    if sid:
        wrong = _fill(bubble, state, sid, form.get("ContentVariables", ""))
        if wrong is not None:
            return wrong
    approved = sid is not None and sid in state.contents and state.contents[sid].status == APPROVED
    if state.outside(phone) and not approved:
        bubble.error = OUTSIDE
    bubble.error = state.unreached.get(phone, bubble.error)
    return bubble


def _refused(state: State, form: Mapping[str, str]) -> web.Response | None:
    """Return the error of a message that is wrong in itself."""
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    phone = to.removeprefix("whatsapp:")
    checks = (
        (not to, 21604, "A 'To' phone number is required."),
        (
            not re.fullmatch(r"whatsapp:\+[0-9]{6,15}", to),
            21211,
            f"The 'To' number {to} is not a valid phone number.",
        ),
        (not sender and not form.get("MessagingServiceSid"), 21603, "A 'From' phone number is required."),
        (
            bool(sender and state.numbers) and sender.removeprefix("whatsapp:") not in state.numbers,
            63007,
            "Twilio could not find a Channel with the specified From address",
        ),
        (sender == to, 63031, "Channels message cannot have same From and To"),
        (
            not (body.strip() or form.get("MediaUrl") or form.get("ContentSid")),
            21602,
            "Message body is required.",
        ),
        (
            len(body) > LONGEST,
            21617,
            "The concatenated message body exceeds the 1600 character limit.",
        ),
        (phone in state.opted_out, 21610, "Attempt to send to unsubscribed recipient"),
    )
    return next((error(400, code, why) for wrong, code, why in checks if wrong), None)


def _fill(bubble: Bubble, state: State, sid: str, variables: str) -> web.Response | None:
    """Fill a template in; returns the error where that cannot be."""
    template = state.contents.get(sid)
    if template is None:
        return error(400, 21655, f"The ContentSid {sid} is Invalid")
    try:
        given = json.loads(variables or "{}")
        values = template.variables | {str(name): str(value) for name, value in given.items()}
    except (ValueError, AttributeError):
        return error(400, 21656, "The ContentVariables Parameter is invalid")
    kind, form = next(iter(template.types.items()))
    filled: Json = _filled(form, values)
    bubble.body = str(filled.get("body") or filled.get("title") or "")
    if kind == "twilio/quick-reply":
        bubble.buttons = [Button(str(a["title"]), str(a["id"])) for a in filled["actions"]]
        most, longest = MOST_BUTTONS, LONGEST_TITLE
    elif kind == "twilio/list-picker":
        bubble.opener = str(filled["button"])
        bubble.buttons = [
            Button(str(i["item"]), str(i["id"]), str(i.get("description") or "")) for i in filled["items"]
        ]
        most, longest = MOST_ROWS, LONGEST_ROW
    else:
        return None
    titles = [button.title for button in bubble.buttons]
    if (
        len(bubble.body) > LONGEST_WITH_BUTTONS
        or len(titles) > most
        or len(set(titles)) < len(titles)
        or any(not 0 < len(title) <= longest for title in titles)
    ):
        bubble.error = INVALID
    return None


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    """Put values into all places of a template."""
    if isinstance(value, str):
        return _PLACE.sub(lambda found: variables.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(one, variables) for one in value]
    if isinstance(value, dict):
        return {name: _filled(one, variables) for name, one in value.items()}
    return value


async def collect(bubble: Bubble, url: str) -> None:
    """Fetch the file of a message as Twilio does, after it has taken the message."""
    try:
        async with aiohttp.ClientSession() as session, session.get(url, allow_redirects=True) as answer:
            content, told = await answer.read(), answer.content_disposition
            if answer.status != OK:
                raise aiohttp.ClientPayloadError(f"HTTP {answer.status}")
    except (aiohttp.ClientError, ValueError):
        bubble.error = bubble.error or NO_DOWNLOAD
        return
    name = told.filename if told else None
    bubble.files.append(File(new_sid("ME"), answer.content_type, content, name))
