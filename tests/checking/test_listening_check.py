"""The five steps: each is held, told, repeated and left; what fails in one does not end the others."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from checked_room import (
    FOUND,
    LOUDSPEAKER,
    MICROPHONE,
    BusyMicrophone,
    FakeCheckScreen,
    FakeGear,
    hears,
    held,
    silence,
)
from fakes import FakeKeys, FakePlayback, FakeSpeaker
from made_rooms import laid_in, noise, ours

from greenroom import keys, speaking
from greenroom.checking import listening_check, prompting
from greenroom.checking.diagnosis import diagnose
from greenroom.checking.gear import CheckSettings, Found
from greenroom.checking.listening_check import NOTHING
from greenroom.checking.report import json_of, lines_of, status_of
from greenroom.checking.sounds import HELLO
from greenroom.errors import DeviceError, ModelError
from greenroom.records import Clip

QUIET = noise(-70.0, 20.0)
SPOKEN = laid_in(noise(-70.0, 12.0), (1.0, ours())).samples
AGAIN = keys.REPEAT
NO_MICROPHONE = DeviceError("no microphone was found", "plug one in")
GO_ON = keys.DONE


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "_ROOM_TAIL", 0.0)
    for name in ("_CHOOSE_SECONDS", "_ANSWER_SECONDS", "_TROUBLE_SECONDS"):
        monkeypatch.setattr(listening_check, name, 0.5)
    monkeypatch.setattr(listening_check, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(prompting, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(prompting, "_READING_SECONDS", 0.0)


def well(**more: object) -> FakeGear:
    return FakeGear(hears(QUIET), hears(QUIET), hears(SPOKEN), **more)  # type: ignore[arg-type]


def kinds(checked: listening_check.Checked) -> list[str]:
    return [each.kind for each in diagnose(checked.measured)]


class AtChoices:
    """Keys that are pressed only while the person may choose, one at each choice."""

    interactive = True
    by_words = False

    def __init__(self, *plan: str | None) -> None:
        self._plan = list(plan)

    def poll(self) -> str | None:
        choosing = "_choose" in (sys._getframe(depth).f_code.co_name for depth in (1, 2))
        return (self._plan.pop(0) if self._plan else GO_ON) if choosing else None

    def read_lines(self, prompt: str) -> str | None:
        return None


def test_all_is_well_and_it_comes_to_its_end_without_a_key() -> None:
    gear = well()
    checked, screen = held(gear)
    assert screen.states() == ["ok"] * 5
    assert diagnose(checked.measured) == ()
    assert checked.measured.understood == "I had toast."
    assert checked.measured.snr_db == pytest.approx(44, abs=2)
    assert status_of(checked) == 0
    assert lines_of(checked)[0].startswith("All is well")
    assert HELLO in gear.voice.rendered
    assert "nothing" not in gear.voice.kept  # no phrase of it goes to the disk
    assert gear.voice.kept == []
    assert max(screen.levels) > -30 > min(screen.levels)


def test_the_voice_is_recorded_from_its_first_word_on_and_played_back() -> None:
    gear = well(settings=CheckSettings(seconds=3.0))
    held(gear)
    (clip,) = gear.understands
    assert clip.seconds == pytest.approx(1.0 + 3.0, abs=0.5)
    assert gear.played.clips[-1] is clip
    np.testing.assert_array_equal(clip.samples[: 3 * 16_000], SPOKEN[: 3 * 16_000])


def test_who_says_nothing_is_waited_for_and_told() -> None:
    gear = FakeGear(hears(QUIET), hears(QUIET), hears(noise(-45.0, 20.0)))
    checked, screen = held(gear)
    assert kinds(checked) == ["no_speech"]
    assert status_of(checked) == 4
    assert gear.understands == []
    assert screen.states()[3:] == ["in the way", "ok"]  # what arrived is played back


def test_a_microphone_of_zeros_is_told_and_nothing_is_played_back() -> None:
    checked, screen = held(FakeGear(hears(silence(30))))
    assert kinds(checked) == ["all_zeros"]
    assert status_of(checked) == 4
    assert screen.states() == ["ok", "ok", "ok", "in the way", "left out"]
    assert "not even noise" in screen.tells[2][2]


@pytest.mark.parametrize(
    ("microphone", "kind"),
    [
        (BusyMicrophone(), "busy"),
        (hears(silence(0), DeviceError("the microphone “USB Mic” was lost")), "nothing_arrives"),
        (hears(QUIET[:16_000], DeviceError("the microphone “USB Mic” was lost")), "lost"),
    ],
)
def test_a_microphone_that_fails_is_told_by_how_it_fails(microphone, kind: str) -> None:
    checked, screen = held(FakeGear(hears(QUIET), microphone))
    assert kinds(checked) == [kind]
    assert status_of(checked) == 4
    assert screen.states() == ["ok", "ok", "in the way", "left out", "left out"]


def test_without_a_microphone_the_loudspeaker_is_still_tried() -> None:
    found = Found((LOUDSPEAKER,), None, LOUDSPEAKER, no_microphone=NO_MICROPHONE)
    gear = FakeGear(hears(QUIET), found=(found,))
    checked, screen = held(gear)
    assert kinds(checked) == ["no_microphone"]
    assert len(gear.played.clips) == 1
    assert screen.states() == ["in the way", "ok", "left out", "left out", "left out"]


def test_without_a_loudspeaker_an_interview_can_be_held() -> None:
    found = Found((MICROPHONE,), MICROPHONE, None, no_loudspeaker=DeviceError("no loudspeaker was found"))
    gear = FakeGear(hears(QUIET), hears(SPOKEN), found=(found,))
    checked, _ = held(gear)
    assert kinds(checked) == ["no_loudspeaker"]
    assert status_of(checked) == 0
    assert checked.measured.understood == "I had toast."


def test_quiet_plays_and_says_nothing() -> None:
    gear = FakeGear(hears(QUIET), hears(SPOKEN), settings=CheckSettings(quiet=True))
    gear.voice.render = lambda text, keep=False: None  # type: ignore[method-assign]
    checked, screen = held(gear)
    assert gear.played.clips == []
    assert screen.states() == ["ok", "left out", "ok", "ok", "ok"]
    assert status_of(checked) == 0


def test_a_loudspeaker_that_fails_is_not_in_the_way() -> None:
    class Broken(FakeSpeaker):
        def play(self, clip: Clip) -> FakePlayback:
            raise DeviceError("the loudspeaker “Speakers” cannot be opened (busy)")

    checked, _ = held(well(speaker=Broken()))
    assert kinds(checked)[:1] == ["loudspeaker_fails"]
    assert status_of(checked) == 0
    assert checked.measured.understood == "I had toast."


def test_a_missing_model_is_told_at_once_and_has_its_own_status() -> None:
    checked, screen = held(
        well(no_model=ModelError("the weights of base are not here", "greenroom models fetch base"))
    )
    assert kinds(checked) == ["no_model"]
    assert screen.states()[0] == "in the way"
    assert status_of(checked) == 5
    assert lines_of(checked)[-2].strip() == "> greenroom models fetch base"
    assert checked.measured.speech is not None


def test_whisper_that_stops_is_told() -> None:
    checked, _ = held(well(words=ModelError("the transcriber has stopped: killed")))
    assert kinds(checked) == ["no_model"]
    assert "The transcriber has stopped: killed." in lines_of(checked)[2]


def test_a_missing_voice_is_told_and_the_tone_is_played() -> None:
    gear = well(no_voice=ModelError("espeak-ng is missing"))
    gear.voice.render = lambda text, keep=False: None  # type: ignore[method-assign]
    checked, _ = held(gear)
    assert kinds(checked) == ["no_voice"]
    assert gear.played.clips[0].seconds == pytest.approx(0.7, abs=0.01)


def test_a_step_is_repeated_as_often_as_the_person_likes_and_counts_as_it_was_last() -> None:
    gear = FakeGear(hears(QUIET), hears(noise(-30.0, 20.0)), hears(QUIET), hears(SPOKEN))
    checked, screen = held(gear, AtChoices(GO_ON, GO_ON, AGAIN, GO_ON, GO_ON, GO_ON))
    assert screen.begun == [1, 2, 3, 3, 4, 5]
    assert checked.measured.room is not None
    assert checked.measured.room.noise_db < -65
    assert diagnose(checked.measured) == ()


def test_what_was_wrong_is_gone_once_it_was_repeated_and_went_well() -> None:
    gear = FakeGear(hears(QUIET), hears(QUIET), hears(silence(30)), hears(SPOKEN))
    checked, screen = held(gear, AtChoices(GO_ON, GO_ON, GO_ON, AGAIN, GO_ON, GO_ON))
    assert [state for number, state, _ in screen.tells if number == 4] == ["in the way", "ok"]
    assert any("mute" in line for line in screen.advice)
    assert status_of(checked) == 0


def test_r_in_the_middle_of_a_step_begins_it_anew() -> None:
    class InTheRoom(AtChoices):
        pressed = False

        def poll(self) -> str | None:
            if screen_begun and screen_begun[-1] == 3 and not self.pressed:
                self.pressed = True
                return AGAIN
            return super().poll()

    gear = FakeGear(hears(QUIET), hears(QUIET), hears(QUIET), hears(SPOKEN))
    screen = FakeCheckScreen()
    screen_begun = screen.begun
    checked = listening_check.Check(gear, screen, InTheRoom()).run()  # type: ignore[arg-type]
    assert screen.begun.count(3) == 2
    assert not checked.left


def test_devices_are_looked_for_afresh_when_the_step_is_repeated() -> None:
    none = Found((LOUDSPEAKER,), None, LOUDSPEAKER, no_microphone=NO_MICROPHONE)
    gear = well(found=(none, FOUND))
    checked, screen = held(gear, AtChoices(AGAIN))
    assert gear.looked == [False, True]
    assert screen.states()[:2] == ["in the way", "ok"]
    assert status_of(checked) == 0


def test_a_microphone_plugged_in_again_is_found() -> None:
    moved = replace(MICROPHONE, index=7)
    gear = FakeGear(
        hears(QUIET),
        hears(QUIET[:4800], DeviceError("the microphone “USB Mic” was lost")),
        hears(QUIET),
        hears(SPOKEN),
        found=(FOUND, replace(FOUND, microphone=moved)),
    )
    checked, _ = held(gear, AtChoices(GO_ON, GO_ON, AGAIN))
    assert gear.looked == [False, True]
    assert checked.measured.microphone == moved
    assert status_of(checked) == 0


def test_n_says_that_nothing_was_heard_and_what_to_do() -> None:
    checked, screen = held(well(), AtChoices(GO_ON, NOTHING, GO_ON))
    assert "unheard" in kinds(checked)
    assert [state for number, state, _ in screen.tells if number == 2] == ["ok", "look here"]
    assert any("--output" in line for line in screen.advice)
    assert status_of(checked) == 0


def test_n_means_nothing_where_nothing_was_played() -> None:
    checked, _ = held(well(), AtChoices(NOTHING, GO_ON))
    assert "unheard" not in kinds(checked)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_q_leaves_after_any_step_with_what_is_known(after: int) -> None:
    gear = FakeGear(hears(QUIET), hears(QUIET), hears(silence(30)))
    checked, _ = held(gear, AtChoices(*[GO_ON] * after, keys.QUIT))
    assert checked.left
    told = {each.kind for each in diagnose(checked.measured)}
    assert told == ({"all_zeros"} if after >= 3 else set())
    assert status_of(checked) == (4 if after >= 3 else 0)
    if after < 3:
        assert lines_of(checked)[0].startswith("You left before the end")


def test_q_leaves_in_the_middle_of_a_step() -> None:
    checked, screen = held(well(), FakeKeys([None, keys.QUIT]))
    assert checked.left
    assert screen.begun[-1] <= 2


def test_the_result_as_json_says_all_and_what_to_do_on_every_system() -> None:
    checked, _ = held(FakeGear(hears(silence(30))))
    told = json.loads(json_of(checked))
    assert told["can_be_held"] is False
    assert told["microphone"]["name"] == "USB Mic"
    assert told["measured"]["speech"]["dead"] is True
    assert told["understood"] is None
    (finding,) = told["findings"]
    assert finding["kind"] == "all_zeros"
    assert set(finding["do"]) == {"linux", "macos", "windows"}


def test_the_lines_show_only_what_to_do_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    checked, _ = held(FakeGear(hears(silence(30))))
    told = " ".join(" ".join(lines_of(checked)).split())
    assert "switch on your terminal program" in told
    assert "pavucontrol" not in told
    assert all(len(line) <= 80 for line in lines_of(checked))


def test_keys_without_meaning_do_nothing() -> None:
    checked, screen = held(well(), FakeKeys([None, keys.PAUSE, None]))
    assert status_of(checked) == 0
    assert screen.begun == [1, 2, 3, 4, 5]


def test_by_words_it_waits_after_every_step_and_help_tells_the_words_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening_check, "_CHOOSE_SECONDS", 0.0)
    keyboard = AtChoices(None, None, keys.QUIT)
    assert len(held(well(), keyboard)[1].states()) == 2, "with keys the first step goes on by itself"
    keyboard = AtChoices(None, None, keys.QUIT)
    keyboard.by_words = True
    assert held(well(), keyboard)[1].states() == ["ok"]
    told = keys.word_line(listening_check._IN_A_STEP)
    assert told == "go on or just Enter to end this step; again for once more; quit"
