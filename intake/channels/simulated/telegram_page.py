"""The simulated Telegram as a page, and over HTTP for whoever wants to hold a conversation."""

import base64
import binascii
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from intake.channels.simulated.telegram_phones import Phones
from intake.channels.simulated.telegram_screen import Fault, picture_type

BASE = "/simulated/telegram"
_FILES = {BASE: "telegram.html", f"{BASE}.css": "telegram.css", f"{BASE}.js": "telegram.js"}
_NUMBER = r"{chat:-?\d{1,18}}"


class Conflict(Exception):
    """What cannot be done on this phone now."""


def page_routes(phones: Phones, fail: Callable[..., None]) -> Sequence[web.RouteDef]:
    """Return the page with its files, the chats that it shows, and the faults that it can order.

    `GET …/chat/{id}` gives the screen. `POST …/chat/{id}` does one thing on it and answers with the webhook's status,
    null without a webhook: `{"text"}`, `{"photo" | "document": base64, "file_name"?, "caption"?}`,
    `{"edit": number, "text"}`, `{"press": data, "under": number}`, `{"block": bool}`; `name` may stand beside.
    """

    async def show(request: web.Request) -> web.Response:
        chat = int(request.match_info["chat"])
        return web.json_response(
            {
                "bot": phones.username,
                "blocked": chat in phones.blocked,
                "messages": [each.shown(f"{BASE}/chat/{chat}") for each in phones.chats.get(chat, [])],
            }
        )

    async def act(request: web.Request) -> web.Response:
        try:
            wanted = await request.json()
            status = await _act(phones, int(request.match_info["chat"]), wanted)
        except Conflict as why:
            return web.json_response({"error": str(why)}, status=409)
        except (KeyError, TypeError, ValueError, binascii.Error) as why:
            return web.json_response({"error": f"not understood: {why!r}"}, status=400)
        return web.json_response({"status": status})

    async def file(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        for bubble in phones.chats.get(int(request.match_info["chat"]), []):
            if bubble.number == number and bubble.file is not None:
                content = bubble.file[1]
                kind = picture_type(content)
                headers = {"X-Content-Type-Options": "nosniff"} | (
                    {} if kind else {"Content-Disposition": "attachment"}
                )
                return web.Response(
                    body=content, content_type=kind or "application/octet-stream", headers=headers
                )
        raise web.HTTPNotFound

    async def order(request: web.Request) -> web.Response:
        try:
            wanted = await request.json()
            fail(str(wanted["method"]), *(Fault(each) for each in wanted["faults"]))
        except (KeyError, TypeError, ValueError) as why:
            return web.json_response({"error": f"not understood: {why!r}"}, status=400)
        return web.json_response({})

    return (
        *(web.get(path, _serve(name)) for path, name in _FILES.items()),
        web.get(f"{BASE}/chat/{_NUMBER}", show),
        web.post(f"{BASE}/chat/{_NUMBER}", act),
        web.get(rf"{BASE}/chat/{_NUMBER}/file/{{number:\d+}}", file),
        web.post(f"{BASE}/faults", order),
    )


async def _act(phones: Phones, chat: int, wanted: dict[str, Any]) -> int | None:
    """Do what somebody does on a phone; raises Conflict, KeyError, ValueError or TypeError."""
    name = str(wanted.get("name") or phones.names.get(chat) or "Alguien")
    caption = str(wanted.get("caption") or "")
    if "block" in wanted:
        return await phones.block(chat, blocks=bool(wanted["block"]))
    if chat in phones.blocked:
        raise Conflict("this phone has blocked the bot")
    if "press" in wanted:
        under = int(wanted["under"])
        return await phones.press(chat, str(wanted["press"]), under)
    if "edit" in wanted:
        return await phones.edit(chat, int(wanted["edit"]), str(wanted["text"]))
    if "photo" in wanted:
        content = base64.b64decode(wanted["photo"], validate=True)
        return await phones.send_photo(chat, content, caption, name)
    if "document" in wanted:
        content = base64.b64decode(wanted["document"], validate=True)
        return await phones.send_document(
            chat, str(wanted.get("file_name") or "archivo"), content, caption, name
        )
    text = str(wanted["text"])
    if not text.strip():
        raise ValueError("nothing is written")
    return await phones.send(chat, text, name)


def _serve(file: str) -> Handler:
    async def serve(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(Path(__file__).with_name(file), headers={"Cache-Control": "no-cache"})

    return serve
