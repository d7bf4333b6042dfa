"""scripts/evaluate delivery: references are read as they were written, whatever their form."""

from __future__ import annotations

from pathlib import Path

import pytest
from delivery_grids import SPOKEN, index, long_form, short_form, spoken
from delivery_references import text_grid
from delivery_texts import FILLER, tokens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "references").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("Um, I—I think, uh… 20% of it's gone.", "<um> i i think <um> twenty percent of its gone"),
        ("Ummm hmm. Erm, mm, ah!", "<um> <um> <um> <um> <um>"),
        ("I don't KNOW, y'know; gonna be alright", "i do not know you know going to be all right"),
        ("montreal <hes-forced> [laughter] aligner", "montreal forced aligner"),
        ("<cutoff-mont> x2 uh mont- montreal", "<um> montreal"),
        ("I hardly know 'er", "i hardly know er"),
        (
            "in 2019, 1,200 of 105 wake-ups",
            "in twenty nineteen one thousand two hundred of one hundred five wake ups",
        ),
        ("well … then", "well <um> then"),
        ("hear hummus under mummy", "hear hummus under mummy"),
        ("", ""),
    ],
)
def test_texts_are_compared_without_capitals_marks_and_spelling_but_with_fillers(
    written: str, compared: str
) -> None:
    assert tokens(written) == compared.split()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("form", [long_form, short_form])
def test_a_grid_is_read_in_either_form(folder: Path, form: object, encoding: str) -> None:
    assert callable(form)
    (folder / "a.TextGrid").write_text(form(SPOKEN), encoding=encoding)
    words = [word for word in text_grid(folder / "a.TextGrid")["words"] if word[0]]
    assert words == list(SPOKEN)


def test_only_the_words_of_a_grid_count_and_what_is_split_by_a_filler_is_two_silences(folder: Path) -> None:
    (folder / "a.TextGrid").write_text(long_form(SPOKEN))
    (reference,) = index(folder, a="conversational (unscripted monologue)")
    assert reference.text is not None
    assert " ".join(reference.text).startswith("so <um> we shipped it on monday")
    assert reference.said == 10
    assert reference.silences == ((0.8, 1.0), (1.4, 1.5), (2.2, 2.9), (3.5, 5.0))


def test_fillers_may_have_a_tier_of_their_own(folder: Path) -> None:
    rest = [word for word in SPOKEN if word[0] not in ("um", "uh")]
    grid = short_form(rest).replace("<exists>\n1\n", "<exists>\n2\n")
    (folder / "a.TextGrid").write_text(grid + '\n"IntervalTier"\n"fillers"\n0\n7\n1\n1.0\n1.4\n"um"')
    (reference,) = index(folder, a="spontaneous")
    assert [word.start for word in reference.timed if word.text == FILLER] == [1.0]


def test_chat_has_its_times_in_the_word_tier(folder: Path) -> None:
    lines = ["*PAR0:\tso &-um we did . 500_1600", "%wor:\tso 500_800 um \x151000_1400\x15 we 1500_1600 ."]
    (folder / "references" / "a.cha").write_text("\n".join(lines))
    (folder / "references" / "a.ref.txt").write_text("so um we did")
    (reference,) = index(folder, a="conversational")
    assert [(word.text, word.start) for word in reference.timed] == [("so", 0.5), (FILLER, 1.0), ("we", 1.5)]


def test_times_of_whole_sentences_are_not_word_times(folder: Path) -> None:
    reference = spoken(folder, words=[("so we shipped it on Monday", 0.5, 3.0)])
    assert (reference.timed, reference.silences) == ((), ())
    assert reference.text == ("so", "we", "shipped", "it", "on", "monday")


def test_labels_of_speech_give_the_silences_inside_it(folder: Path) -> None:
    (folder / "references" / "a.scv").write_text("a,0.0,0.4,0,0.4,1.2,1,1.2,1.9,0,1.9,2.5,1,2.5,3.0,0\n")
    (reference,) = index(folder, a="read/podcast")
    assert (reference.silences, reference.labelled) == (((1.2, 1.9),), True)


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("noise-only (cafe)", "no speech"),
        ("silence (room)", "no speech"),
        ("read/speech", "fluent"),
        ("read + background noise", "fluent"),
        ("conversational (two speakers, scripted)", "fluent"),
        ("conversational (half-read, half-spontaneous)", "spontaneous"),
        ("conversational (unscripted monologue)", "spontaneous"),
        ("interview (host + executive)", "spontaneous"),
        ("acted disfluency (unit-test clip)", "acted"),
    ],
)
def test_a_kind_tells_how_it_was_spoken(folder: Path, kind: str, group: str) -> None:
    assert index(folder, a=kind)[0].group == group
