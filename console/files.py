"""Attachments: handed over as files to keep, never as pages of this site."""

from urllib.parse import quote

from aiohttp import web

from console import reads
from console.visitor import desk_of, who

SANDBOX = "sandbox; default-src 'none'"


async def attachment(request: web.Request) -> web.Response:
    """Send one file of a case that the account may see."""
    file = await reads.attachment(desk_of(request), who(request), int(request.match_info["file"]))
    name = quote(file.name.replace("/", "_") or "archivo")
    return web.Response(
        body=file.content,
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Security-Policy": SANDBOX,
        },
    )
