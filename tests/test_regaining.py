"""A microphone that was lost: what is told and offered, what each key does, and that the answer goes on."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeKeys, FakeScreen, FakeSource, FakeSpeaker, FakeVoice, frames
from interview_room import ANSWER, QUESTIONS, Room

from greenroom import keys, regaining
from greenroom.audio.devices import Device
from greenroom.audio.lasting import LastingSource
from greenroom.audio.microphone import RateChangedError
from greenroom.audio.microphones import Microphones
from greenroom.audio.steady_speaker import SteadySpeaker
from greenroom.errors import DeviceError
from greenroom.hearing import NUMBERS, THAT_WAS_IT
from greenroom.keys import NoKeys
from greenroom.keys.typed_words import WordKeys
from greenroom.prompts import (
    BACK,
    BACK_AT_THE_START,
    CANNOT_HEAR,
    GAP,
    GO_ON,
    IF_NO_SOUND,
    LOST_AFTER,
    NO_SOUND_YET,
    OVERFLOWED,
    THERE_NOW,
    WHENEVER_READY,
)
from greenroom.regaining import NO_MICROPHONE, NOW, RATE_CHANGED, REFUSED, SILENT, Regaining
from greenroom.screens.plain import PlainScreen
from greenroom.speaking import Narrator

pytestmark = pytest.mark.usefixtures("no_echo")

HEADSET = Device(4, "USB headset", "ALSA", 1, 2, 48_000, False, False)
BUILT_IN = Device(0, "Built-in", "ALSA", 2, 2, 48_000, True, True)
ENDS = 3.5
"""The patience of the room in mid-sentence, and its soft end (s)."""

LOST = DeviceError("the microphone “USB headset” was lost", "plug it in again")


class FakeMicrophones(Microphones):
    """A look for each list of devices, the last for ever; a look that is an error raises it."""

    def __init__(
        self,
        *looks: Sequence[Device] | DeviceError,
        heard: Sequence[object] = (),
        refuses: int = 0,
        asleep: Sequence[Device] = (),
    ) -> None:
        super().__init__(HEADSET)
        self._looks = list(looks)
        self._refuses = refuses
        self._asleep = [device.name for device in asleep]
        self.heard = heard
        self.used: list[str] = []

    def look(self) -> tuple[Device, ...]:
        found = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        if isinstance(found, DeviceError):
            raise found
        return tuple(found)

    def use(self, device: Device, source: LastingSource) -> None:
        self.device = device
        self.used.append(device.name)
        if len(self.used) <= self._refuses:
            raise DeviceError(f"the microphone “{device.name}” cannot be opened (Device unavailable)")
        source.replace(Asleep([]) if device.name in self._asleep else FakeSource(self.heard))  # type: ignore[arg-type]
        source.open()


class Asleep(FakeSource):
    """Is there and gives nothing."""

    def read(self, timeout: float) -> None:
        assert timeout <= 2.0


class PatientKeys(FakeKeys):
    """Presses each key only once something was shown."""

    def __init__(self, screen: FakeScreen, *presses: tuple[str, str]) -> None:
        super().__init__()
        self._screen, self._planned = screen, list(presses)

    def poll(self) -> str | None:
        if self._planned and any(self._planned[0][0] in text for _, text in self._screen.log):
            return self._planned.pop(0)[1]
        return None


def regain(
    microphones: FakeMicrophones,
    *presses: tuple[str, str],
    error: DeviceError = LOST,
    said: float = 41.2,
) -> tuple[str | None, FakeScreen]:
    screen = FakeScreen()
    keyboard = PatientKeys(screen, *presses)
    narrator = Narrator(FakeVoice(), FakeSpeaker(), keyboard)  # type: ignore[arg-type]
    source = LastingSource(FakeSource([]))
    chosen = Regaining(narrator, keyboard, screen, microphones).regain(source, error, said, answer=bool(said))
    return chosen, screen


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regaining, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(regaining, "_KEY_SECONDS", 0.0005)


def test_enter_goes_on_with_the_default_microphone() -> None:
    microphones = FakeMicrophones([BUILT_IN])
    chosen, screen = regain(microphones, ("q save", keys.DONE))
    assert chosen is None
    assert microphones.used == ["Built-in"]
    assert screen.told("said") == [LOST_AFTER.format(time="41 seconds"), GO_ON]
    notes = screen.told("note")
    assert notes[0] == "The microphone “USB headset” was lost."
    assert notes[1] == "> 1  Built-in"
    assert notes[2].startswith("Enter go on with “Built-in” · y that was my answer · t type")


@pytest.mark.parametrize(("said", "told"), [(8.0, BACK), (0.0, BACK_AT_THE_START)])
def test_the_same_microphone_goes_on_by_itself_when_it_comes_back(said: float, told: str) -> None:
    microphones = FakeMicrophones([], [], [BUILT_IN, replace(HEADSET, index=9)])
    chosen, screen = regain(microphones, said=said)
    assert chosen is None
    assert (microphones.device.name, microphones.device.index) == ("USB headset", 9)
    assert screen.told("note").count(NO_MICROPHONE) == 1
    assert screen.told("note")[-1] == "Going on with “USB headset”.", "the menu above is over"
    assert screen.told("said")[-1] == told


def test_a_plug_that_was_loose_for_a_moment_needs_no_key() -> None:
    chosen, screen = regain(FakeMicrophones([BUILT_IN, HEADSET]))
    assert chosen is None
    assert screen.told("said") == [LOST_AFTER.format(time="41 seconds"), BACK]
    assert not any("q save" in note for note in screen.told("note"))


def test_another_microphone_is_offered_and_not_taken() -> None:
    microphones = FakeMicrophones([], [BUILT_IN])
    chosen, screen = regain(microphones, (THERE_NOW, keys.SKIP))
    assert (chosen, microphones.used) == (keys.SKIP, [])
    assert screen.told("note")[-1] == "Chosen: skip."
    assert NOW in screen.told("note"), "the menu before it is none any more"


def test_a_microphone_that_refuses_just_after_it_was_plugged_in_is_tried_again() -> None:
    microphones = FakeMicrophones([], [HEADSET], refuses=2)
    chosen, screen = regain(microphones)
    assert (chosen, microphones.used) == (None, ["USB headset"] * 3)
    assert f"> 1  USB headset ({REFUSED})" in screen.told("note")
    assert not any("cannot be opened" in note for note in screen.told("note"))


def test_a_microphone_that_sleeps_is_marked_and_another_is_proposed() -> None:
    microphones = FakeMicrophones([HEADSET, BUILT_IN], asleep=[HEADSET])
    chosen, screen = regain(microphones, ("q save", NUMBERS["1"]), (NOW, keys.DONE))
    assert chosen is None
    assert microphones.used == ["USB headset", "USB headset", "Built-in"]
    notes = screen.told("note")
    assert notes.count(f"  1  USB headset ({SILENT})") == 2
    assert notes.count("> 2  Built-in") == 2
    assert notes.count(IF_NO_SOUND) == 1, "the advice is given once"
    assert screen.told("said")[1:] == [NO_SOUND_YET, NO_SOUND_YET, GO_ON], "and no promise that does not hold"


def test_a_headset_switched_off_and_on_again_is_listened_to() -> None:
    class Wakes(FakeMicrophones):
        def look(self) -> tuple[Device, ...]:
            found = super().look()
            if not found:
                self._asleep = []
            return found

    microphones = Wakes([HEADSET], [HEADSET], [], [HEADSET], asleep=[HEADSET])
    chosen, screen = regain(microphones)
    assert (chosen, microphones.used) == (None, ["USB headset"] * 2)
    assert screen.told("said")[-2:] == [NO_SOUND_YET, BACK]


def test_a_microphone_that_falls_asleep_at_once_again_is_not_tried_without_a_key() -> None:
    microphones, screen = FakeMicrophones([HEADSET]), FakeScreen()
    keyboard = PatientKeys(screen, ("q save", keys.TYPE))
    narrator = Narrator(FakeVoice(), FakeSpeaker(), keyboard)  # type: ignore[arg-type]
    source = LastingSource(FakeSource([]))
    room = Regaining(narrator, keyboard, screen, microphones)
    assert room.regain(source, LOST, 8.0, answer=True) is None
    assert room.regain(source, LOST, 8.2, answer=True) == keys.TYPE
    assert microphones.used == ["USB headset"]
    assert screen.told("said") == [LOST_AFTER.format(time="8 seconds"), BACK, NO_SOUND_YET]
    assert f"> 1  USB headset ({SILENT})" in screen.told("note"), "there is no other"


def test_a_number_that_shifts_where_no_name_does_is_followed() -> None:
    listed = iter([replace(BUILT_IN, index=3)])

    class Shifting(FakeMicrophones):
        looks = 0

        def look(self) -> tuple[Device, ...]:
            self.looks += 1
            return (next(listed, replace(BUILT_IN, index=4)),)

    class Later(PatientKeys):
        def poll(self) -> str | None:
            return super().poll() if microphones.looks > 2 else None

    microphones, screen = Shifting([]), FakeScreen()
    keyboard = Later(screen, ("q save", keys.DONE))
    narrator = Narrator(FakeVoice(), FakeSpeaker(), keyboard)  # type: ignore[arg-type]
    source = LastingSource(FakeSource([]))
    Regaining(narrator, keyboard, screen, microphones).regain(source, LOST, 1.0, answer=True)
    assert microphones.device.index == 4
    assert screen.told("note").count("> 1  Built-in") == 1, "what looks the same is shown once"


@pytest.mark.parametrize("pressed", [NUMBERS["2"], "2"])
def test_a_number_chooses_from_the_list(pressed: str) -> None:
    microphones = FakeMicrophones([replace(HEADSET, name="Camera"), BUILT_IN])
    chosen, _ = regain(microphones, ("q save", pressed))
    assert (chosen, microphones.used) == (None, ["Built-in"])


def test_help_tells_the_words_of_this_choice() -> None:
    out = io.StringIO()
    screen = PlainScreen(out, words=True)

    class Typed:
        ended = False
        lines: tuple[str, ...] = ("help", "two")

        def take(self, *, wait: bool) -> str | None:
            if "a number from 1 to 2" not in out.getvalue() or not self.lines:
                return None
            line, *rest = self.lines
            self.lines = tuple(rest)
            return line

    keyboard = WordKeys(out, {**NUMBERS, **keys.PRACTICE_KEYS}, screen.offered, Typed())
    narrator = Narrator(FakeVoice(), FakeSpeaker(), keyboard)  # type: ignore[arg-type]
    microphones = FakeMicrophones([replace(HEADSET, name="Camera"), BUILT_IN])
    source = LastingSource(FakeSource([]))
    assert Regaining(narrator, keyboard, screen, microphones).regain(source, LOST, 9.0, answer=True) is None
    assert microphones.used == ["Built-in"]
    told = out.getvalue()
    assert "Words now: 1 for “Camera”; 2 for “Built-in”; done; yes if that was your answer; type" in told
    assert "does nothing now" not in told
    assert not screen.offered()


@pytest.mark.parametrize("pressed", [THAT_WAS_IT, keys.TYPE, keys.SKIP, keys.QUIT])
def test_the_other_ways_are_passed_on(pressed: str) -> None:
    assert regain(FakeMicrophones([BUILT_IN]), ("q save", pressed))[0] == pressed


def test_where_nothing_was_said_nothing_is_called_an_answer() -> None:
    chosen, screen = regain(
        FakeMicrophones([BUILT_IN]), ("q save", THAT_WAS_IT), ("q save", keys.DONE), said=0
    )
    assert chosen is None
    assert screen.told("said") == [CANNOT_HEAR, WHENEVER_READY]
    assert not any("that was my answer" in note for note in screen.told("note"))


def test_a_device_that_does_not_open_is_told_and_the_choice_is_there_again() -> None:
    microphones = FakeMicrophones([BUILT_IN], refuses=1)
    chosen, screen = regain(microphones, ("q save", keys.DONE), ("cannot be opened", keys.DONE))
    assert (chosen, microphones.used) == (None, ["Built-in"] * 2)
    assert sum("Enter go on with" in note for note in screen.told("note")) == 2


def test_a_sound_system_that_hangs_is_told_once_and_tried_again() -> None:
    hangs = DeviceError("the computer's sound system does not answer")
    chosen, screen = regain(FakeMicrophones(hangs, hangs, hangs, [BUILT_IN]), ("Built-in", keys.DONE))
    assert chosen is None
    told = [note for note in screen.told("note") if "does not answer" in note]
    assert told == ["The computer's sound system does not answer. I keep trying."]


def test_another_sample_rate_is_put_right_without_a_question() -> None:
    microphones = FakeMicrophones([BUILT_IN, replace(HEADSET, rate=44_100)])
    chosen, screen = regain(microphones, error=RateChangedError("the rate changed"))
    assert chosen is None
    assert microphones.device.rate == 44_100
    assert microphones.heeds_pace(microphones.device)
    assert screen.told("note") == [RATE_CHANGED]


def test_a_device_whose_sound_never_keeps_pace_is_opened_again_only_once() -> None:
    microphones = FakeMicrophones([BUILT_IN, HEADSET])
    chosen, _ = regain(microphones, error=RateChangedError("the rate changed"))
    assert chosen is None
    assert not microphones.heeds_pace(HEADSET)
    assert microphones.heeds_pace(replace(HEADSET, rate=44_100))


def test_a_loudspeaker_falls_silent_for_a_look_and_is_found_again_after_it() -> None:
    done: list[str] = []

    class Told(FakeMicrophones):
        def look(self) -> tuple[Device, ...]:
            done.append("look")
            return super().look()

    speaker = SteadySpeaker(FakeSpeaker(), lambda _: None, FakeSpeaker)  # type: ignore[arg-type]
    speaker.close = lambda: done.append("silent")  # type: ignore[method-assign]
    speaker.find_again = lambda: done.append("found")  # type: ignore[method-assign]
    narrator = Narrator(FakeVoice(), FakeSpeaker(), FakeKeys())  # type: ignore[arg-type]
    hangs = DeviceError("the computer's sound system does not answer")
    microphones = Told([BUILT_IN], hangs)
    room = Regaining(narrator, FakeKeys(), FakeScreen(), microphones, speaker)
    assert room.look(microphones) == (BUILT_IN,)
    assert done == ["silent", "look", "found"]
    with pytest.raises(DeviceError):
        room.look(microphones)
    assert done[3:] == ["silent", "look", "found"]


def test_without_a_keyboard_the_loss_is_an_error() -> None:
    screen = FakeScreen()
    narrator = Narrator(FakeVoice(), FakeSpeaker(), NoKeys())  # type: ignore[arg-type]
    with pytest.raises(DeviceError, match="was lost"):
        Regaining(narrator, NoKeys(), screen, FakeMicrophones([BUILT_IN])).regain(
            LastingSource(FakeSource([])), LOST, 3.0, answer=True
        )
    assert screen.log == []


def interview(
    tmp_path: Path, microphones: FakeMicrophones, first: FakeSource, *presses: tuple[str, str]
) -> Room:
    room = Room(tmp_path, [LastingSource(first)], questions=QUESTIONS[:1])  # type: ignore[list-item]
    keyboard = PatientKeys(room.screen, *presses)
    asked = room.stages.questioner
    asked._regaining = Regaining(room.stages.narrator, keyboard, room.screen, microphones)
    return room


def test_the_same_answer_goes_on_in_the_same_file(tmp_path: Path) -> None:
    microphones = FakeMicrophones([BUILT_IN], heard=ANSWER)
    room = interview(tmp_path, microphones, FakeSource(ANSWER, LOST), ("q save", keys.DONE))
    (turn,) = room.interview.run().turns
    assert turn.seconds == pytest.approx(2 * 3.6 + ENDS, abs=0.2)
    assert turn.ended_by == "silence"
    assert turn.timing.speech_end == pytest.approx(7.2, abs=0.1)
    assert turn.timing.decided is not None
    assert turn.timing.analysed is not None
    assert turn.timing.analysed >= turn.timing.decided, "one clock over both devices"
    assert turn.gaps == pytest.approx([3.6], abs=0.05)
    assert room.saved().turns[0].gaps == turn.gaps
    assert GAP.format(times="0:03") in room.screen.told("note")


def test_what_was_said_is_assessed_as_the_answer(tmp_path: Path) -> None:
    room = interview(tmp_path, FakeMicrophones([BUILT_IN]), FakeSource(ANSWER, LOST), ("q save", THAT_WAS_IT))
    (turn,) = room.interview.run().turns
    assert (turn.ended_by, turn.recording) == ("key", "01-answer.flac")
    assert turn.seconds == pytest.approx(3.6, abs=0.05)
    assert turn.gaps == ()
    assert room.screen.told("feedback") == ["Well told."]


def test_a_microphone_lost_after_the_end_of_an_answer_costs_nothing(tmp_path: Path) -> None:
    ended = [*ANSWER, *frames(1.5, voiced=False)]
    room = interview(tmp_path, FakeMicrophones([]), FakeSource(ended, LOST))
    (turn,) = room.interview.run().turns
    assert turn.ended_by == "silence"
    assert room.screen.told("note") == []


def test_lost_samples_are_told_once(tmp_path: Path) -> None:
    sources = [FakeSource(ANSWER), FakeSource(ANSWER)]
    for source in sources:
        source.overflowed = True
    room = Room(tmp_path, sources)
    assert [turn.overflowed for turn in room.interview.run().turns] == [True, True]
    assert room.screen.told("note") == [OVERFLOWED]


class NeverOpens(FakeSource):
    def open(self) -> None:
        raise DeviceError("the microphone “USB headset” cannot be opened (Device unavailable)")


def test_a_microphone_that_does_not_open_can_be_skipped_or_replaced(tmp_path: Path) -> None:
    room = interview(tmp_path / "skipped", FakeMicrophones([]), NeverOpens([]), ("q save", keys.SKIP))
    session = room.interview.run()
    assert [entry.reason for entry in session.unanswered] == ["skipped"]
    assert not list(room.folder.glob("*-answer.*"))
    microphones = FakeMicrophones([BUILT_IN], heard=ANSWER)
    room = interview(tmp_path / "replaced", microphones, NeverOpens([]), ("q save", keys.DONE))
    (turn,) = room.interview.run().turns
    assert turn.seconds == pytest.approx(3.6 + ENDS, abs=0.2)
