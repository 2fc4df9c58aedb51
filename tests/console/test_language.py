"""The catalogue says everything that the pages say, and nothing that they no longer say."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import console
from cases.model import Delivery
from cases.vocabulary import AccountRole, Category, Channel, DeliveryState, Role, Stage, Status, Unit
from console import language, words
from store.sections import Section

HERE = Path(console.__file__).parent
OTHERS = sorted(set(language.LANGUAGES) - {language.SOURCE})

Key = str | tuple[str, ...]


def said() -> set[Key]:
    """Return every sentence of the pages."""
    with (HERE / "locale" / "babel.cfg").open() as file:
        method, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(HERE, method, options)
    return {tuple(message) if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def catalogue(code: str) -> Catalog:
    with (language.LOCALES / code / "LC_MESSAGES" / "console.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_is_whole_and_holds_nothing_stale(code: str) -> None:
    kept = {
        tuple(message.id) if isinstance(message.id, list | tuple) else message.id: message
        for message in catalogue(code)
        if message.id
    }

    assert len(kept) > 200
    assert said() - kept.keys() == set()
    assert kept.keys() - said() == set()
    for message in kept.values():
        texts = message.string if isinstance(message.string, list | tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy, message.id
        assert [str(error) for error in message.check()] == []


@pytest.mark.parametrize("code", list(language.LANGUAGES))
def test_every_word_of_the_desk_has_a_name(code: str) -> None:
    language.speak(language.load_catalogues(), code)

    named = [
        *map(words.channel, Channel),
        *map(words.category, Category),
        *map(words.category_short, Category),
        *map(words.status, Status),
        *map(words.section, Section),
        *map(words.stage, Stage),
        *map(words.role, Role),
        *(words.account_role(role, Unit.UIT) for role in AccountRole),
        *(words.delivery(Delivery(state, None, 0)) for state in DeliveryState),
        *(words.confidence(share) for share in (0.2, 0.7, 0.9)),
    ]

    assert all(named)
