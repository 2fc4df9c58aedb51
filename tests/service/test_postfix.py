"""Debian's Postfix beside the desk: it delivers over LMTP, takes the answers, and floods the listener."""

import asyncio
import smtplib
import subprocess
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import pytest

from store.work import StoreWork
from tests.builders import open_desk
from tests.postfix import PROGRAMS, postfix
from tests.processes import eventually
from tests.serving import Served, free_port, serving, some_settings

DESK = "soporte@mesa.example.bo"
MAILS = 1_000
CONNECTIONS = 16


async def kept(served: Served) -> int:
    """Return how many arrivals the ledger holds."""

    def count(work: StoreWork) -> int:
        return int(work.connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar_one())

    return await served.service.desk.database.read(count)


async def until_kept(served: Served, number: int) -> None:
    changed = asyncio.Event()
    served.service.desk.database.listen(lambda _events: changed.set())
    async with asyncio.timeout(60):
        while await kept(served) < number:
            await changed.wait()
            changed.clear()


async def test_postfix_delivers_over_lmtp_and_takes_the_answer(sqlite_url: str, tmp_path: Path) -> None:
    open_desk(sqlite_url).desk.database.close()
    lmtp, mailbox = free_port(), free_port()
    routes = {
        "mesa.example.bo": f"lmtp:inet:127.0.0.1:{lmtp}",
        "persona.example.bo": f"smtp:[127.0.0.1]:{mailbox}",
    }
    with postfix(tmp_path / "postfix", routes) as server:
        settings = some_settings(
            sqlite_url,
            tmp_path,
            smtp_port=lmtp,
            smtp_lmtp=True,
            mail_address=DESK,
            simulated_smtp_port=mailbox,
            mail_smarthost=f"smtp://127.0.0.1:{server.port}",
        )
        async with serving(settings) as served:
            mail = EmailMessage()
            mail["From"], mail["To"] = "Ana Quispe <ana@persona.example.bo>", DESK
            mail["Subject"], mail["Message-ID"] = "No abre el portal", make_msgid(domain="persona.example.bo")
            mail.set_content("Buenos días, el portal no abre desde las nueve.")

            def post() -> None:
                with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as client:
                    client.send_message(mail)

            await asyncio.to_thread(post)
            await until_kept(served, 1)
            await served.work()
            box = served.service.twins
            assert box is not None
            await eventually(lambda: len(box.mailbox.mails) == 1)

            [answer] = box.mailbox.mails
            assert answer["In-Reply-To"] == mail["Message-ID"]
            assert answer["To"] == "ana@persona.example.bo"
            assert "status=sent (250 2.6.0 Message stored)" in server.said()


@pytest.mark.parametrize("lmtp", [False, True], ids=["smtp", "lmtp"])
async def test_a_thousand_mails_over_16_connections_are_a_thousand_rows(
    sqlite_url: str, tmp_path: Path, *, lmtp: bool
) -> None:
    settings = some_settings(sqlite_url, tmp_path, smtp_lmtp=lmtp, mail_address=DESK, mail_per_hour=MAILS)
    async with serving(settings) as served:
        command = [
            f"{PROGRAMS}/smtp-source",
            *(("-L",) if lmtp else ()),
            *("-m", str(MAILS), "-s", str(CONNECTIONS), "-l", "1000"),
            *("-f", "ana@persona.example.bo", "-t", DESK, f"inet:127.0.0.1:{settings.smtp_port}"),
        ]
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, check=False, timeout=120
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert await kept(served) == MAILS
