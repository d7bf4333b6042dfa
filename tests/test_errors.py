"""What a person is shown when something goes wrong."""

from __future__ import annotations

import pytest

from greenroom.errors import UserError


@pytest.mark.parametrize("message", ["the disk is full", "The disk is full", "the disk is full."])
def test_a_message_as_a_sentence(message: str) -> None:
    assert UserError(message).sentence == "The disk is full."
