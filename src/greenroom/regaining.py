"""A microphone that cannot be had, or was lost in mid-answer: the person is told, and chooses."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from greenroom import keys
from greenroom.audio.devices import Device, same_device
from greenroom.audio.lasting import LastingSource
from greenroom.audio.microphone import RateChangedError
from greenroom.audio.microphones import Microphones
from greenroom.audio.source import AudioSource
from greenroom.audio.steady_speaker import SteadySpeaker
from greenroom.errors import DeviceError
from greenroom.hearing import NUMBERS, THAT_WAS_IT
from greenroom.keys import Keys, Way, line_of
from greenroom.prompts import (
    BACK,
    BACK_AT_THE_START,
    CANNOT_HEAR,
    GO_ON,
    IF_NO_SOUND,
    LOST_AFTER,
    NO_SOUND_YET,
    THERE_NOW,
    WHENEVER_READY,
)
from greenroom.screens import Screen
from greenroom.speaking import Narrator

NO_MICROPHONE = "There is no microphone now. Plug one in: it is noticed by itself."
NOW = "The choice is now:"
RATE_CHANGED = "Your microphone changed its sample rate, so I opened it again. Go on, please."

_LOOK_SECONDS = 2.0
"""Between two looks for devices: plugging one in shall feel noticed, and each look takes some 0.1 s."""

_FIRST_SOUND_SECONDS = 2.0
"""So long a device that was opened is waited for, as it is while it is listened to (portaudio)."""

_MOST_TRIES = 3
"""How often a device that is back is opened by itself: just after it was plugged in it may refuse."""

_TOO_LITTLE = 1.0
"""A device that goes on for less (s) before it is lost again gave no sound, but what was on its way."""

SILENT = "gave no sound just now"
REFUSED = "could not be opened just now"

_LONGEST_LOOK = 0.5
_ANOTHER = "another device"  # stands for a way for each number
_KEY_SECONDS = 0.05
_CHOSEN = {
    THAT_WAS_IT: "that was your answer",
    keys.TYPE: "type",
    keys.SKIP: "skip",
    keys.QUIT: "save and quit",
}
_HEEDED = (keys.DONE, THAT_WAS_IT, *keys.ASKING, *keys.RATINGS, *NUMBERS.values())


class Regaining:
    """Brings back a source whose device failed, by the person's choice.

    Args:
        microphones: those there are; None where recordings answer, which nothing can take the place of.
        speaker: what must fall silent while devices are looked for.
    """

    def __init__(
        self,
        narrator: Narrator,
        keyboard: Keys,
        screen: Screen,
        microphones: Microphones | None,
        speaker: SteadySpeaker | None = None,
    ) -> None:
        self._narrator = narrator
        self._keys = keyboard
        self._screen = screen
        self._microphones = microphones
        self._speaker = speaker
        self._went_on: tuple[LastingSource, float] | None = None
        self._advised: LastingSource | None = None

    def regain(self, source: AudioSource, error: DeviceError, said: float, *, answer: bool) -> str | None:
        """Tell, and let the person choose.

        Args:
            said: how much of the answer is recorded (s).
            answer: whether that may be all of it: something was said.

        Returns:
            None: `source` is open again, and the answer goes on. Else what the person chose in its place:
            THAT_WAS_IT, or the action of a key (type, skip, quit).

        Raises:
            DeviceError: `error`, where nobody is there to choose.
        """
        if self._microphones is None or not isinstance(source, LastingSource) or not self._keys.interactive:
            raise error
        source.close()
        if isinstance(error, RateChangedError) and self._opened_again(self._microphones, source):
            return None
        silent = self._gave_nothing(source, said)
        pressed = self._tell(error, said, answer=answer, silent=silent)
        choosing = _Choosing(self, self._microphones, source, said, answer=answer, silent=silent)
        try:
            pressed = choosing.run(pressed)
        finally:
            self._screen.offers(())
        if pressed is None:
            self._went_on = source, said
        else:
            self._screen.note(f"Chosen: {_CHOSEN[pressed]}.")
        return pressed

    def _gave_nothing(self, source: LastingSource, said: float) -> bool:
        """Whether this answer has gone on with the device already, and next to no sound came."""
        return (
            self._went_on is not None and self._went_on[0] is source and said - self._went_on[1] < _TOO_LITTLE
        )

    def _opened_again(self, microphones: Microphones, source: LastingSource) -> bool:
        """At the rate that the device has now, by itself."""
        before = microphones.device
        try:
            now = same_device(before, self.look(microphones))
            if now is None:
                return False
            if now.rate == before.rate:  # once more it would be the same, every few seconds
                microphones.leave_pace_alone(now)
            microphones.use(now, source)
        except DeviceError:
            return False
        self._screen.note(RATE_CHANGED)
        return True

    def look(self, microphones: Microphones) -> tuple[Device, ...]:
        """The microphones that are there now. DeviceError where the sound system does not answer."""
        if self._speaker is None:
            return microphones.look()
        self._speaker.close()
        try:
            return microphones.look()
        finally:
            self._speaker.find_again()

    def _tell(self, error: DeviceError, said: float, *, answer: bool, silent: bool) -> str | None:
        """On screen and aloud; the key that cut it short."""
        self._screen.state("")
        if silent:
            return None  # the choice says so
        self._screen.note(error.sentence)
        text = LOST_AFTER.format(time=_in_words(said)) if answer else CANNOT_HEAR
        return self.say(text, _HEEDED)

    def say(self, text: str, heeded: tuple[str, ...] = ()) -> str | None:
        self._screen.said(text)
        return self._narrator.say(text, heeded=heeded)

    def note(self, text: str) -> None:
        self._screen.note(text)

    def advise(self, source: LastingSource) -> None:
        """What helps where a device is silent, once in an answer."""
        if self._advised is not source:
            self._advised = source
            self._screen.note(IF_NO_SOUND)

    def offer(self, ways: list[Way], numbers: list[Way]) -> None:
        """`numbers`: what a way says in short that stands for several."""
        self._screen.note(line_of(ways, by_words=self._keys.by_words))
        self._screen.offers([*numbers, *(way for way in ways if way.action != _ANOTHER)])

    def poll(self) -> str | None:
        return self._keys.poll()


class _Choosing:
    """One choice."""

    def __init__(
        self,
        room: Regaining,
        microphones: Microphones,
        source: LastingSource,
        said: float,
        *,
        answer: bool,
        silent: bool,
    ) -> None:
        self._room = room
        self._microphones = microphones
        self._source = source
        self._said = said
        self._answer = answer
        self._lost = microphones.device
        self._listed: tuple[Device, ...] | None = None
        self._shown: list[tuple[str, bool, str]] | None = None
        self._faults = {self._lost.identity: SILENT} if silent else {}
        # A device that could not even be opened for this answer is left to the person.
        self._tries = 0 if silent or not said else _MOST_TRIES
        self._trouble = ""
        self._pressed: str | None = None  # while it was told that no sound comes
        self._offered = False

    def run(self, pressed: str | None) -> str | None:
        if self._faults:  # before the look, which would end what is said
            self._tell_of_silence()
            pressed, self._pressed = self._pressed or pressed, None
        look, seen = _Look(self._look), False
        while True:
            if look.done and not seen:
                seen = True
                if self._goes_on_by_itself(look.found, pressed):
                    return None
                pressed, self._pressed = self._pressed or pressed, None
                pressed = self._see(look) or pressed
            if pressed in (keys.TYPE, keys.SKIP, keys.QUIT) or (pressed == THAT_WAS_IT and self._answer):
                look.await_end()
                return pressed
            if look.done:
                device = self._meant(pressed)
                if device is not None and self._go_on_with(device, GO_ON if self._said else WHENEVER_READY):
                    return None
                pressed, self._pressed = self._pressed, None
                if device is not None:
                    self._shown = None  # what it came to is shown
                if device is not None or look.age > _LOOK_SECONDS:
                    look, seen = _Look(self._look), False
            time.sleep(_KEY_SECONDS)
            # A key pressed while devices are looked for waits until they are known.
            pressed = self._room.poll() or pressed

    def _look(self) -> tuple[Device, ...]:
        return self._room.look(self._microphones)

    def _goes_on_by_itself(self, found: tuple[Device, ...], pressed: str | None) -> bool:
        """Whether the microphone that was lost is there, and listened to again: nobody need press a key."""
        there = {device.identity for device in found}
        self._faults = {each: fault for each, fault in self._faults.items() if each in there}
        lost = same_device(self._lost, found)
        if lost is None:
            self._tries = _MOST_TRIES  # plugged in anew it may have recovered, whatever it did before
            return False
        if not self._tries or pressed is not None:
            return False
        self._tries -= 1
        return self._go_on_with(lost, BACK if self._said else BACK_AT_THE_START, told=not self._tries)

    def _see(self, look: _Look) -> str | None:
        """Show what there is if that has changed, and say what has come back; a key pressed meanwhile."""
        if look.error is not None:
            if look.error.message != self._trouble:
                self._trouble = look.error.message
                self._room.note(f"{look.error.sentence} I keep trying.")
                self._show(())
            return None
        before, now = self._listed, look.found
        self._listed = now  # their numbers may have changed, where their names have not
        shown = [(each.name, each.default_input, self._faults.get(each.identity, "")) for each in now]
        if shown == self._shown and not self._trouble:
            return None
        self._shown, self._trouble = shown, ""
        self._show(now)
        usable = [device for device in now if device.identity not in self._faults]
        if before is not None and any(same_device(device, before) is None for device in usable):
            return self._room.say(THERE_NOW, _HEEDED)
        return None

    def _show(self, listed: tuple[Device, ...]) -> None:
        choice = self._preferred()
        if self._offered:
            self._room.note(NOW)
        self._offered = True
        for number, device in enumerate(listed[:9], start=1):
            fault = self._faults.get(device.identity)
            mark = f" ({fault})" if fault else ""
            self._room.note(f"{'>' if device == choice else ' '} {number}  {device.name}{mark}")
        if not listed and not self._trouble:
            self._room.note(NO_MICROPHONE)
        ways = []
        if choice is not None:
            ways.append(Way(keys.DONE, "Enter", f"go on with “{choice.name}”", "done"))
        if len(listed) > 1:
            last = min(len(listed), 9)
            ways.append(Way(_ANOTHER, f"1-{last}", "another of these", "1", f"a number from 1 to {last}"))
        if self._answer:
            ways.append(Way(THAT_WAS_IT, "y", "that was my answer", "yes", "yes if that was your answer"))
        ways += [
            Way(keys.TYPE, "t", "type", "type"),
            Way(keys.SKIP, "s", "skip", "skip"),
            Way(keys.QUIT, "q", "save and quit", "quit"),
        ]
        self._room.offer(ways, [_numbered(number, each) for number, each in enumerate(listed[:9], start=1)])

    def _preferred(self) -> Device | None:
        """The same microphone where it is there, else the default; one that just failed where it is alone."""
        there = self._listed or ()
        listed = tuple(device for device in there if device.identity not in self._faults) or there
        default = next((device for device in listed if device.default_input), None)
        return same_device(self._lost, listed) or default or (listed[0] if listed else None)

    def _meant(self, pressed: str | None) -> Device | None:
        if pressed == keys.DONE:
            return self._preferred()
        numbers = {**{action: int(key) for key, action in NUMBERS.items()}, **keys.RATINGS}
        number, listed = numbers.get(pressed or ""), self._listed or ()
        return listed[number - 1] if number is not None and number <= len(listed) else None

    def _go_on_with(self, device: Device, text: str, *, told: bool = True) -> bool:
        """Open it, and say so once it gives sound, before anything is recorded; `told`: or else why not."""
        try:
            self._microphones.use(device, self._source)
            hears = self._source.await_sound(_FIRST_SOUND_SECONDS)
        except DeviceError as error:
            self._failed(device, REFUSED)
            if told:
                self._room.note(error.sentence)
            return False
        if not hears:
            self._failed(device, SILENT)
            self._tell_of_silence()
            return False
        self._room.note(f"Going on with “{device.name}”.")
        self._source.pause()
        self._room.say(text)
        self._source.resume()
        return True

    def _failed(self, device: Device, fault: str) -> None:
        self._source.close()
        self._faults[device.identity] = fault
        if fault == SILENT and device.identity == self._lost.identity:
            self._tries = 0

    def _tell_of_silence(self) -> None:
        self._pressed = self._room.say(NO_SOUND_YET, _HEEDED)
        self._room.advise(self._source)


class _Look:
    """A look for devices in a thread of its own: a sound system that hangs shall not hold up the keys."""

    def __init__(self, look: Callable[[], tuple[Device, ...]]) -> None:
        self.found: tuple[Device, ...] = ()
        self.error: DeviceError | None = None
        self._fault: BaseException | None = None
        self._look = look
        self._ended = 0.0
        self._thread = threading.Thread(target=self._run, name="devices", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        if self._fault is not None:
            raise self._fault
        return not self._thread.is_alive()

    @property
    def age(self) -> float:
        """How long ago it was (s)."""
        return time.monotonic() - self._ended

    def await_end(self) -> None:
        """Looking ends whatever is played, so nothing may be begun meanwhile; what hangs is left alone."""
        self._thread.join(_LONGEST_LOOK)

    def _run(self) -> None:
        try:
            self.found = self._look()
        except DeviceError as error:
            self.error = error
        except BaseException as fault:
            self._fault = fault
        self._ended = time.monotonic()


def _numbered(number: int, device: Device) -> Way:
    key = str(number)  # which is a rating's in practice mode
    action = key if key in keys.RATINGS else NUMBERS[key]
    return Way(action, key, device.name, key, f"{key} for “{device.name}”")


def _in_words(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 120:
        return "one second" if whole == 1 else f"{whole} seconds"
    return f"{whole // 60} minutes"
