"""An answer that goes on through another device: one recording, one clock."""

from __future__ import annotations

from fakes import FakeSource, frames

from greenroom.audio.lasting import LastingSource


def test_the_clock_goes_on_where_the_first_device_ended() -> None:
    first, second = FakeSource(frames(3.0, voiced=True)), FakeSource(frames(1.0, voiced=True))
    first.overflowed = True
    source = LastingSource(first)
    source.open()
    for _ in range(100):
        source.read(0.0)
    source.replace(second)
    assert first.log == ["open", "close"]
    assert second.log == []
    source.open()
    assert source.await_sound(0.0)
    assert source.overflowed, "what was lost before stays lost"
    for _ in range(10):
        source.read(0.0)
    assert 3.3 <= source.clock() < 3.5, "what was waited for is read, too"
