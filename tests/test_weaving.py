"""Filled pauses among the words of record, and what points at words."""

from __future__ import annotations

from greenroom.records import (
    Analysis,
    Delivery,
    Disfluency,
    Filler,
    Finding,
    Prosody,
    Span,
    StoryPart,
    Transcript,
    Word,
)
from greenroom.weaving import woven

SENTENCES = "We moved it. Then we we slept."
WORDS = tuple(Word(text, at, at + 0.5) for at, text in enumerate(SENTENCES.split()))
TRANSCRIPT = Transcript(SENTENCES, engine="e", model="m", words=WORDS)


def span(first: int, last: int) -> Span:
    return Span(" ".join(word.text for word in WORDS[first : last + 1]), None, None, first, last)


def analysis(fillers: tuple[Filler, ...] = ()) -> Analysis:
    return Analysis(
        Delivery(7, fillers=fillers, disfluencies=(Disfluency("repetition", "we", 4.0, 4.5, 4, 4),)),
        parts=(StoryPart("action", 0.0, 2.5, "We moved it.", 0, 2),),
        patterns=(Finding("no_outcome", 0.9, (span(3, 6),), "why", "advice"),),
    )


UM = Filler("um", 2.6, 2.9, confidence=0.8)
UH = Filler("uh", 5.6, 5.8)
HEARD = Filler("…", 4.6, 4.9, source="audio")


def test_fillers_stand_where_they_were_said_with_their_times() -> None:
    transcript, _ = woven(TRANSCRIPT, analysis(), Prosody(fillers=(UM, UH), before=(3, 6)))
    assert transcript.text == "We moved it. Um, Then we we uh, slept."
    assert transcript.words[3] == Word("Um,", 2.6, 2.9, 0.8)
    assert (transcript.engine, transcript.model) == ("e", "m")


def test_everything_points_at_the_same_words_as_before() -> None:
    before = analysis()
    transcript, after = woven(TRANSCRIPT, before, Prosody(fillers=(UM, UH), before=(3, 6)))

    def words(first: int, last: int) -> list[str]:
        kept = [word for word in transcript.words[first : last + 1] if word.text not in ("Um,", "uh,")]
        return [word.text for word in kept]

    (part,), (finding,) = after.parts, after.patterns
    (quote,) = finding.evidence
    assert words(part.first_word, part.last_word) == ["We", "moved", "it."]
    assert words(quote.first_word, quote.last_word) == ["Then", "we", "we", "slept."]
    (repeated,) = after.delivery.disfluencies
    assert repeated.first_word == 5
    assert (part.text, finding.why) == (before.parts[0].text, "why")


def test_a_filler_knows_its_own_place_among_the_words() -> None:
    prosody = Prosody(fillers=(UM, HEARD, UH), before=(3, 5, 6))
    transcript, after = woven(TRANSCRIPT, analysis((UM, HEARD, UH)), prosody)
    um, heard, uh = after.delivery.fillers
    assert (um.first_word, uh.first_word, uh.last_word) == (3, 7, 7)
    assert transcript.words[7].text == "uh,"
    assert heard == HEARD  # nobody knows what to write for it


def test_what_whisper_wrote_itself_is_not_written_twice() -> None:
    own = Filler("we", 4.0, 4.5, first_word=4, last_word=4)
    assert woven(TRANSCRIPT, analysis((own,)), Prosody(fillers=(own,), before=(4,)))[0] == TRANSCRIPT


def test_two_in_a_row_and_one_at_the_very_end() -> None:
    last = Filler("hmm", 7.0, 7.4)
    transcript, _ = woven(TRANSCRIPT, analysis(), Prosody(fillers=(UM, UH, last), before=(3, 3, 7)))
    assert transcript.text == "We moved it. Um, uh, Then we we slept. Hmm."
