"""Listening to one answer: what ends it, what interrupts it, what is kept."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import (
    UNVOICED,
    FakeDetector,
    FakeFollower,
    FakeKeys,
    FakePlayback,
    FakeScreen,
    FakeSource,
    FakeSpeaker,
    FakeVoice,
    frames,
)

from greenroom import keys
from greenroom.audio.clip import load_clip
from greenroom.audio.recorder import AnswerRecorder
from greenroom.demo import demo_recordings
from greenroom.errors import BadInputError, DeviceError
from greenroom.following import Sound
from greenroom.hearing import TIME_TO_THINK, Heard, Listener
from greenroom.listening.endpointer import EndpointerSettings
from greenroom.prompts import HINTS, SPOKEN
from greenroom.records import FRAME_SAMPLES, SAMPLE_RATE_HZ, Clip
from greenroom.speaking import Narrator

SETTINGS = EndpointerSettings(patience=1.0, max_answer=5.0, no_speech=3.0)


def listener(
    settings: EndpointerSettings = SETTINGS,
    keyboard: FakeKeys | None = None,
    screen: FakeScreen | None = None,
    speaker: FakeSpeaker | None = None,
) -> Listener:
    keyboard = keyboard or FakeKeys()
    narrator = Narrator(FakeVoice(), speaker or FakeSpeaker(), keyboard)  # type: ignore[arg-type]
    return Listener(FakeDetector(), settings, keyboard, screen or FakeScreen(), narrator)


def listen(
    tmp_path: Path, source: FakeSource, keyboard: FakeKeys | None = None, screen: FakeScreen | None = None
) -> tuple[Heard, list[str]]:
    asides: list[str] = []

    def aside(action: str) -> str | None:
        asides.append(action)
        return None

    recorder = AnswerRecorder(tmp_path / "01-answer.flac")
    ears = listener(SETTINGS, keyboard, screen)
    return ears.listen(source, recorder, aside, FakeFollower()), asides  # type: ignore[arg-type]


def test_silence_ends_an_answer(tmp_path: Path) -> None:
    heard, _ = listen(tmp_path, FakeSource([*frames(0.6, voiced=False), *frames(2.1, voiced=True)]))
    utterance = heard.utterance
    assert utterance.ended_by == "silence"
    assert utterance.speech_end == pytest.approx(2.7, abs=0.06)
    assert utterance.decided == pytest.approx(3.7, abs=0.2)
    assert utterance.clip.seconds == pytest.approx(utterance.decided, abs=0.001)
    assert utterance.speech[0][0] == pytest.approx(0.6, abs=0.06)
    assert load_clip(tmp_path / "01-answer.flac").seconds == pytest.approx(utterance.clip.seconds, abs=0.001)


def test_the_done_key_ends_it_at_once(tmp_path: Path) -> None:
    keyboard = FakeKeys([None] * 40 + [keys.DONE])
    heard, _ = listen(tmp_path, FakeSource(frames(4, voiced=True)), keyboard)
    assert heard.utterance.ended_by == "key"
    assert heard.action is None
    assert heard.utterance.decided == pytest.approx(40 * 0.03)


@pytest.mark.parametrize("pressed", [keys.DONE, "3"])
@pytest.mark.parametrize("again", [[], [0.3], [0.3, 0.3]])
def test_enter_before_anything_was_said_ends_nothing(
    tmp_path: Path, pressed: str, again: list[float]
) -> None:
    screen = FakeScreen()
    presses = [*looks(0.1), pressed, *(press for wait in again for press in (*looks(wait), pressed))]
    sound = [*frames(1.5, voiced=False), *frames(2.1, voiced=True)]
    heard, _ = listen(tmp_path, FakeSource(sound), FakeKeys(presses), screen)
    assert (heard.utterance.ended_by, heard.rating) == ("silence", None)
    assert heard.utterance.speech[0][0] == pytest.approx(1.5, abs=0.06)
    assert screen.told("shown") == [HINTS["unheard"]]
    assert screen._shown == "", "it goes when somebody speaks"


def test_who_insists_that_it_is_over_goes_on_to_the_next_question(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(0.3), keys.DONE, *looks(2.1), keys.DONE])
    heard, _ = listen(tmp_path, FakeSource([]), keyboard)
    assert (heard.action, heard.utterance.ended_by, heard.utterance.speech) == (None, "key", ())
    assert heard.sounding is None, "nobody is thanked who may have said nothing"
    assert heard.utterance.decided == pytest.approx(2.4, abs=0.05)
    assert load_clip(tmp_path / "01-answer.flac").seconds == pytest.approx(2.4, abs=0.05)


def test_a_key_held_down_does_not_insist(tmp_path: Path) -> None:
    keyboard = FakeKeys([keys.DONE, *[*looks(0.27), keys.DONE] * 9])
    heard, _ = listen(tmp_path, FakeSource([]), keyboard)
    assert heard.utterance.decided == pytest.approx(3.0, abs=0.05), "as if no key had been pressed"


def test_enter_after_a_pause_before_the_answer_goes_on(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(0.3), keys.PAUSE, keys.DONE])
    sound = [*frames(0.6, voiced=False), *frames(2.1, voiced=True)]
    heard, _ = listen(tmp_path, FakeSource(sound), keyboard)
    assert heard.utterance.ended_by == "silence"
    assert heard.utterance.speech_end == pytest.approx(2.7, abs=0.06)


class LateSource(FakeSource):
    """Sound that was captured and has not arrived yet: the clock runs two seconds ahead."""

    def clock(self) -> float:
        return super().clock() + (2.0 if self._given < 106 else 0.0)


def test_what_was_said_before_the_done_key_and_arrives_after_it_is_kept(tmp_path: Path) -> None:
    keyboard = FakeKeys([None] * 40 + [keys.DONE])
    heard, _ = listen(tmp_path, LateSource(frames(9, voiced=True)), keyboard)
    assert heard.utterance.ended_by == "key"
    assert heard.utterance.clip.seconds == pytest.approx(40 * 0.03 + 2.0, abs=0.07)


def test_the_limit_ends_a_long_answer(tmp_path: Path) -> None:
    heard, _ = listen(tmp_path, FakeSource(frames(60, voiced=True)))
    assert heard.utterance.ended_by == "limit"
    assert heard.utterance.decided >= 5.0


@pytest.mark.parametrize("action", [keys.SKIP, keys.TYPE, keys.QUIT])
def test_other_keys_end_the_listening_and_keep_the_sound(tmp_path: Path, action: str) -> None:
    heard, _ = listen(tmp_path, FakeSource(frames(9, voiced=True)), FakeKeys([None] * 50 + [action]))
    assert heard.action == action
    assert load_clip(tmp_path / "01-answer.flac").seconds == pytest.approx(1.5, abs=0.001)


def test_a_hint_pauses_the_recording(tmp_path: Path) -> None:
    source = FakeSource(frames(2, voiced=True))
    heard, asides = listen(tmp_path, source, FakeKeys([None] * 20 + [keys.HINT]))
    assert asides == [keys.HINT]
    assert source.log == ["pause", "resume"]
    assert heard.utterance.ended_by == "silence"


def test_space_holds_and_goes_on(tmp_path: Path) -> None:
    source, screen = FakeSource(frames(2, voiced=True)), FakeScreen()
    heard, _ = listen(tmp_path, source, FakeKeys([None] * 20 + [keys.PAUSE, None, keys.PAUSE]), screen)
    assert source.log == ["pause", "resume"]
    assert ("listening", "paused") in screen.log
    assert heard.utterance.clip.seconds == pytest.approx(3.0, abs=0.3)


def test_a_key_pressed_while_paused_is_acted_on(tmp_path: Path) -> None:
    keyboard = FakeKeys([None] * 20 + [keys.PAUSE, keys.QUIT])
    heard, _ = listen(tmp_path, FakeSource(frames(2, voiced=True)), keyboard)
    assert heard.action == keys.QUIT


def test_a_lost_microphone_leaves_what_was_heard_in_the_recorder(tmp_path: Path) -> None:
    source = FakeSource(frames(1.5, voiced=True), fault=DeviceError("the microphone is gone"))
    recorder = AnswerRecorder(tmp_path / "01-answer.flac")
    with pytest.raises(DeviceError):
        listener().listen(source, recorder, lambda action: None, FakeFollower())  # type: ignore[arg-type]
    assert recorder.finish().seconds == pytest.approx(1.5, abs=0.001)


def test_the_microphone_is_closed_while_somebody_chooses_where_an_answer_goes(tmp_path: Path) -> None:
    (tmp_path / "full").touch()  # a file in place of a folder
    source = FakeSource(frames(1.0, voiced=True))
    recorder = AnswerRecorder(tmp_path / "full" / "01-answer.flac")
    closed: list[bool] = []

    def refused(_: BadInputError) -> Clip:
        closed.append("close" in source.log)
        return recorder.clip()

    heard = listener().listen(
        source,  # type: ignore[arg-type]
        recorder,
        lambda _: None,
        FakeFollower(),  # type: ignore[arg-type]
        refused=refused,
    )
    assert closed == [True]
    assert heard.utterance.clip.seconds > 1.0


def test_nobody_speaks(tmp_path: Path) -> None:
    heard, _ = listen(tmp_path, FakeSource([]))
    assert heard.utterance.speech == ()
    assert heard.utterance.decided == pytest.approx(3.0, abs=0.05)


LIVE = replace(SETTINGS, reopen=2.0, max_answer=60.0)


def live(
    tmp_path: Path,
    heard: list[np.ndarray],
    follower: FakeFollower,
    speaker: FakeSpeaker | None = None,
    keyboard: FakeKeys | None = None,
    screen: FakeScreen | None = None,
    settings: EndpointerSettings = LIVE,
) -> Heard:
    ears = listener(settings, keyboard, screen, speaker)
    recorder = AnswerRecorder(tmp_path / "01-answer.flac")
    return ears.listen(FakeSource(heard), recorder, lambda action: None, follower)  # type: ignore[arg-type]


def test_the_end_is_answered_at_once_and_the_microphone_stays_open(tmp_path: Path) -> None:
    follower, speaker = FakeFollower(), FakeSpeaker(looks=10_000)
    heard = live(tmp_path, frames(3, voiced=True), follower, speaker)
    assert follower.log == ["respond silence"]
    assert heard.sounding is not None
    assert speaker.played[0].log == []  # still being said
    assert heard.utterance.decided == pytest.approx(4.0, abs=0.1)
    assert heard.utterance.clip.seconds == pytest.approx(6.0, abs=0.1)
    assert follower.heard == round(heard.utterance.clip.seconds / 0.03)


def test_speech_takes_the_end_back_and_silences_the_voice(tmp_path: Path) -> None:
    follower, speaker = FakeFollower(), FakeSpeaker(looks=10_000)
    sound = [*frames(3, voiced=True), *frames(2.4, voiced=False), *frames(2, voiced=True)]
    heard = live(tmp_path, sound, follower, speaker)
    assert follower.log == ["respond silence", "take back", "respond silence"]
    assert [playback.log for playback in speaker.played] == [["stop"], []]
    assert heard.reopened == 1
    assert len(heard.utterance.speech) == 2
    assert heard.utterance.decided == pytest.approx(8.4, abs=0.1)
    assert [silence.resumed for silence in heard.silences] == [True, False]
    assert heard.silences[0].seconds == pytest.approx(2.4, abs=0.1)


def test_its_own_voice_takes_nothing_back_though_the_loudspeaker_was_slow_to_start(tmp_path: Path) -> None:
    """On a busy computer what is played has been heard for a while when the call that plays it comes back."""
    took = 0.8

    class SlowSpeaker(FakeSpeaker):
        def play(self, clip: Clip) -> FakePlayback:
            playback = super().play(clip)
            time.sleep(took)
            return playback

    own = Clip(load_clip(demo_recordings()[0]).samples[SAMPLE_RATE_HZ:][: 66 * FRAME_SAMPLES])
    echo = list(0.3 * own.samples.reshape(-1, FRAME_SAMPLES))
    sound = [*frames(3, voiced=True), *frames(1.05, voiced=False), *echo]
    follower, speaker = FakeFollower(thanks=own), SlowSpeaker(looks=10_000)
    heard = live(tmp_path, sound, follower, speaker)
    assert follower.log == ["respond silence"]
    assert heard.reopened == 0


def test_a_knock_does_not_take_the_end_back(tmp_path: Path) -> None:
    sound = [*frames(3, voiced=True), *frames(2, voiced=False), *frames(0.21, voiced=True)]
    follower = FakeFollower()
    assert live(tmp_path, sound, follower).reopened == 0
    assert follower.log == ["respond silence"]


def test_feedback_that_was_late_follows_the_thanks(tmp_path: Path) -> None:
    late = Sound(Clip(UNVOICED), feedback=True)
    follower, speaker = FakeFollower(late), FakeSpeaker(looks=3)
    heard = live(tmp_path, frames(3, voiced=True), follower, speaker)
    assert follower.log == ["respond silence", "feedback"]
    assert heard.sounding is not None
    assert heard.sounding.sound is late


@pytest.mark.parametrize(
    ("pressed", "kept"), [(keys.DONE, None), (keys.PAUSE, keys.PAUSE), (keys.QUIT, keys.QUIT)]
)
def test_a_key_after_the_end_makes_it_final(tmp_path: Path, pressed: str, kept: str | None) -> None:
    keyboard = FakeKeys([None] * 160 + [pressed])
    heard = live(tmp_path, frames(3, voiced=True), FakeFollower(), keyboard=keyboard)
    assert (heard.action, heard.key, heard.utterance.ended_by) == (None, kept, "silence")
    assert heard.utterance.clip.seconds == pytest.approx(4.8, abs=0.1)


def test_somebody_who_says_nothing_is_encouraged_and_then_asked(tmp_path: Path) -> None:
    screen, speaker = FakeScreen(), FakeSpeaker(looks=5)
    keyboard = FakeKeys()
    narrator = Narrator(FakeVoice(), speaker, keyboard)  # type: ignore[arg-type]
    patient = replace(LIVE, no_speech=75.0)
    ears = Listener(FakeDetector(), patient, keyboard, screen, narrator)
    source, recorder = FakeSource(frames(90, voiced=False)), AnswerRecorder(tmp_path / "01-answer.flac")
    heard = ears.listen(source, recorder, lambda action: None, FakeFollower())  # type: ignore[arg-type]
    assert screen.told("said") == [SPOKEN["encourage"], SPOKEN["offer"]]
    assert len(speaker.played) == 2
    assert heard.utterance.ended_by == "no_speech"
    assert heard.utterance.decided == pytest.approx(75.0, abs=0.1)


def test_a_prompt_gives_way_to_the_answer(tmp_path: Path) -> None:
    speaker = FakeSpeaker(looks=10_000)
    ears = listener(replace(LIVE, no_speech=75.0), speaker=speaker)
    source = FakeSource([*frames(15.5, voiced=False), *frames(2, voiced=True)])
    recorder = AnswerRecorder(tmp_path / "01-answer.flac")
    ears.listen(source, recorder, lambda action: None, FakeFollower())  # type: ignore[arg-type]
    assert speaker.played[0].log == ["stop"]


PATIENT = replace(LIVE, no_speech=75.0)


def looks(seconds: float) -> list[None]:
    """So many looks at the keyboard without a key: one for each frame."""
    return [None] * round(seconds / 0.03)


def test_a_hint_is_offered_on_the_screen_to_who_says_nothing(tmp_path: Path) -> None:
    screen = FakeScreen()
    live(tmp_path, frames(90, voiced=False), FakeFollower(), screen=screen, settings=PATIENT)
    assert screen.told("shown") == [HINTS["look"], HINTS["lost"], HINTS["offer"]]
    assert screen.told("said") == list(SPOKEN.values()), "the offer of the hint is not spoken"


def test_who_had_the_hint_is_not_offered_it_again(tmp_path: Path) -> None:
    screen = FakeScreen()
    keyboard = FakeKeys([*looks(3), keys.HINT])
    live(tmp_path, frames(90, voiced=False), FakeFollower(), None, keyboard, screen, PATIENT)
    assert HINTS["lost"] not in screen.told("shown")


def test_the_offer_goes_when_somebody_speaks(tmp_path: Path) -> None:
    screen = FakeScreen()
    sound = [*frames(13, voiced=False), *frames(2, voiced=True)]
    live(tmp_path, sound, FakeFollower(), screen=screen, settings=PATIENT)
    assert screen.told("shown") == [HINTS["look"], HINTS["lost"]]
    assert screen._shown == ""


def test_after_a_hint_in_mid_answer_there_is_time_to_think(tmp_path: Path) -> None:
    sound = [*frames(3, voiced=True), *frames(0.9 + 20, voiced=False), *frames(3, voiced=True)]
    keyboard = FakeKeys([*looks(3.8), keys.HINT])
    heard = live(tmp_path, sound, FakeFollower(), keyboard=keyboard)
    assert len(heard.utterance.speech) == 2
    assert heard.utterance.decided == pytest.approx(27.9, abs=0.2)
    assert [silence.resumed for silence in heard.silences] == [False], "no pause of the person's own"


def test_after_a_hint_silence_still_ends_the_answer(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(3.8), keys.HINT])
    heard = live(tmp_path, frames(3, voiced=True), FakeFollower(), keyboard=keyboard)
    assert heard.utterance.ended_by == "silence"
    assert heard.utterance.decided == pytest.approx(3.8 + TIME_TO_THINK, abs=0.1)


def test_after_a_rest_the_patience_begins_anew(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(3.9), keys.PAUSE, None, keys.PAUSE])
    heard = live(tmp_path, frames(3, voiced=True), FakeFollower(), keyboard=keyboard)
    assert heard.utterance.decided == pytest.approx(4.9, abs=0.1)


def test_who_asks_for_a_hint_at_the_end_goes_on_with_the_same_answer(tmp_path: Path) -> None:
    follower, speaker = FakeFollower(), FakeSpeaker(looks=10_000)
    sound = [*frames(3, voiced=True), *frames(8, voiced=False), *frames(2, voiced=True)]
    keyboard = FakeKeys([*looks(5), keys.HINT])  # the end was at 4 s
    heard = live(tmp_path, sound, follower, speaker, keyboard)
    assert follower.log == ["respond silence", "take back", "respond silence"]
    assert [playback.log for playback in speaker.played] == [["stop"], []]
    assert heard.key is None
    assert len(heard.utterance.speech) == 2
    assert heard.reopened == 0, "speech did not take it back"


def test_what_was_said_before_the_hint_and_arrives_after_the_key_is_kept(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(1.2), keys.HINT])
    source = LateSource(frames(3, voiced=True))
    _, asides = listen(tmp_path, source, keyboard)
    assert asides == [keys.HINT]
    assert source.log == ["pause", "resume"]
    assert load_clip(tmp_path / "01-answer.flac").seconds > 3.0


def test_a_rating_ends_the_answer_and_is_kept(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(1.2), "3"])
    heard = live(tmp_path, frames(4, voiced=True), FakeFollower(), keyboard=keyboard)
    assert (heard.utterance.ended_by, heard.action, heard.rating) == ("key", None, 3)
    assert heard.utterance.decided == pytest.approx(1.2)


def test_a_rating_ends_a_rest_and_the_answer(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(1.2), keys.PAUSE, None, "1"])
    heard = live(tmp_path, frames(4, voiced=True), FakeFollower(), keyboard=keyboard)
    assert (heard.utterance.ended_by, heard.rating) == ("key", 1)


def test_a_rating_after_the_end_makes_it_final(tmp_path: Path) -> None:
    keyboard = FakeKeys([*looks(4.8), "4"])  # while thanks are said
    heard = live(tmp_path, frames(3, voiced=True), FakeFollower(), keyboard=keyboard)
    assert (heard.utterance.ended_by, heard.key, heard.rating) == ("silence", None, 4)
    assert heard.utterance.clip.seconds == pytest.approx(4.8, abs=0.1)
    assert heard.sounding is not None, "the thanks are said to their end"


@pytest.mark.parametrize(("lead", "kept"), [(0.0, None), (60.0, 2)])
def test_a_rating_counts_until_the_first_word_of_the_feedback(
    tmp_path: Path, lead: float, kept: int | None
) -> None:
    class Ready(FakeFollower):
        def respond(self, ended_by: str) -> Sound:
            return Sound(Clip(UNVOICED), feedback=True, lead=lead)

    keyboard, speaker = FakeKeys([*looks(4.8), "2"]), FakeSpeaker(looks=10_000)
    heard = live(tmp_path, frames(3, voiced=True), Ready(), speaker, keyboard)
    assert heard.rating == kept
    assert heard.utterance.clip.seconds == pytest.approx(4.8 if kept else 6.0, abs=0.1)


@pytest.mark.parametrize("pressed", [keys.FEEDBACK, "unknown"])
def test_a_key_that_means_nothing_here_does_nothing(tmp_path: Path, pressed: str) -> None:
    keyboard = FakeKeys([*looks(1.5), pressed, keys.PAUSE, pressed, keys.PAUSE])
    heard = live(tmp_path, frames(3, voiced=True), FakeFollower(), keyboard=keyboard)
    assert (heard.action, heard.utterance.ended_by) == (None, "silence")
