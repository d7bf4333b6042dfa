"""How `scripts/evaluate delivery` scores what was heard in a recording, and sums up over many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from delivery_references import Reference, Stretch, Timed
from delivery_systems import Heard
from delivery_texts import FILLER, aligned, errors, paired, without_fillers

NEAR = 0.3
"""A filled pause is found where one is claimed whose start, or middle, lies so near (s)."""

PAUSES = (0.25, 0.5, 1.0)

SLACK = 0.1
"""What a pause may be short of a limit (s) and still be no mistake, in the second count: an aligner's word
times are good for 50 ms, and a pause has two ends."""

FAR = 0.2
"""A word that starts further off than this (s) cannot be clicked on."""

_LEAST_WORDS = 10  # fewer give no rate


@dataclass(slots=True)
class Tally:
    """Of things to find: how many there are and how many are claimed; of both, how many are right."""

    there: int = 0
    found: int = 0
    claimed: int = 0
    right: int = 0

    def add(self, other: Tally) -> None:
        for name in ("there", "found", "claimed", "right"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float | None:
        return self.found / self.there if self.there else None

    @property
    def precision(self) -> float | None:
        return self.right / self.claimed if self.claimed else None

    @property
    def f1(self) -> float | None:
        if not self.there and not self.claimed:
            return None
        recall, precision = self.recall or 0.0, self.precision or 0.0
        return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


@dataclass(slots=True)
class Scored:
    """One recording as one system heard it.

    Attributes:
        fillers: None where it is not known which there are.
        missed, invented: filled pauses, in words and, where known, with times.
        pauses, lenient: by their least length; lenient: with `SLACK`. Empty where silences are not known.
        pauses_missed, pauses_false: those of 0.5 s.
        starts: how far off each word's start is (s), of the words that were heard; far: those beyond `FAR`.
        errors, clean_errors: words wrong, with filled pauses and without; None where no text is known.
        changed: each of `clean_errors`, as what was said > what was heard.
        words: heard, without filled pauses; inserted: those of them that nobody said, None if not known.
        rate: words per minute in truth and as heard.
    """

    name: str
    group: str
    seconds: float
    fillers: Tally | None = None
    missed: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    pauses: dict[float, Tally] = field(default_factory=dict)
    lenient: dict[float, Tally] = field(default_factory=dict)
    labelled: bool = False
    fluent: bool = False
    pauses_missed: list[str] = field(default_factory=list)
    pauses_false: list[str] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    far: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    errors: int | None = None
    clean_errors: int | None = None
    length: int = 0
    clean_length: int = 0
    words: int = 0
    inserted: int | None = None
    rate: tuple[float, float] | None = None
    processor_seconds: float = 0.0


def score(reference: Reference, heard: Heard, seconds: float) -> Scored:
    said = Scored(reference.name, reference.group, seconds, labelled=reference.labelled)
    said.fluent = reference.fluent
    said.words = len(without_fillers([token.text for token in heard.tokens]))
    _score_fillers(reference, heard, said)
    _score_text(reference, heard, said)
    if reference.silences:
        _score_pauses(reference, heard, said)
    if reference.timed:
        true, got = reference.timed, heard.tokens
        texts = [word.text for word in true], [word.text for word in got]
        pairs = paired(*texts, lambda i, j: abs(true[i].start - got[j].start))
        pairs = [(i, j) for i, j in pairs if true[i].text != FILLER and not _goes_on(true, i)]
        said.starts = [abs(got[j].start - true[i].start) for i, j in pairs]
        far = (i for (i, _), off in zip(pairs, said.starts, strict=True) if off > FAR)
        heard_at = {i: got[j].start for i, j in pairs}
        said.far = [f"{true[i].text} {true[i].start:.2f} heard {heard_at[i]:.2f}" for i in far]
        span = true[-1].end - true[0].start
        if reference.said >= _LEAST_WORDS and heard.words_per_minute is not None:
            said.rate = (60 * reference.said / span, heard.words_per_minute)
    return said


def _goes_on(words: Sequence[Timed], at: int) -> bool:
    """Whether it is the rest of the word before, as the "not" of "don't"."""
    return at > 0 and words[at - 1].start == words[at].start


def _score_fillers(reference: Reference, heard: Heard, said: Scored) -> None:
    if reference.text is None and not reference.fluent:
        said.invented = [f"{_at(f)} (not known whether)" for f in heard.fillers]
        return
    if reference.timed:
        _by_time(reference, heard, said)
    else:
        _by_text(reference.text or (), heard, said)


def _by_time(reference: Reference, heard: Heard, said: Scored) -> None:
    true = [w for w in reference.timed if w.text == FILLER and (w.start, w.end) not in reference.doubtful]
    pairs = in_order(true, heard.fillers, lambda one, other: _found_at(one, other, reference.untimed))
    doubtful = [Timed(FILLER, *stretch) for stretch in reference.doubtful]
    hit = {j for _, j in pairs}
    wrong = [f for j, f in enumerate(heard.fillers) if j not in hit]
    wrong = [f for f in wrong if not any(_near(f, other) for other in doubtful)]
    found = {i for i, _ in pairs}
    said.missed = [_at(w) for i, w in enumerate(true) if i not in found]
    said.invented = [_at(f) for f in wrong]
    said.fillers = Tally(len(true), len(pairs), len(pairs) + len(wrong), len(pairs))


def _by_text(text: Sequence[str], heard: Heard, said: Scored) -> None:
    words = [token.text for token in heard.tokens]
    pairs = aligned(text, words)
    right = sum(i is not None and j is not None and text[i] == words[j] == FILLER for i, j in pairs)
    alone_there = [i for i, j in pairs if i is not None and j is None and text[i] == FILLER]
    alone_heard = [j for i, j in pairs if j is not None and i is None and words[j] == FILLER]
    said.missed = ["after " + repr(" ".join(text[max(0, i - 2) : i])) for i in alone_there]
    said.invented = [_at(heard.tokens[j]) for j in alone_heard]
    said.fillers = Tally(right + len(alone_there), right, right + len(alone_heard), right)


def _score_text(reference: Reference, heard: Heard, said: Scored) -> None:
    words = [token.text for token in heard.tokens]
    if reference.group == "no speech":
        said.inserted, said.changed = said.words, [f"> {word}" for word in without_fillers(words)]
    elif reference.text and reference.exact_text:
        text, clean = list(reference.text), without_fillers(reference.text)
        said.errors, said.length = errors(text, words), len(text)
        said.clean_errors, said.clean_length = errors(clean, without_fillers(words)), len(clean)
        said.changed = _changes(clean, without_fillers(words))
        said.inserted = sum(change.startswith(">") for change in said.changed)


def _changes(said: Sequence[str], heard: Sequence[str]) -> list[str]:
    texts = [("" if i is None else said[i], "" if j is None else heard[j]) for i, j in aligned(said, heard)]
    return [f"{was} > {became}".strip() for was, became in texts if was != became]


def _score_pauses(reference: Reference, heard: Heard, said: Scored) -> None:
    true, unknown = reference.silences, reference.unclear
    claimed = [s for s in heard.silences if not any(_shared(s, u) > 0.5 * (s[1] - s[0]) for u in unknown)]
    for least in PAUSES:
        said.pauses[least] = _pauses(true, claimed, least, 0.0)
        said.lenient[least] = _pauses(true, claimed, least, SLACK)
    there, claimed = _long(true, PAUSES[1]), _long(claimed, PAUSES[1])
    pairs = in_order(there, claimed, _same_silence)
    found, right = {i for i, _ in pairs}, {j for _, j in pairs}
    said.pauses_missed = [f"{a:.2f}-{b:.2f}" for i, (a, b) in enumerate(there) if i not in found]
    said.pauses_false = [f"{a:.2f}-{b:.2f}" for j, (a, b) in enumerate(claimed) if j not in right]


def _pauses(true: Sequence[Stretch], heard: Sequence[Stretch], least: float, slack: float) -> Tally:
    """Recall over the true ones of `least` and more, precision over the heard ones; each finds its other
    among those of `least` less `slack`."""
    there, claimed = _long(true, least), _long(heard, least)
    found = in_order(there, _long(heard, least - slack), _same_silence)
    right = in_order(_long(true, least - slack), claimed, _same_silence)
    return Tally(len(there), len(found), len(claimed), len(right))


def _long(stretches: Sequence[Stretch], least: float) -> list[Stretch]:
    return [(start, end) for start, end in stretches if end - start >= least - 1e-6]


def _same_silence(one: Stretch, other: Stretch) -> bool:
    return _shared(one, other) >= 0.5 * max(one[1] - one[0], other[1] - other[0])


def _shared(one: Stretch, other: Stretch) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def _found_at(true: Timed, heard: Timed, untimed: Sequence[Stretch]) -> bool:
    if (true.start, true.end) not in untimed:
        return _near(true, heard)
    return true.start - NEAR <= (heard.start + heard.end) / 2 <= true.end + NEAR


def _near(one: Timed, other: Timed) -> bool:
    middles = abs(one.start + one.end - other.start - other.end) / 2
    return min(abs(one.start - other.start), middles) <= NEAR


def in_order(
    one: Sequence[Any], other: Sequence[Any], same: Callable[[Any, Any], bool]
) -> list[tuple[int, int]]:
    """The most pairs of indices that are the same, each used once, in the order of both."""
    best = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i in reversed(range(len(one))):
        for j in reversed(range(len(other))):
            with_both = best[i + 1][j + 1] + 1 if same(one[i], other[j]) else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], with_both)
    pairs, i, j = list[tuple[int, int]](), 0, 0
    while i < len(one) and j < len(other):
        if same(one[i], other[j]) and best[i][j] == best[i + 1][j + 1] + 1:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _at(word: Timed) -> str:
    return f"{word.start:.2f}-{word.end:.2f}"


def total(tallies: Iterable[Tally | None]) -> Tally:
    whole = Tally()
    for tally in tallies:
        if tally is not None:
            whole.add(tally)
    return whole


@dataclass(frozen=True, slots=True)
class Summary:
    """All recordings as one system heard them; None where there is nothing to take a figure from.

    The first two error rates, with fillers and without, are of spontaneous and fluent speech; acted clips of
    three words that make no sense, without fillers too, have their own.
    """

    system: str
    fillers: dict[str, Tally]
    invented_without_speech: int
    invented_when_fluent: int
    words_without_speech: int
    inserted_when_fluent: int
    error_rate: float | None
    clean_error_rate: float | None
    acted_error_rate: float | None
    rate_error: float | None
    worst_rate_error: float | None
    pauses: dict[float, Tally]
    lenient: dict[float, Tally]
    labelled: dict[float, Tally]
    start_median: float | None
    start_far: float | None
    starts: int
    cost: float | None


def summarise(system: str, all_scored: Sequence[Scored]) -> Summary:
    def of(group: str) -> list[Scored]:
        return [said for said in all_scored if said.group == group]

    fluent = [said for said in all_scored if said.fluent]
    rates = [abs(heard / true - 1) for true, heard in (s.rate for s in all_scored if s.rate)]
    starts = [start for said in all_scored for start in said.starts]
    speech = [said for said in all_scored if said.group != "no speech"]
    talk = [*of("spontaneous"), *of("fluent")]
    by_words = [said for said in all_scored if said.pauses and not said.labelled]
    by_labels = [said for said in all_scored if said.pauses and said.labelled]
    return Summary(
        system,
        {group: total(said.fillers for said in of(group)) for group in ("spontaneous", "acted")},
        sum(len(said.invented) for said in of("no speech")),
        sum(len(said.invented) for said in fluent),
        sum(said.words for said in of("no speech")),
        sum(said.inserted or 0 for said in fluent),
        _ratio(sum(said.errors or 0 for said in talk), sum(said.length for said in talk)),
        _clean_error_rate(talk),
        _clean_error_rate(of("acted")),
        median(rates) if rates else None,
        max(rates, default=None),
        {least: total(said.pauses[least] for said in by_words) for least in PAUSES},
        {least: total(said.lenient[least] for said in by_words) for least in PAUSES},
        {least: total(said.pauses[least] for said in by_labels) for least in PAUSES},
        median(starts) if starts else None,
        _ratio(sum(start > FAR for start in starts), len(starts)),
        len(starts),
        _ratio(sum(said.processor_seconds for said in speech), sum(said.seconds for said in speech)),
    )


def _clean_error_rate(some: Sequence[Scored]) -> float | None:
    return _ratio(sum(said.clean_errors or 0 for said in some), sum(said.clean_length for said in some))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
