"""Endpointing: when has an answer ended? A state machine over voiced and unvoiced frames.

Time is counted in frames, so the same frames always give the same decision, on any computer at any speed.
The silence is measured from the last voiced frame of speech, so an answer ends `patience` seconds after it.
The end is held back only while a sound is just beginning that may turn out to be the next word (at most
MAX_HOLD_SECONDS, and never in plain silence).

An end is soft at first: for `reopen` seconds more we listen on, and speech takes it back. The pause then
belongs to the answer like any other, so a person who was only thinking loses nothing. After that the end is
final.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from greenroom.listening.segmenter import (
    BURST_FRAMES,
    ONSET_FRAMES,
    WINDOW_FRAMES,
    Segmenter,
    frames_in,
    seconds_in,
)
from greenroom.records import Clip, Silence, Utterance

LIMIT_PAUSE = 1.0
"""Past the limit the answer ends in the first pause this long (s): never in mid-word."""

LIMIT_GRACE = 20.0
"""How long past the limit we wait for such a pause (s) before ending all the same."""

STALL_SECONDS = 6.0
"""So much that voice activity calls speech (s), without one word in it, is noise: webrtcvad alone can hear
speech in steady noise for 30 s and more. Reference range 4 to 10 s."""

SHORTEST_SILENCE = 0.2
"""Shorter gaps (s) are closures inside words, not pauses (Campione & Véronis 2002)."""

MAX_HOLD_SECONDS = seconds_in(BURST_FRAMES - 1 + WINDOW_FRAMES - ONSET_FRAMES)
"""The longest that a beginning sound can hold the end back (s): a burst just too short to be a word, and the
frames until the window has forgotten it."""

Phase = Literal["waiting", "speaking", "silence", "ended"]


@dataclass(frozen=True, slots=True)
class EndpointerSettings:
    """How long to wait for what; everything in seconds.

    Attributes:
        patience: silence after speech that ends the answer.
        max_answer: length of an answer, counted from its first word, after which its next pause ends it.
        no_speech: how long to wait for a first word.
        reopen: how long after the end speech takes it back; 0.0 makes every end final at once.
    """

    patience: float = 4.0
    max_answer: float = 300.0
    no_speech: float = 75.0
    reopen: float = 0.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the answer stands after a frame.

    Attributes:
        phase: "waiting" (nobody has spoken), "speaking", "silence" (a pause after speech), "ended".
        elapsed: sound heard so far (s).
        silence: since the last voiced frame of speech, or since the start (s); 0.0 while speaking.
        remaining: silence still to pass until the end (s); None except in the phase "silence".
        ended_by: "silence", "limit", "no_speech" or "stall" once ended, or what `finish` was told; else None.
        final: it has ended, and nothing can take the end back.
        reopened: how often speech has taken an end back so far.
    """

    phase: Phase
    elapsed: float
    silence: float
    remaining: float | None = None
    ended_by: str | None = None
    final: bool = False
    reopened: int = 0


class Endpointer:
    """Listens to one answer. Push every frame's voiced flag until the end is final.

    Attributes:
        patience: the silence (s) that ends the answer; may be changed at any time while listening.
    """

    def __init__(self, settings: EndpointerSettings | None = None) -> None:
        self.settings = settings or EndpointerSettings()
        self.patience = self.settings.patience
        self._segmenter = Segmenter()
        self._held = False
        self._ended_by: str | None = None
        self._end_frame = 0
        self._final = False
        self._reopened = 0
        self._reopened_frame = 0
        self._words_until = 0.0
        self._decoded = 0.0
        self._anew_frames = [0]  # where listening began, and where begin_anew() was called
        self._least_patience = 0.0

    @property
    def seconds(self) -> float:
        """Sound heard so far (s)."""
        return seconds_in(self._segmenter.frames)

    @property
    def speech(self) -> tuple[tuple[float, float], ...]:
        """(start, end) of every stretch of speech (s), in order and apart."""
        return self._segmenter.intervals

    @property
    def speech_start(self) -> float | None:
        """Start of the first speech (s); None before."""
        first = self._segmenter.speech_start_frame
        return None if first is None else seconds_in(first)

    @property
    def speech_end(self) -> float:
        """End of the last voiced frame of speech (s); 0.0 if nobody spoke."""
        return seconds_in(self._segmenter.speech_end_frame)

    @property
    def decided(self) -> float:
        """When the end that stands was decided (s); 0.0 while there is none."""
        return seconds_in(self._end_frame) if self._ended_by is not None else 0.0

    @property
    def silences(self) -> tuple[Silence, ...]:
        """Every pause between stretches of speech, and last the one that ended the answer or goes on now.

        A pause in which begin_anew() was called is left out: it does not tell how long the person pauses.
        """
        speech = self.speech
        broken = [seconds_in(frame) for frame in self._anew_frames]
        gaps = [
            (end, start - end, True)
            for (_, end), (start, _) in pairwise(speech)
            if not any(end <= at <= start for at in broken)
        ]
        if speech and not self._segmenter.speaking:
            until = self.seconds if self._ended_by is None else self.decided
            gaps.append((self.speech_end, until - self.speech_end, False))
        return tuple(
            Silence(round(start, 3), round(seconds, 3), resumed)
            for start, seconds, resumed in gaps
            if seconds >= SHORTEST_SILENCE
        )

    def push(self, voiced: bool) -> Listening:
        """Takes the next frame (30 ms) and says where the answer stands; once final, nothing changes."""
        if not self._final:
            self._segmenter.push(voiced)
            # A beginning sound may be the next word: the end waits until it is known to be one or not.
            self._held = voiced or self._segmenter.onset
            if self._ended_by is not None:
                self._listen_on()
            elif reason := self._reason_to_end():
                self._end(reason)
        return self.listening()

    def note_words(self, until: float, decoded: float) -> None:
        """Words are known, the last of them ending at `until`; sound is decoded up to `decoded` (both s)."""
        self._words_until, self._decoded = until, decoded

    def begin_anew(self, least: float = 0.0) -> None:
        """The silence so far no longer counts: the person was held up, or spoken to, and begins to think now.

        Until they speak, `least` seconds of silence are waited for even where the patience is shorter. An end
        that is not final is taken back.
        """
        if self._final:
            return
        self._ended_by = None
        self._reopened_frame = self._segmenter.frames
        self._anew_frames.append(self._segmenter.frames)
        self._least_patience = least

    def finish(self, ended_by: str = "key") -> None:
        """Ends the answer now and for good. An end that already stands keeps its time and its reason."""
        if self._ended_by is None:
            self._end(ended_by)
        self._final = True

    def listening(self) -> Listening:
        """Where the answer stands now."""
        phase = self._phase()
        return Listening(
            phase=phase,
            elapsed=self.seconds,
            silence=seconds_in(self._silent_frames()),
            remaining=seconds_in(self._frames_to_end()) if phase == "silence" else None,
            ended_by=self._ended_by,
            final=self._final,
            reopened=self._reopened,
        )

    def utterance(self, clip: Clip, ended_by: str) -> Utterance:
        """The answer as a record: `clip` is its whole recording; decided now if no end stands yet."""
        return Utterance(
            clip=clip,
            speech=self.speech,
            ended_by=ended_by,
            speech_end=self.speech_end,
            decided=self.seconds if self._ended_by is None else self.decided,
        )

    def _end(self, reason: str) -> None:
        self._ended_by = reason
        self._end_frame = self._segmenter.frames
        # Who is still speaking at the end (stall, or the limit's grace) has no pause that speech could close:
        # the next frame would re-open it, and there would be no end at all.
        self._final = self.settings.reopen <= 0 or self._segmenter.speaking

    def _listen_on(self) -> None:
        """After a soft end: speech takes it back, time makes it final."""
        if self._segmenter.speaking:
            self._ended_by = None
            self._reopened += 1
            self._reopened_frame = self._segmenter.frames
        elif not self._held:
            waited = self._segmenter.frames - self._end_frame
            self._final = waited >= frames_in(self.settings.reopen)

    def _phase(self) -> Phase:
        if self._ended_by is not None:
            return "ended"
        if self._segmenter.speaking:
            return "speaking"
        if self._segmenter.speech_start_frame is not None:
            return "silence"
        # The first sound shows at once, though it may yet prove to be a knock and lead back to waiting.
        return "speaking" if self._segmenter.onset else "waiting"

    def _silent_frames(self) -> int:
        if self._segmenter.speaking:
            return 0
        return self._segmenter.frames - self._segmenter.speech_end_frame

    def _waited_frames(self) -> int:
        """Silence that counts towards an end."""
        return min(self._silent_frames(), self._segmenter.frames - self._anew_frames[-1])

    def _patience_frames(self) -> int:
        """The patience, or what begin_anew() wants if nothing longer than a knock has been heard since."""
        spoke = self._segmenter.speech_end_frame - self._anew_frames[-1] >= BURST_FRAMES
        return frames_in(self.patience if spoke else max(self.patience, self._least_patience))

    def _limit_frame(self) -> int:
        return (self._segmenter.speech_start_frame or 0) + frames_in(self.settings.max_answer)

    def _last_frame(self) -> int:
        """Where it ends even inside speech: nobody who was let go on past the limit is cut off at once."""
        return max(self._limit_frame(), self._reopened_frame) + frames_in(LIMIT_GRACE)

    def _frames_to_end(self) -> int:
        """Frames of silence until the answer ends, if nothing more is said."""
        waited = self._waited_frames()
        by_patience = self._patience_frames() - waited
        by_limit = max(frames_in(LIMIT_PAUSE) - waited, self._limit_frame() - self._segmenter.frames)
        return max(0, min(by_patience, by_limit))

    def _reason_to_end(self) -> str | None:
        if self._segmenter.speech_start_frame is None:
            return self._reason_to_stop_waiting()
        if self._stalled():
            return "stall"
        if self._segmenter.frames >= self._last_frame():
            return "limit"
        if self._held or self._segmenter.speaking or self._frames_to_end() > 0:
            return None
        return "silence" if self._waited_frames() >= self._patience_frames() else "limit"

    def _reason_to_stop_waiting(self) -> str | None:
        waited_out = self._waited_frames() >= frames_in(self.settings.no_speech)
        return "no_speech" if waited_out and not self._held else None

    def _stalled(self) -> bool:
        """Whether what goes on as speech has had no word in it for too long, as far as it is decoded."""
        if not self._segmenter.speaking or self._decoded - self._words_until < STALL_SECONDS:
            return False
        # Only speech counts: a long pause for thought just before words that are still being decoded is none.
        wordless = sum(
            max(0.0, min(end, self._decoded) - max(start, self._words_until)) for start, end in self.speech
        )
        # Before any word somebody may be thinking in a noisy room: they get the time of those in a quiet one.
        return wordless >= (STALL_SECONDS if self._words_until > 0 else self.settings.no_speech)
