"""How far each number of the delivery can be believed, and why, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from greenroom.records import DOUBTFUL, Filler, Prosody, Reliability, Utterance, Word

from .bands import Bands

_Concern = Callable[["Grounds"], Reliability]
_LEVELS = ("good", "fair", "poor")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the numbers of one answer rest on.

    Attributes:
        words, seconds: how much speech there was.
        probability: the mean that Whisper gave its words, None where it gave none.
        heard, listened: whether there is a recording, and whether its sound was measured, too.
        snr_db: speech over the room, None where it is not known.
        unsure: share of the speech (0 to 1) in which filled pauses could not be told; 1 before listening.
        fillers, doubtful: how many filled pauses there are, and how many of them may be none.
    """

    words: int
    seconds: float
    bands: Bands
    probability: float | None = None
    heard: bool = False
    listened: bool = False
    snr_db: float | None = None
    unsure: float = 1.0
    fillers: int = 0
    doubtful: int = 0

    @property
    def fillers_are_a_lower_bound(self) -> bool:
        return self.unsure > self.bands.reliability.unsure_good


def grounds_of(
    spoken: Sequence[Word],
    span: tuple[float, float],
    utterance: Utterance | None,
    prosody: Prosody | None,
    fillers: Sequence[Filler],
    bands: Bands,
) -> Grounds:
    """`spoken`: the words that count; `span`: from the first to the last of them (s)."""
    known = [word.probability for word in spoken if word.probability is not None]
    filled = [filler for filler in fillers if filler.kind == "filled_pause"]
    return Grounds(
        words=len(spoken),
        seconds=span[1] - span[0],
        bands=bands,
        probability=sum(known) / len(known) if known else None,
        heard=utterance is not None or prosody is not None,
        listened=prosody is not None,
        snr_db=prosody.voice.snr_db if prosody and prosody.voice else None,
        unsure=_share(prosody.unsure, span) if prosody else 1.0,
        fillers=len(filled),
        doubtful=sum(filler.confidence < DOUBTFUL for filler in filled),
    )


def reliabilities(grounds: Grounds) -> dict[str, Reliability]:
    """For each number: the worst of what stands against it, and everything that it rests on."""
    table = dict(_OF_WORDS)
    if grounds.heard:
        table |= _OF_SOUND
    if grounds.listened:
        table |= _OF_LISTENING
    return {name: _joined([concern(grounds) for concern in concerns]) for name, concerns in table.items()}


def believable(reliability: Mapping[str, Reliability], measure: str) -> bool:
    """Whether a measure may be judged at all."""
    its = reliability.get(_RESTS_ON.get(measure, measure))
    return its is None or its.level != "poor"


def _joined(concerns: Sequence[Reliability]) -> Reliability:
    worst = max((concern.level for concern in concerns), key=_LEVELS.index)
    return Reliability(worst, "; ".join(concern.why for concern in concerns if concern.why))


def _share(stretches: Sequence[tuple[float, float]], span: tuple[float, float]) -> float:
    covered = sum(max(0.0, min(b, span[1]) - max(a, span[0])) for a, b in stretches)
    return min(1.0, covered / (span[1] - span[0])) if span[1] > span[0] else 1.0


def _size(grounds: Grounds) -> Reliability:
    least, limits = grounds.bands.least, grounds.bands.reliability
    text = f"{grounds.words} word{'' if grounds.words == 1 else 's'} in {grounds.seconds:.0f} s"
    if grounds.words < least.words or grounds.seconds < least.seconds:
        return Reliability("poor", f"{text}, too few to judge by")
    if grounds.words < limits.words_good or grounds.seconds < limits.seconds_good:
        return Reliability("fair", f"{text}, not many to judge by")
    return Reliability("good", text)


def _recognition(grounds: Grounds) -> Reliability:
    if grounds.probability is None:
        return Reliability("good", "")
    limits = grounds.bands.reliability
    if grounds.probability >= limits.probability_good:
        return Reliability("good", "the words were recognised clearly")
    if grounds.probability >= limits.probability_fair:
        return Reliability("fair", "some words were recognised with doubt")
    return Reliability("poor", "many words were recognised with doubt")


def _times(grounds: Grounds) -> Reliability:
    if grounds.listened:
        return Reliability("good", "times taken from the sound")
    return Reliability("fair", "times by Whisper, which can be some tenths of a second off")


def _silences(grounds: Grounds) -> Reliability:
    if grounds.listened:
        return Reliability("good", "silences measured in the sound")
    return Reliability("fair", "silences by voice activity alone, which misses short ones")


def _runs(grounds: Grounds) -> Reliability:
    """A run ends at a short silence, and those are what voice activity misses."""
    return _silences(grounds) if grounds.listened else Reliability("poor", _silences(grounds).why)


def _noise(grounds: Grounds) -> Reliability:
    if grounds.snr_db is None:
        return Reliability("good", "")
    limits, text = grounds.bands.reliability, f"the voice {grounds.snr_db:.0f} dB over the room"
    if grounds.snr_db >= limits.snr_good:
        return Reliability("good", text)
    if grounds.snr_db >= limits.snr_fair:
        return Reliability("fair", f"{text}, which is noisy")
    return Reliability("poor", f"{text}, which drowns the quiet sounds")


def _second_pass(grounds: Grounds) -> Reliability:
    if not grounds.listened:
        return Reliability("poor", "only what Whisper wrote unasked, and it leaves out most um and uh")
    if grounds.unsure >= 1.0:
        return Reliability("poor", "a lower bound: no second pass has listened for them")
    if grounds.fillers_are_a_lower_bound:
        level = "fair" if grounds.unsure <= grounds.bands.reliability.unsure_fair else "poor"
        return Reliability(level, f"a lower bound: not to be told in {grounds.unsure:.0%} of the speech")
    return Reliability("good", "listened for in a second pass and in the sound")


def _doubt(grounds: Grounds) -> Reliability:
    if not grounds.doubtful:
        return Reliability("good", "")
    level = "fair" if 2 * grounds.doubtful <= grounds.fillers else "poor"
    return Reliability(level, f"{grounds.doubtful} of {grounds.fillers} may be none")


def _always(why: str) -> _Concern:
    return lambda _: Reliability("fair", why)


_grammar = _always("told from content by grammar, which can err")
_smoothed = _always("a lower bound: from the words, and Whisper smooths some away")
_Concerns = Mapping[str, tuple[_Concern, ...]]
_OF_WORDS: _Concerns = {
    "speech_rate": (_size, _recognition, _times),
    "pace": (_size, _recognition, _times),
    "first_word": (_times,),
    "fillers": (_size, _second_pass, _doubt, _grammar),
    "filled_pauses": (_second_pass, _doubt),
    "filler_words": (_recognition, _grammar),
    "disfluencies": (_recognition, _smoothed),
    "hedges": (_size, _recognition),
}
_OF_SOUND: _Concerns = {
    "articulation_rate": (_size, _recognition, _silences),
    "pauses": (_silences, _noise),
    "silence_share": (_silences, _noise),
    "longest_run": (_runs, _noise),
}
_OF_LISTENING: _Concerns = {"voice": (_size, _noise)}
_RESTS_ON = {"long_pauses": "pauses", "inside_pauses": "pauses", "fade": "voice", "pitch_sd": "voice"}
