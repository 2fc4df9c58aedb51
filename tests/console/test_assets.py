"""The files that pages load: kept for good by browsers, compressed, and found where the set-up puts them."""

from pathlib import Path

import pytest

from console import assets
from tests.console.conftest import Visit


async def test_a_file_named_by_its_content_is_kept_for_good(visit: Visit) -> None:
    nobody = await visit()
    page = await nobody.get("/login")
    address = page.source.split('rel="stylesheet" href="')[1].split('"')[0]

    seen = await nobody.get(address)

    assert seen.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert seen.headers["Content-Encoding"] == "gzip"
    assert "--accent" in seen.source
    assert (await nobody.get("/static/console.css")).headers["Cache-Control"] == "no-cache"
    unchanged = await nobody.get("/static/console.css", **{"If-None-Match": seen.headers["ETag"]})
    assert (unchanged.status, unchanged.source) == (304, "")


@pytest.mark.parametrize(
    "name", ["console.css", "live.js", "keys.js", "icons.svg", "favicon.svg", "vendor/htmx.js"]
)
async def test_every_file_is_there(visit: Visit, name: str) -> None:
    seen = await (await visit()).get(f"/static/{name}")

    assert seen.status == 200
    assert seen.source


@pytest.mark.parametrize("name", ["nada.js", "../app.py", "%2e%2e/app.py", "vendor/../../app.py"])
async def test_nothing_else_is(visit: Visit, name: str) -> None:
    assert (await (await visit()).get(f"/static/{name}")).status == 404


def test_a_missing_npm_file_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "INSTALLED", tmp_path)

    with pytest.raises(assets.MissingAssetError, match="npm ci"):
        assets.vendor_file("vendor/htmx.js")


def test_what_the_pages_load_is_light() -> None:
    loaded = assets.load_assets().files.values()

    assert sum(len(asset.packed) for asset in loaded) < 60_000


def test_the_lock_file_names_no_registry() -> None:
    lock = (assets.INSTALLED.parent / "package-lock.json").read_text("utf-8")

    assert '"htmx.org"' in lock
    assert "resolved" not in lock
    assert "http" not in lock
