"""The files that the pages load: read, compressed and named by their content once, when the console opens."""

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

OWN = Path(__file__).with_name("static")
PACKED = OWN / "vendor"
INSTALLED = Path(__file__).parent.parent / "node_modules"
VENDOR = {"vendor/htmx.js": "htmx.org/dist/htmx.min.js"}
YEAR = "public, max-age=31536000, immutable"


class MissingAssetError(Exception):
    """A file that npm brings at set-up is not there."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    packed: bytes
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Every file of the console by the name that it has under /static/."""

    files: Mapping[str, Asset]

    def url(self, name: str) -> str:
        """Return the address of a file; it changes with the content, so that browsers may keep it for good."""
        return f"/static/{name}?v={self.files[name].digest}"


def load_assets() -> Assets:
    """Read the console's own files and those that npm installed or the wheel carries; raises MissingAssetError."""
    own = {path.relative_to(OWN).as_posix(): path for path in OWN.rglob("*") if path.is_file()}
    paths = {**own, **{name: vendor_file(name) for name in VENDOR}}
    return Assets({name: _read(path) for name, path in paths.items()})


def vendor_file(name: str) -> Path:
    """Return where a file from npm is: packed into the wheel, else installed in the checkout."""
    packed, installed = PACKED / name.removeprefix("vendor/"), INSTALLED / VENDOR[name]
    if packed.exists():
        return packed
    if installed.exists():
        return installed
    raise MissingAssetError(f"{name}: run `npm ci` (or `make setup`) to install it")


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, gzip.compress(body, 9, mtime=0), media_type, hashlib.sha256(body).hexdigest()[:12])


def respond(assets: Assets, request: web.Request) -> web.Response:
    """Send one file, compressed if the browser takes that."""
    asset = assets.files.get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    etag = f'"{asset.digest}"'
    kept = YEAR if request.query.get("v") == asset.digest else "no-cache"
    headers = {"Cache-Control": kept, "ETag": etag, "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=asset.packed, content_type=asset.media_type, headers=headers)
    return web.Response(body=asset.body, content_type=asset.media_type, headers=headers)
