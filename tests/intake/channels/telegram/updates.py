"""An update of every kind that the Bot API's documentation lists, and a message of every kind."""

from typing import Any

from tests.intake.channels.telegram.stand_ins import ROSA, a_message

Json = dict[str, Any]

USER: Json = {"id": ROSA, "is_bot": False, "first_name": "Rosa", "last_name": "Mamani", "language_code": "es"}
OTHER: Json = {"id": 222222, "is_bot": False, "first_name": "Otra", "username": "otra"}
BOT: Json = {"id": 123456, "is_bot": True, "first_name": "Mesa", "username": "mesa_bot"}
CHAT: Json = {"id": ROSA, "type": "private", "first_name": "Rosa"}
CHANNEL: Json = {"id": -1001234567890, "type": "channel", "title": "Canal"}
GROUP: Json = {"id": -1009876543210, "type": "supergroup", "title": "Vecinos", "is_forum": True}
FILE: Json = {"file_id": "AgACAgEAAx0", "file_unique_id": "AQADd", "file_size": 141253}
PHOTO: list[Json] = [FILE | {"width": 90, "height": 67}, FILE | {"width": 1280, "height": 960}]
DOCUMENT: Json = FILE | {"file_name": "factura.pdf", "mime_type": "application/pdf"}
VIDEO: Json = FILE | {"width": 640, "height": 480, "duration": 61, "mime_type": "video/mp4"}
PLACE: Json = {"latitude": -16.4897, "longitude": -68.1193}
KEYBOARD: Json = {
    "inline_keyboard": [
        [{"text": "Sí, resuelto", "callback_data": "solved:yes"}],
        [{"text": "Página", "url": "https://mesa.example.bo/caso/abc"}],
    ]
}
TEXT: Json = {
    "text": "Entre aquí 😀 /start",
    "entities": [
        {"type": "text_link", "offset": 6, "length": 4, "url": "https://gob.example/a"},
        {"type": "bot_command", "offset": 14, "length": 6},
    ],
}
FORWARDED: Json = {
    "forward_origin": {
        "type": "channel",
        "date": 1441645550,
        "chat": CHANNEL,
        "message_id": 3,
        "author_signature": "Ana",
    },
    "forward_from_chat": CHANNEL,
    "forward_from_message_id": 3,
    "forward_date": 1441645550,
}
PARTS: dict[str, Json] = {
    "text": TEXT,
    "start": {"text": "/start", "entities": [{"type": "bot_command", "offset": 0, "length": 6}]},
    "link": {"text": "/start abcdefghijklmnopqrstuvw234"},
    "forwarded": TEXT | FORWARDED,
    "forwarded by somebody hidden": TEXT | {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Ana"}},
    "reply": TEXT | {"reply_to_message": a_message(message_id=1334, text="Original"), "quote": {"text": "Ori", "position": 0}},
    "external reply": TEXT | {"external_reply": {"origin": {"type": "user", "date": 1, "sender_user": OTHER}, "chat": GROUP}},
    "photo": {"photo": PHOTO, "caption": "Sale esto", "media_group_id": "13541234567890"},
    "document": {"document": DOCUMENT, "caption": "La factura", "caption_entities": TEXT["entities"]},
    "animation": {"animation": VIDEO, "document": DOCUMENT},
    "voice": {"voice": FILE | {"duration": 5, "mime_type": "audio/ogg"}},
    "audio": {"audio": FILE | {"duration": 243, "performer": "Ana", "title": "Canción", "file_name": "a.mp3"}},
    "video": {"video": VIDEO | {"cover": PHOTO, "qualities": []}, "has_media_spoiler": True},
    "video_note": {"video_note": FILE | {"length": 240, "duration": 7}},
    "sticker": {"sticker": FILE | {"type": "regular", "width": 512, "height": 512, "emoji": "👍", "set_name": "x"}},
    "location": {"location": PLACE | {"live_period": 900, "heading": 90, "horizontal_accuracy": 12.5}},
    "venue": {"venue": {"location": PLACE, "title": "AGETIC", "address": "Calle 1"}, "location": PLACE},
    "contact": {"contact": {"phone_number": "+59170000001", "first_name": "Rosa", "user_id": ROSA, "vcard": "BEGIN:VCARD"}},
    "poll": {"poll": {"id": "1", "question": "¿Funciona?", "options": [{"text": "Sí", "voter_count": 0}], "type": "regular"}},
    "checklist": {"checklist": {"title": "Compras", "tasks": [{"id": 1, "text": "Pan"}]}},
    "dice": {"dice": {"emoji": "🎲", "value": 5}},
    "game": {"game": {"title": "Juego", "description": "…", "photo": PHOTO}},
    "story": {"story": {"chat": CHANNEL, "id": 1}},
    "paid media": {"paid_media": {"star_count": 5, "paid_media": [{"type": "photo", "photo": PHOTO}]}},
    "invoice": {"invoice": {"title": "Pago", "description": "…", "currency": "BOB", "total_amount": 100}},
    "payment": {"successful_payment": {"currency": "XTR", "total_amount": 1, "invoice_payload": "a"}},
    "users shared": {"users_shared": {"request_id": 1, "users": [{"user_id": 5}]}},
    "web app": {"web_app_data": {"data": "x", "button_text": "Abrir"}},
    "passport": {"passport_data": {"data": [], "credentials": {"data": "x", "hash": "x", "secret": "x"}}},
    "giveaway": {"giveaway": {"chats": [CHANNEL], "winners_selection_date": 1, "winner_count": 1}},
    "gift": {"gift": {"gift": {"id": "1", "sticker": FILE}}},
    "pinned": {"pinned_message": a_message(text="Hola")},
    "timer": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
    "access": {"write_access_allowed": {"from_request": True}},
    "by another bot": TEXT | {"via_bot": BOT, "from": BOT},
    "of a kind to come": {"hologram": {"depth": 3}},
}  # fmt: skip
MEMBER: Json = {
    "chat": CHAT,
    "from": USER,
    "date": 1441645532,
    "old_chat_member": {"user": BOT, "status": "member"},
    "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
}
BUSINESS: Json = {"business_connection_id": "b1"}
PRESS: Json = {"id": "4382bfdwdsb323b2d9", "from": USER, "chat_instance": "42a", "data": "solved:yes"}
REACTED: Json = {"chat": CHAT, "message_id": 1365, "date": 1441645532}
BOOST: Json = {
    "boost_id": "1",
    "add_date": 1,
    "expiration_date": 2,
    "source": {"source": "premium", "user": USER},
}

_MESSAGES: dict[str, Json] = {
    f"message: {name}": {"message": a_message(**parts)} for name, parts in PARTS.items()
}
_EDITS: dict[str, Json] = {
    f"edit: {name}": {"edited_message": a_message(edit_date=1441646600, **PARTS[name])}
    for name in ("text", "start", "photo", "document", "location")
}
_PRESSES: dict[str, Json] = {
    "press": {"callback_query": PRESS | {"message": a_message(text="¿Resolvió?", reply_markup=KEYBOARD)}},
    "press under an old message": {
        "callback_query": PRESS | {"message": {"chat": CHAT, "message_id": 7, "date": 0}}
    },
    "press elsewhere": {"callback_query": PRESS | {"inline_message_id": "1234csdbsk4839"}},
    "press of a game": {"callback_query": {"id": "1", "from": USER, "game_short_name": "x"}},
}
_STANDINGS: dict[str, Json] = {
    "blocked": {"my_chat_member": MEMBER},
    "allowed again": {"my_chat_member": MEMBER | {"new_chat_member": {"user": BOT, "status": "member"}}},
    "let into a group": {"my_chat_member": MEMBER | {"chat": GROUP, "new_chat_member": {"user": BOT, "status": "member"}}},
}  # fmt: skip
_OTHERS: dict[str, Json] = {
    "channel_post": {"channel_post": a_message(text="Hola", chat=CHANNEL)},
    "edited_channel_post": {"edited_channel_post": a_message(text="Hola", chat=CHANNEL, edit_date=2)},
    "business_connection": {"business_connection": {"id": "b1", "user": USER, "user_chat_id": ROSA, "date": 1, "is_enabled": True}},
    "business_message": {"business_message": a_message(text="Hola", **BUSINESS)},
    "edited_business_message": {"edited_business_message": a_message(text="Hola", edit_date=2, **BUSINESS)},
    "deleted_business_messages": {"deleted_business_messages": {"chat": CHAT, "message_ids": [1, 2], **BUSINESS}},
    "message_reaction": {
        "message_reaction": REACTED
        | {"user": USER, "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}
    },
    "message_reaction_count": {"message_reaction_count": REACTED | {"reactions": [{"type": {"type": "paid"}, "total_count": 3}]}},
    "inline_query": {"inline_query": {"id": "134567890097", "from": USER, "query": "caso", "offset": ""}},
    "chosen_inline_result": {"chosen_inline_result": {"result_id": "12", "from": USER, "query": "caso"}},
    "shipping_query": {"shipping_query": {"id": "1", "from": USER, "invoice_payload": "a", "shipping_address": {"city": "La Paz"}}},
    "pre_checkout_query": {"pre_checkout_query": {"id": "1", "from": USER, "currency": "BOB", "total_amount": 100}},
    "purchased_paid_media": {"purchased_paid_media": {"from": USER, "paid_media_payload": "a"}},
    "poll": {"poll": PARTS["poll"]["poll"]},
    "poll_answer": {"poll_answer": {"poll_id": "1", "user": USER, "option_ids": [0]}},
    "chat_member": {"chat_member": MEMBER | {"chat": GROUP}},
    "chat_join_request": {"chat_join_request": {"chat": GROUP, "from": USER, "user_chat_id": ROSA, "date": 1, "bio": "…"}},
    "chat_boost": {"chat_boost": {"chat": CHANNEL, "boost": BOOST}},
    "removed_chat_boost": {"removed_chat_boost": {"chat": CHANNEL, "boost_id": "1", "remove_date": 2, "source": BOOST["source"]}},
}  # fmt: skip

UPDATES_OF_EVERY_KIND: dict[str, Json] = {
    name: {"update_id": 10_000 + place, **update}
    for place, (name, update) in enumerate((_MESSAGES | _EDITS | _PRESSES | _STANDINGS | _OTHERS).items())
}
TAKEN = frozenset(_MESSAGES | _EDITS | _PRESSES | _STANDINGS)
"""The names of those that `translate` makes a message of; the door sets those of groups aside before."""
