"""The guide is true: its commands, in its order, are taken as a reader would give them."""

import itertools
import json
import re
import shlex
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from tests.api.client import Rest

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def commands() -> list[str]:
    return [
        line
        for block in SHELL.findall(GUIDE.read_text("utf-8"))
        for line in block.splitlines()
        if line.startswith("curl")
    ]


async def test_every_command_of_the_guide_succeeds(api: Rest) -> None:
    seen: dict[str, Any] = {
        "API": "http://desk/api/v1",
        "AUTH": f"Authorization: Bearer {api.tokens['operador']}",
    }
    for command in commands():
        _, *words = shlex.split(Template(command).substitute(seen))
        address = next(word for word in words if word.startswith("http"))
        headers = dict(word.split(": ", 1) for flag, word in itertools.pairwise(words) if flag == "-H")
        sent = [word for flag, word in itertools.pairwise(words) if flag == "--json"]
        parts = urlsplit(address)
        path = parts.path.removeprefix("/api/v1") + (f"?{parts.query}" if parts.query else "")
        body = json.loads(sent[0]) if sent else None

        status, answer = await api.ask("POST" if sent else "GET", path, None, body=body, **headers)

        assert status < 300, (command, answer)
        if isinstance(answer, dict):
            seen |= {"CASE": answer["case"]} if set(answer) == {"case", "message"} else {}
            seen |= {"REVISION": answer["revision"]} if "revision" in answer else {}

    assert len(commands()) > 12


async def test_the_guides_list_of_refusals_is_the_apis() -> None:
    told = {
        int(status)
        for row in re.findall(r"^\| ([\d, ]+) \|", GUIDE.read_text("utf-8"), re.MULTILINE)
        for status in row.split(", ")
    }

    assert told == {400, 401, 403, 404, 409, 413, 415, 422, 500, 503}
