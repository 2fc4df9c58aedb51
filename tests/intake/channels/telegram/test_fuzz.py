"""Whatever comes is a message or is not understood: arbitrary JSON, and real updates that were damaged on the way.

`VENTANILLA_FUZZ` says how many examples each property gets.
"""

import json
import os
import re
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.model import Inbound
from intake.channels.channel import CannotUnderstand
from intake.channels.telegram.groups import may_be_told
from intake.channels.telegram.kinds import file_of
from intake.channels.telegram.translate import is_group, label_of, provider_id, sender, translate
from intake.channels.telegram.update import message_in, parse
from tests.intake.channels.telegram.stand_ins import NOW
from tests.intake.channels.telegram.updates import TAKEN, UPDATES_OF_EVERY_KIND

EXAMPLES = int(os.environ.get("VENTANILLA_FUZZ", "150"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

NAMES = st.sampled_from(
    [
        *(
            "update_id",
            "message",
            "edited_message",
            "callback_query",
            "chat",
            "from",
            "id",
            "message_id",
            "type",
        ),
        *("text", "caption", "photo", "document", "file_id", "file_name", "mime_type", "file_size", "voice"),
        *("duration", "location", "latitude", "longitude", "venue", "contact", "reply_to_message", "data"),
        *(
            "forward_origin",
            "sender_user",
            "reply_markup",
            "inline_keyboard",
            "callback_data",
            "entities",
            "url",
        ),
        *(
            "my_chat_member",
            "new_chat_member",
            "status",
            "date",
            "title",
            "venue",
            "checklist",
            "dice",
            "story",
        ),
        *("media_group_id", "edit_date", "first_name", "sticker", "emoji", "poll", "pinned_message", "width"),
    ]
)
NUMBERS = st.integers() | st.integers(-2, 2) | st.sampled_from([2**63, -(2**63), 2**1000])
LEAVES = (
    st.none()
    | st.booleans()
    | NUMBERS
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["/start x", "private", "text_link", "https://a", "\ud800", "\0"])
)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=6)
    ),
    max_leaves=25,
)
MESSAGES = st.dictionaries(NAMES, ANY_JSON, max_size=6).map(
    lambda parts: {"message_id": 7, "chat": {"id": 5, "type": "private"}} | parts
)
UPDATES = st.one_of(
    ANY_JSON,
    st.dictionaries(NAMES, ANY_JSON, max_size=3),
    MESSAGES.map(lambda message: {"update_id": 1, "message": message}),
    MESSAGES.map(lambda message: {"update_id": 1, "edited_message": message}),
    MESSAGES.map(lambda message: {"update_id": 1, "callback_query": message | {"message": message}}),
    MESSAGES.map(lambda message: {"update_id": 1, "my_chat_member": message | {"new_chat_member": message}}),
)
PAYLOADS = st.binary(max_size=60) | UPDATES.map(lambda update: json.dumps(update).encode())
TAILS = st.sampled_from([b"", b"\0", b'\0{"missing":null}\0abc', b'\0{"missing":"no"}\0']) | st.binary(
    max_size=20
)


def understood(payload: bytes) -> Inbound | None:
    """Translate, and check what is promised of every message."""
    try:
        message = translate(payload, NOW)
    except CannotUnderstand as why:
        assert str(why)  # noqa: PT017 - either outcome is right
        return None
    texts = [
        message.provider_id,
        message.sender,
        message.text,
        message.sender_name or "",
        message.choice or "",
        message.edits or "",
        message.album or "",
        *message.references,
        *(f"{file.name} {file.media_type}" for file in message.attachments),
    ]
    for text in texts:
        assert text.encode() is not None, "a lone surrogate"
        assert not CONTROLS.search(text)
    assert message.provider_id
    assert message.sender
    assert message.text
    assert message.at == NOW
    assert message.token is None or re.fullmatch(r"[a-z2-7]{26}", message.token)
    assert message.edits is None or message.edits != message.provider_id
    assert message.report is None or message.automatic
    return message


@fuzzed
@given(PAYLOADS, TAILS)
def test_whatever_comes_is_a_message_or_is_not_understood(payload: bytes, tail: bytes) -> None:
    understood(payload + tail)


def test_real_updates_are_understood_where_the_desk_takes_their_kind() -> None:
    outcomes = {
        name: understood(json.dumps(update).encode()) for name, update in UPDATES_OF_EVERY_KIND.items()
    }

    assert {name for name, message in outcomes.items() if message is not None} == TAKEN


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """Return a real update in which some values were lost, doubled, exchanged or replaced."""
    update: dict[str, Any] = deepcopy(
        UPDATES_OF_EVERY_KIND[draw(st.sampled_from(sorted(UPDATES_OF_EVERY_KIND)))]
    )
    for _ in range(draw(st.integers(0, 5))):
        places = list(_places(update))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        other, other_key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["lose", "replace", "copy", "rename", "append"])):
            case "lose":
                del holder[key]
            case "replace":
                holder[key] = draw(ANY_JSON)
            case "copy":
                holder[key] = deepcopy(other[other_key])
            case "rename" if isinstance(holder, dict):
                holder[draw(NAMES)] = holder.pop(key)
            case _:
                if isinstance(holder[key], str):
                    holder[key] += draw(st.text(st.characters(), max_size=30))
                elif isinstance(holder[key], list):
                    holder[key].append(draw(ANY_JSON))
    return update


def _places(value: Any) -> Any:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])


@fuzzed
@given(damaged(), TAILS)
def test_a_damaged_update_is_a_message_or_is_not_understood(update: dict[str, Any], tail: bytes) -> None:
    understood(json.dumps(update).encode() + tail)


@fuzzed
@given(
    st.sampled_from(sorted(UPDATES_OF_EVERY_KIND)),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=8), st.integers(0, 40)), max_size=6),
)
def test_damaged_bytes_are_a_message_or_are_not_understood(
    name: str, changes: list[tuple[int, bytes, int]]
) -> None:
    body = json.dumps(UPDATES_OF_EVERY_KIND[name], ensure_ascii=False).encode()
    for place, piece, lost in changes:
        at = place % (len(body) + 1)
        body = body[:at] + piece + body[at + lost :]

    understood(body)


@fuzzed
@given(
    damaged()
    | st.dictionaries(NAMES, ANY_JSON, max_size=4)
    | UPDATES.filter(lambda update: isinstance(update, dict))
)
def test_the_door_reads_any_object(update: dict[str, Any]) -> None:
    update = parse(json.dumps(update).encode())

    assert isinstance(is_group(update), bool)
    assert isinstance(may_be_told(update), bool)
    assert isinstance(sender(update), str)
    assert isinstance(label_of(message_in(update), "x"), str)
    assert provider_id(update) != ""
    file = file_of(message_in(update))
    assert file is None or (file.name and "/" not in file.name and "\n" not in file.name)
