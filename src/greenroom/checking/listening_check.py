"""The check itself: five steps, each of which can be repeated or left; it also ends without any key."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from greenroom import keys
from greenroom.audio.level import LOWEST_DB
from greenroom.checking.advice import advice_here
from greenroom.checking.check_screen import CheckScreen, open_check_screen
from greenroom.checking.device_lines import device_lines
from greenroom.checking.diagnosis import IN_THE_WAY, Diagnosis, Measured, diagnose, with_fault
from greenroom.checking.gear import CheckSettings, Gear
from greenroom.checking.levels import hear_quiet, hear_speech
from greenroom.checking.loudspeaker_echo import echo_of
from greenroom.checking.playing import LoudspeakerError, Playing
from greenroom.checking.prompting import LOOK_SECONDS, Again, Left, Prompter
from greenroom.checking.recording import Floats, Heard, LostError, NothingArrivesError, hear
from greenroom.checking.sounds import BE_QUIET, HELLO, SPEAK, tone_and
from greenroom.errors import DeviceError, ModelError
from greenroom.keys import Keys, open_keys
from greenroom.records import Clip

NOTHING = "nothing"
"""The action of the key that says: I heard nothing."""

KEYS = {
    "\r": keys.DONE,
    "\n": keys.DONE,
    "r": keys.REPEAT,
    "n": NOTHING,
    "q": keys.QUIT,
    "done": keys.DONE,
    "yes": keys.DONE,
    "again": keys.REPEAT,
    "repeat": keys.REPEAT,
    "nothing": NOTHING,
    "no": NOTHING,
    "quit": keys.QUIT,
}

_AGAIN = (
    keys.Way(keys.REPEAT, "r", "once more", "again", "again for once more"),
    keys.Way(keys.QUIT, "q", "leave", "quit"),
)
_WAYS = (keys.Way(keys.DONE, "Enter", "go on", "go on", "go on or just Enter"), *_AGAIN)
_IN_A_STEP = (
    keys.Way(keys.DONE, "Enter", "end it", "go on", "go on or just Enter to end this step"),
    *_AGAIN,
)
_HEARD_WAYS = (
    keys.Way(keys.DONE, "Enter", "heard it", "yes", "yes or just Enter if you heard it"),
    keys.Way(NOTHING, "n", "heard nothing", "no", "no if you heard nothing"),
    *_AGAIN,
)

_NO_NOISE = "not even noise arrives; your voice will tell"
"""Some systems give digital silence while nobody speaks, so this alone is no fault."""

ROOM_SECONDS = 2.0
WAIT_FOR_VOICE_SECONDS = 5.0
"""So long it waits for the first word, before the time to speak is counted."""

_ONSET_FRAMES = 3  # 90 ms of voice are a first word
_CHOOSE_SECONDS = 3.0  # after a step that went well
_ANSWER_SECONDS = 8.0  # to say whether the sound was heard
_TROUBLE_SECONDS = 20.0  # after one that did not: time to try what is advised, and to press r
"""(Judgement, all four: it shall come to its end by itself within two minutes.)"""

_PROMPT_SECONDS = 30.0  # all that is said, and the pauses between the steps


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a step found, and one line about it where it went well; `audible`: something was played."""

    measured: Measured
    text: str
    audible: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    asked: str
    run: Callable[[Measured], _Outcome]
    why_not: Callable[[Measured], str] = lambda _: ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `left`: the person left before its end."""

    measured: Measured
    left: bool


class Check:
    """One check; `ways` is what can be done at the moment."""

    def __init__(self, gear: Gear, screen: CheckScreen, keyboard: Keys) -> None:
        self._gear = gear
        self._screen = screen
        self._keys = keyboard
        self._prompter = Prompter(gear.voice, gear.no_voice, gear.speaker(None), keyboard)
        self.ways: Sequence[keys.Way] = _IN_A_STEP
        self._recorded: Clip | None = None
        self._looked = False
        self._left = False
        seconds = gear.settings.seconds
        self._steps = (
            _Step("Devices", "looking for microphones and loudspeakers", self._devices),
            _Step(
                "Loudspeaker",
                "a tone and a sentence: do you hear them?",
                self._loudspeaker,
                self._no_loudspeaker,
            ),
            _Step("The room", f"please be quiet for {ROOM_SECONDS:.0f} seconds", self._room, _no_microphone),
            _Step(
                "Your voice",
                f"say a sentence or two: what you had for breakfast ({seconds:g} s)",
                self._voice,
                _no_microphone,
            ),
            _Step("Heard back", "that is how you sound", self._heard_back, self._nothing_heard),
        )

    def run(self) -> Checked:
        """All steps. DeviceError: PortAudio is missing, or a device that was named is not there."""
        self._screen.opening(_PROMPT_SECONDS + ROOM_SECONDS + 3 * self._gear.settings.seconds)
        measured = Measured()
        try:
            for number, step in enumerate(self._steps, 1):
                measured = self._hold(number, step, measured)
                if self._left:
                    break
        except Left:  # in the middle of a step, of which nothing is known then
            self._left = True
        finally:
            self._prompter.speaker.close()
            self._recorded = None
        return Checked(measured, self._left)

    def _hold(self, number: int, step: _Step, before: Measured) -> Measured:
        """One step, as often as the person wants it."""
        known = {each.kind for each in diagnose(before)}
        while True:
            if why_not := step.why_not(before):
                self._screen.done(number, step.name, "left out", why_not)
                return before
            self._screen.step(number, step.name, step.asked)
            try:
                outcome = step.run(before)
            except Again:
                continue
            new = self._told(number, step, outcome, known)
            pressed = self._choose(outcome, new, last=number == len(self._steps))
            if pressed == NOTHING:
                outcome = replace(outcome, measured=replace(outcome.measured, unheard=True), audible=False)
                new = self._told(number, step, outcome, known)
                pressed = self._choose(outcome, new, last=False)
            self._left = pressed == keys.QUIT
            if pressed != keys.REPEAT:
                return outcome.measured
            before = self._looked_again(before, new)

    def _told(self, number: int, step: _Step, outcome: _Outcome, known: set[str]) -> list[Diagnosis]:
        """Show how a step went; what it found that was not known before."""
        new = [each for each in diagnose(outcome.measured) if each.kind not in known]
        state = new[0].weight if new else "ok"
        text = " ".join(each.message for each in new) or outcome.text
        self._screen.done(number, step.name, state, text)
        return new

    def _choose(self, outcome: _Outcome, new: Sequence[Diagnosis], *, last: bool) -> str | None:
        """What the person wants after a step; None to go on, as without a keyboard."""
        if not self._keys.interactive or (last and not new and not outcome.audible):
            return None
        advice = [advice_here(each.kind, each.hint) for each in new]
        ways = _HEARD_WAYS if outcome.audible else _WAYS
        told = f"Words: {keys.word_line(ways)}" if self._keys.by_words else keys.key_line(ways)
        seconds = _TROUBLE_SECONDS if new else _ANSWER_SECONDS if outcome.audible else _CHOOSE_SECONDS
        until = time.monotonic() + keys.time_for(self._keys, seconds)  # a word takes as long as it takes
        self.ways = ways
        try:
            while (left := until - time.monotonic()) > 0.0:
                self._screen.choosing(advice, told, left)
                pressed = self._keys.poll()
                if pressed is not None and (pressed != NOTHING or outcome.audible):
                    return pressed
                time.sleep(LOOK_SECONDS)
        finally:
            self.ways = _IN_A_STEP
        return None

    def _looked_again(self, before: Measured, new: Sequence[Diagnosis]) -> Measured:
        """What a step starts from once more: where a device failed, with the devices as they are now."""
        if before.microphone is None or not {"busy", "lost", "nothing_arrives"} & {each.kind for each in new}:
            return before
        self._prompter.speaker.close()
        found = self._gear.find(again=True)
        self._prompter.speaker = self._gear.speaker(found.loudspeaker)
        return replace(
            before, microphone=found.microphone or before.microphone, loudspeaker=found.loudspeaker
        )

    # The steps

    def _devices(self, before: Measured) -> _Outcome:  # noqa: ARG002 - as all steps
        self._prompter.speaker.close()
        found = self._gear.find(again=self._looked)
        self._looked = True
        self._prompter.speaker = self._gear.speaker(found.loudspeaker)
        self._screen.devices(device_lines(found))
        measured = Measured(found.microphone, found.loudspeaker)
        if found.no_microphone is not None:
            measured = with_fault(measured, "no_microphone", found.no_microphone)
        if found.no_loudspeaker is not None and not self._gear.settings.quiet:
            measured = with_fault(measured, "no_loudspeaker", found.no_loudspeaker)
        if self._gear.no_model is not None:
            measured = with_fault(measured, "no_model", self._gear.no_model)
        names = [f"“{each.name}”" for each in (found.microphone, found.loudspeaker) if each is not None]
        return _Outcome(measured, " and ".join(dict.fromkeys(names)))

    def _loudspeaker(self, before: Measured) -> _Outcome:
        measured, said = before, self._prompter.rendered(HELLO)
        if self._prompter.voice_fault is not None:
            measured = with_fault(measured, "no_voice", self._prompter.voice_fault)
        sound, begins = tone_and(said)
        try:
            heard, started = self._played_and_heard(measured, sound)
        except DeviceError as error:
            return _Outcome(with_fault(measured, "loudspeaker_fails", error), "")
        if heard is not None and said is not None and started is not None:
            measured = replace(measured, echo=echo_of(said, heard.clip, started + begins))
        return _Outcome(measured, "a tone and a sentence were played", audible=True)

    def _room(self, before: Measured) -> _Outcome:
        self._prompter.say(BE_QUIET)

        def done(seconds: float, _: Floats | None) -> bool:
            self._prompter.heed()
            return seconds >= ROOM_SECONDS

        try:
            heard = self._hear(before, done)
        except DeviceError as error:
            return _Outcome(with_fault(before, _fault_of(error), error), "")
        room = hear_quiet(heard.clip, self._gear.detector)
        level = f"the noise lies at {room.noise_db:.0f} dB" if room.noise_db > LOWEST_DB else _NO_NOISE
        return _Outcome(replace(before, room=room), level)

    def _voice(self, before: Measured) -> _Outcome:
        self._recorded = None
        self._prompter.say(SPEAK)
        try:
            heard = self._hear(before, self._until_spoken())
        except DeviceError as error:
            return _Outcome(with_fault(before, _fault_of(error), error), "")
        speech = hear_speech(heard.clip, self._gear.detector)
        self._recorded = None if speech.dead else heard.clip
        measured = replace(before, speech=speech, complete=heard.complete)
        level, snr = speech.level_db, measured.snr_db
        beside = f", {snr:.0f} dB over the noise" if snr is not None else ""
        return _Outcome(measured, f"your voice lies at {level:.0f} dB{beside}" if level is not None else "")

    def _heard_back(self, before: Measured) -> _Outcome:
        clip = self._recorded
        assert clip is not None
        speech = before.speech
        words = None
        if speech is not None and speech.level_db is not None and not self._gear.no_model:
            words = self._gear.understand(clip)
        audible, measured = False, before
        if before.loudspeaker is not None and not self._gear.settings.quiet:
            try:
                self._prompter.follow(self._prompter.speaker.play(clip))
                audible = True
            except DeviceError as error:
                measured = with_fault(before, "loudspeaker_fails", error)
        if words is None:
            return _Outcome(measured, "that is what arrived", audible=audible)
        try:
            understood = self._prompter.wait_for(words)
        except ModelError as error:
            return _Outcome(with_fault(measured, "no_model", error), "", audible=audible)
        return _Outcome(replace(measured, understood=understood), f"“{understood}”", audible=audible)

    # Why a step is left out

    def _no_loudspeaker(self, before: Measured) -> str:
        if self._gear.settings.quiet:
            return "not asked for (--quiet)"
        return "there is none" if before.loudspeaker is None else ""

    def _nothing_heard(self, _: Measured) -> str:
        return "there is nothing to play" if self._recorded is None else ""

    # What the steps do

    def _hear(self, measured: Measured, done: Callable[[float, Floats | None], bool]) -> Heard:
        assert measured.microphone is not None
        source = self._gear.microphone(measured.microphone)
        source.open()
        try:
            return hear(source, done, self._screen.level)
        finally:
            source.close()

    def _until_spoken(self) -> Callable[[float, Floats | None], bool]:
        """Until the person has had their seconds from the first word on, or said none."""
        detector, seconds = self._gear.detector, self._gear.settings.seconds
        detector.reset()
        voiced, began = 0, WAIT_FOR_VOICE_SECONDS
        onset = False

        def done(heard: float, frame: Floats | None) -> bool:
            nonlocal voiced, began, onset
            if frame is not None and not onset:
                voiced = voiced + 1 if detector.is_speech(frame) else 0
                if voiced >= _ONSET_FRAMES:
                    onset, began = True, heard
            return self._prompter.heed() or heard >= began + seconds

        return done

    def _played_and_heard(self, measured: Measured, sound: Clip) -> tuple[Heard | None, float | None]:
        """Play, and hear it through the microphone; what was heard, and when in it the sound began (s).

        A microphone that fails is left to the next step. DeviceError: the loudspeaker failed.
        """
        if measured.microphone is None:
            self._prompter.follow(self._prompter.speaker.play(sound))
            return None, None
        source = self._gear.microphone(measured.microphone)
        playing = Playing(self._prompter.speaker, sound, source.clock, self._prompter.heed)
        try:
            source.open()
            heard = hear(source, playing.done, self._screen.level)
        except LoudspeakerError as error:
            raise DeviceError(error.told.message, error.told.hint) from error
        except DeviceError:
            self._prompter.follow(playing.playback or self._prompter.speaker.play(sound))
            return None, None
        finally:
            source.close()
            playing.stop()
        return heard, playing.started


def _no_microphone(measured: Measured) -> str:
    failed = any(fault.kind in IN_THE_WAY - {"no_model"} for fault in measured.faults)
    return "there is no microphone to hear it" if failed or measured.microphone is None else ""


def _fault_of(error: DeviceError) -> str:
    if isinstance(error, NothingArrivesError):
        return "nothing_arrives"
    return "lost" if isinstance(error, LostError) else "busy"


def check(settings: CheckSettings) -> Checked:
    """A check on this computer's devices, shown on standard error.

    Raises:
        DeviceError: PortAudio is missing, or a device that was named is not there.
        UserError: another setting names something that is not there.
    """
    gear = Gear(settings)
    screen = open_check_screen()
    checks: list[Check] = []  # the one that is running
    try:
        with open_keys(sys.stderr, KEYS, lambda: checks[0].ways if checks else ()) as keyboard:
            checks.append(Check(gear, screen, keyboard))
            return checks[0].run()
    finally:
        screen.close()
        gear.close()
