"""Who answers, a microphone, recordings or the keyboard, and through what greenroom is heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from greenroom.audio.candidate import RecordedCandidate
from greenroom.audio.clip import load_clip
from greenroom.audio.devices import find_input, find_output
from greenroom.audio.microphones import Microphones
from greenroom.audio.source import AudioSource
from greenroom.audio.speaker import LoudSpeaker, NoSpeaker, Playback, Speaker
from greenroom.config import PracticeSettings
from greenroom.demo import demo_recordings
from greenroom.errors import DeviceError
from greenroom.records import Clip

DEMO = "demo"
"""The name under which `--candidate` knows the recordings that come with greenroom."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The sources of answers one after the other (None where they are typed), and the loudspeaker.

    `microphones` are where the sources come from; None where they are recordings or there are none.
    """

    next_source: Callable[[], AudioSource | None] | None
    microphone: str
    speaker: Speaker
    loudspeaker: str
    microphones: Microphones | None = None


def cast_for(settings: PracticeSettings) -> Cast:
    """Find the devices or recordings that the settings name.

    DeviceError if there is no microphone and nobody else answers, or a named device is not there;
    BadInputError for a recording that cannot be used. A missing loudspeaker is no error unless it was named:
    every spoken text is printed, too.
    """
    speaker, loudspeaker = _speaker(settings)
    if settings.typed:
        return Cast(None, "the keyboard", speaker, loudspeaker)
    if settings.candidate:
        is_demo = settings.candidate == (DEMO,)
        paths = demo_recordings() if is_demo else [Path(name) for name in settings.candidate]
        aloud = speaker if is_demo and not settings.fast and not settings.quiet else None
        name = "the demo candidate's recordings" if is_demo else "a candidate's recordings"
        return Cast(_recordings(paths, settings.fast, aloud), name, speaker, loudspeaker)
    microphones = Microphones(find_input(settings.input))
    return Cast(microphones.next_source, microphones.device.name, speaker, loudspeaker, microphones)


def _speaker(settings: PracticeSettings) -> tuple[Speaker, str]:
    if settings.quiet and settings.output is None:
        return NoSpeaker(), "off (quiet)"
    try:
        device = find_output(settings.output)
    except DeviceError:
        if settings.output is not None:
            raise
        return NoSpeaker(), "none was found, so read along"
    return LoudSpeaker(device), device.name


def _recordings(paths: Sequence[Path], fast: bool, aloud: Speaker | None) -> Callable[[], AudioSource | None]:
    """Gives the recordings one after the other, all read beforehand: a bad one is better said at once."""
    clips = [load_clip(path) for path in paths]
    numbered = iter(enumerate(clips, start=1))

    def next_source() -> AudioSource | None:
        number, clip = next(numbered, (0, None))
        if clip is None:
            return None
        is_last = number == len(clips)
        if aloud:
            return _AudibleCandidate(clip, aloud, is_last=is_last)
        return RecordedCandidate(clip, fast=fast, is_last=is_last)

    return next_source


class _AudibleCandidate(RecordedCandidate):
    """A candidate whom the person at the desk hears, too: the demo would be dull without."""

    def __init__(self, clip: Clip, speaker: Speaker, *, is_last: bool = False) -> None:
        super().__init__(clip, is_last=is_last)
        self._heard_clip = clip
        self._speaker = speaker
        self._playback: Playback | None = None

    def open(self) -> None:
        self._playback = self._speaker.play(self._heard_clip)
        super().open()

    def pause(self) -> None:
        super().pause()
        if self._playback is not None:
            self._playback.stop()

    def resume(self) -> None:
        """Go on with the rest: what was said in the pause has taken the loudspeaker."""
        super().resume()
        clip = self._heard_clip
        rest = clip.samples[round(self.clock() * clip.rate) :]
        if len(rest):
            self._playback = self._speaker.play(Clip(rest, clip.rate))

    def close(self) -> None:
        super().close()
        if self._playback is not None:
            self._playback.stop()
