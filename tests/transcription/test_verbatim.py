"""The verbatim pass: where filled pauses go in, by a reader that knows where they were said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from greenroom.records import Clip, Transcript
from greenroom.transcription import Transcriber
from greenroom.transcription.segments import Piece
from greenroom.transcription.verbatim import FILLERS, LEAST, with_fillers

ENGINES = ("openai-whisper", "faster-whisper")
NEVER = 0.001


class ScriptedReader:
    """Reads words as tokens; `said` gives the probability of "um" after a text, `marked` that of a comma."""

    def __init__(
        self, said: dict[str, float], marked: dict[str, float] | None = None, most_tokens: int = 100
    ) -> None:
        self.most_tokens = most_tokens
        self.reads: list[str] = []
        self._said = said
        self._marked = marked or {}
        self._vocabulary: list[str] = []

    def encode(self, text: str) -> list[int]:
        return [self._token(part) for part in re.findall(r" ?[\w']+|[^\w\s]", text)]

    def read(self, tokens: Sequence[int], wanted: Sequence[int]) -> NDArray[np.float32]:
        self.reads.append(self._text(tokens))
        rows = [self._row(self._text(tokens[:count]), wanted) for count in range(len(tokens) + 1)]
        return np.array(rows, dtype=np.float32)

    def timed(self, tokens: Sequence[int]) -> list[tuple[int, Piece]]:
        return [
            (1, Piece(self._vocabulary[token], float(at), at + 1.0, 0.9)) for at, token in enumerate(tokens)
        ]

    def _token(self, part: str) -> int:
        if part not in self._vocabulary:
            self._vocabulary.append(part)
        return self._vocabulary.index(part)

    def _text(self, tokens: Sequence[int]) -> str:
        return "".join(self._vocabulary[token] for token in tokens).strip()

    def _row(self, text: str, wanted: Sequence[int]) -> list[float]:
        names = [self._vocabulary[token] for token in wanted]
        comma = self._marked.get(text, 0.95 if text.endswith("um") else NEVER)
        known = {" um": self._said.get(text, NEVER), ",": comma}
        return [known.get(name, 0.0) for name in names]


def written(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces).strip()


def fillers(pieces: Sequence[Piece]) -> list[tuple[str, float]]:
    return [(piece.text.strip(), round(piece.probability, 3)) for piece in pieces if piece.text == " um"]


def test_a_likely_one_goes_in_with_its_probability() -> None:
    pieces = with_fillers(ScriptedReader({"and then": 0.8}), ["and", "then", "it", "broke."])
    assert written(pieces) == "and then um, it broke."
    assert fillers(pieces) == [("um", 0.8)]
    comma = next(piece for piece in pieces if piece.text == ",")
    assert comma.probability == pytest.approx(0.8)  # the word "um," has the mean of its two pieces


def test_words_are_kept_whatever_the_model_expects() -> None:
    pieces = with_fillers(ScriptedReader({}), ["one", "two,", "three."])
    assert written(pieces) == "one two, three."
    assert fillers(pieces) == []


def test_one_behind_a_mark_that_the_words_do_not_have_is_found_by_writing_the_mark() -> None:
    reader = ScriptedReader({"the,": 0.9}, marked={"the": 0.7})
    pieces = with_fillers(reader, ["the", "corpus"])
    assert written(pieces) == "the, um, corpus"
    assert fillers(pieces)[0][1] == pytest.approx(0.7 * 0.9, abs=0.01)


def test_an_unlikely_mark_makes_one_behind_it_unlikely() -> None:
    reader = ScriptedReader({"the,": 0.9}, marked={"the": 0.06})
    assert [found for _, found in fillers(with_fillers(reader, ["the", "corpus"]))] == [
        pytest.approx(0.054, abs=0.002)
    ]


def test_one_in_doubt_is_told_as_a_doubt_between_its_neighbours() -> None:
    pieces = with_fillers(ScriptedReader({"a": 0.1}), ["a", "bus"])
    (doubt,) = (piece for piece in pieces if piece.text == " um")
    assert doubt.probability < LEAST
    assert (doubt.start, doubt.end) == (1.0, 1.0)


def test_the_beginning_of_a_window_needs_more() -> None:
    assert with_fillers(ScriptedReader({"": 0.25}), ["so", "we"])[0].probability < LEAST
    assert with_fillers(ScriptedReader({"": 0.35}), ["so", "we"])[0].probability == pytest.approx(0.35)


def test_two_in_a_row() -> None:
    pieces = with_fillers(ScriptedReader({"so": 0.8, "so um,": 0.6}), ["so", "we"])
    assert written(pieces) == "so um, um, we"


def test_one_that_is_likely_at_two_neighbouring_places_is_written_at_the_likelier() -> None:
    words = ["and", "I", "tried"]
    left = ScriptedReader({"and": 0.8, "and I": 0.6})  # with either one written, no other is likely
    assert written(with_fillers(left, words)) == "and um, I tried"
    right = ScriptedReader({"and": 0.3, "and I": 0.8})
    pieces = with_fillers(right, words)
    assert written(pieces) == "and I um, tried"
    assert fillers(pieces) == [("um", 0.8)]  # the other is not told as a doubt either


def test_two_that_were_said_beside_one_word_are_two() -> None:
    reader = ScriptedReader({"and": 0.8, "and I": 0.6, "and um, I": 0.5})
    pieces = with_fillers(reader, ["and", "I", "tried"])
    assert written(pieces) == "and um, I um, tried"
    assert fillers(pieces) == [("um", 0.8), ("um", 0.6)]
    assert len(reader.reads) == 2  # to write them, and to look again


def test_of_three_neighbours_one_may_be_a_double() -> None:
    reader = ScriptedReader({"a": 0.9, "a b": 0.4, "a b c": 0.7, "a um, b c": 0.6})
    assert written(with_fillers(reader, ["a", "b", "c", "d"])) == "a um, b c um, d"


def test_what_lies_further_off_is_no_double() -> None:
    reader = ScriptedReader({"one": 0.8, "one two three four": 0.2, "one um, two three four": 0.1})
    found = fillers(with_fillers(reader, ["one", "two", "three", "four", "five"]))
    assert found == [("um", 0.8), ("um", 0.2)]


def test_a_double_of_one_that_the_words_have_already_is_not_added() -> None:
    pieces = with_fillers(ScriptedReader({"and": 0.4, "and I": 0.9}), ["and", "I", "um,", "tried"])
    assert written(pieces) == "and I um, tried"
    assert fillers(pieces) == [("um", 0.9)]


def test_a_model_that_would_go_on_for_ever_is_stopped() -> None:
    reader = ScriptedReader({"so" + " um," * count: 0.9 for count in range(50)})
    pieces = with_fillers(reader, ["so", "we"])
    assert 1 < len(fillers(pieces)) <= 6
    assert len(reader.reads) < 12


def test_one_that_the_words_have_already_is_not_added() -> None:
    pieces = with_fillers(ScriptedReader({"so": 0.9}), ["so", "um,", "we"])
    assert written(pieces) == "so um, we"
    assert fillers(pieces) == [("um", 0.9)]


def test_a_text_too_long_for_the_model_is_left_alone() -> None:
    reader = ScriptedReader({"a": 0.9}, most_tokens=5)
    assert with_fillers(reader, ["a"] * 4) == []
    assert with_fillers(reader, []) == []
    assert not reader.reads


Load = Callable[[str, str], Transcriber]


def bare(transcript: Transcript) -> list[str]:
    return [re.sub(r"\W", "", word.text.lower()) for word in transcript.words]


@pytest.mark.weights
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("model", ["base", "tiny.en"])
def test_fluent_speech_keeps_its_words_and_gets_no_filled_pause(
    engine: str, model: str, transcriber_of: Load, jfk: Clip
) -> None:
    transcriber = transcriber_of(engine, model)
    said = transcriber.transcribe(jfk, offset=2.0)
    verbatim = transcriber.transcribe_verbatim(jfk, offset=2.0)
    added = [word for word in verbatim.words if word.text.lower().rstrip(",.") in FILLERS]
    assert all((word.probability or 0) < LEAST for word in added)
    assert [word for word in bare(verbatim) if word not in FILLERS] == bare(said)
    assert verbatim.words[0].start is not None
    assert 2.0 <= verbatim.words[0].start <= 4.0


@pytest.mark.weights
@pytest.mark.parametrize("engine", ENGINES)
def test_a_clip_that_was_not_transcribed_before_is_the_same(
    engine: str, transcriber_of: Load, jfk: Clip
) -> None:
    transcriber = transcriber_of(engine, "tiny.en")
    begun = Clip(jfk.samples[: 4 * jfk.rate])
    first = transcriber.transcribe_verbatim(begun)
    assert first.words
    assert transcriber.transcribe_verbatim(begun) == first


@pytest.mark.weights
@pytest.mark.parametrize("engine", ENGINES)
def test_silence_and_clips_of_the_wrong_kind(engine: str, transcriber_of: Load) -> None:
    transcriber = transcriber_of(engine, "tiny.en")
    assert transcriber.transcribe_verbatim(Clip(np.zeros(16_000, np.float32))).words == ()
    with pytest.raises(ValueError, match="30"):
        transcriber.transcribe_verbatim(Clip(np.zeros(31 * 16_000, np.float32)))
    with pytest.raises(ValueError, match="8000 Hz"):
        transcriber.transcribe_verbatim(Clip(np.zeros(8_000, np.float32), 8_000))
