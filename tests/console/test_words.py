"""Every deed of the conversation has its name on the record's page."""

import pytest

from console import words
from intake.dialogue.turns import Deed


@pytest.mark.parametrize("deed", list(Deed))
def test_each_deed_of_a_conversation_is_named(deed: Deed) -> None:
    assert words.kind(deed.value) != deed.value
