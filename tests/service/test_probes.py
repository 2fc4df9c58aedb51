"""Each channel's test against its twin: what a good account says, and what a bad one or nobody does."""

from pathlib import Path

import pytest

from cases.vocabulary import Channel
from intake.channels.channel import Finding, Probes
from tests.builders import open_desk
from tests.serving import Served, free_port, serving, some_settings


async def probed(served: Served, channel: Channel) -> dict[str, Finding]:
    adapter = served.service.adapters[channel]
    assert isinstance(adapter, Probes)
    return {finding.part: finding for finding in await adapter.probe()}


async def test_the_twins_answer_every_test(sqlite_url: str, tmp_path: Path) -> None:
    open_desk(sqlite_url).desk.database.close()
    async with serving(some_settings(sqlite_url, tmp_path)) as served:
        assert served.service.twins is not None
        await served.service.twins.telegram.heard("setWebhook")
        found = {
            channel: await probed(served, channel)
            for channel in (Channel.WHATSAPP, Channel.TELEGRAM, Channel.EMAIL)
        }

        assert all(finding.good for one in found.values() for finding in one.values())
        assert "Mesa simulada" in found[Channel.WHATSAPP]["Cuenta de Twilio"].said
        assert served.url in found[Channel.TELEGRAM]["Mensajes que entran"].said
        assert "responde" in found[Channel.EMAIL]["Servidor de salida"].said
        assert not isinstance(served.service.adapters[Channel.PHONE], Probes)


async def test_wrong_credentials_and_servers_that_are_away_are_explained(
    sqlite_url: str, tmp_path: Path
) -> None:
    open_desk(sqlite_url).desk.database.close()
    away = free_port()
    settings = some_settings(
        sqlite_url,
        tmp_path,
        mail_smarthost=f"smtp://127.0.0.1:{away}",
        mail_imap_url=f"imap://soporte:clave@127.0.0.1:{away}/INBOX",
        twilio_whatsapp_from=None,
    )
    async with serving(settings) as served:
        twins = served.service.twins
        assert twins is not None
        await twins.telegram.heard("setWebhook")
        twins.telegram.token = "123456:otro-token"
        twins.twilio.token = "otro-token"
        whatsapp, telegram, mail = [
            await probed(served, channel) for channel in (Channel.WHATSAPP, Channel.TELEGRAM, Channel.EMAIL)
        ]

    assert not whatsapp["Cuenta de Twilio"].good
    assert "no acepta la cuenta o el token" in whatsapp["Cuenta de Twilio"].said
    assert not whatsapp["Número que envía"].good
    assert (telegram["Bot"].good, "no acepta el token" in telegram["Bot"].said) == (False, True)
    assert not mail["Servidor de salida"].good
    assert str(away) in mail["Servidor de salida"].said
    assert not mail["Buzón (IMAP)"].good


@pytest.mark.parametrize("elsewhere", ["https://otra.example.bo/hook", ""])
async def test_updates_that_go_elsewhere_are_told(sqlite_url: str, tmp_path: Path, elsewhere: str) -> None:
    open_desk(sqlite_url).desk.database.close()
    async with serving(some_settings(sqlite_url, tmp_path)) as served:
        assert served.service.twins is not None
        await served.service.twins.telegram.heard("setWebhook")
        served.service.twins.telegram.updates.webhook = elsewhere

        found = await probed(served, Channel.TELEGRAM)

    assert found["Bot"].good
    assert not found["Mensajes que entran"].good
    assert served.url in found["Mensajes que entran"].said
