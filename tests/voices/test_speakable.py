"""What a speech engine is given to read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom.voices.speakable import speakable


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Tell me about a time you changed your mind.", "Tell me about a time you changed your mind."),
        ("Which part — of all that – was yours?", "Which part, of all that, was yours?"),
        ("He stopped --- then went on.", "He stopped, then went on."),
        ("You said “we decided” twice.", "You said we decided twice."),
        ("You said, “We waited.” Then what?", "You said, We waited. Then what?"),
        ("It’s the team's 'big' win.", "It's the team's big win."),
        ("“I led it…” was good", "I led it, was good"),
        ("And then… What happened?", "And then. What happened?"),
        ("Wait...what?", "Wait, what?"),
        ("And then...", "And then."),
        ("Name a result —", "Name a result."),
        ("A sum, e.g. 20 %, i.e. a number, etc.", "A sum, for example 20 %, that is a number, et cetera."),
        ("speed vs. safety and/or cost", "speed versus safety or cost"),
        ("3–5 people, 10-15 days", "3 to 5 people, 10 to 15 days"),
        ("a well-known state-of-the-art tool", "a well-known state-of-the-art tool"),
        ("**One** strength, `two` _changes_", "One strength, two changes"),
        ("# Heading\n\n- first\n- second\n", "Heading. first. second"),
        ("1. Begin\n2) End", "Begin. End"),
        ("Is this so?\nYes.", "Is this so? Yes."),
        ("see [the docs](http://x.example/y)", "see the docs"),
        ("Issue #3 took ~40 days in C# & C++", "Issue number 3 took about 40 days in C sharp and C++"),
        ("idea → test → release", "idea to test to release"),
        ("R&D, 24/7, 10:30, v1.2, $5, 3.5 %", "R and D, 24 7, 10:30, v1.2, 5 dollars, 3.5 %"),
        ("For $40k, not £1.2 million; €1.", "For 40 thousand dollars, not 1.2 million pounds; 1 euro."),
        ("$40-50k, $3bn, $1,200", "40 to 50 thousand dollars, 3 billion dollars, 1,200 dollars"),
        ("10k users, 250 ms, 4K", "10 thousand users, 250 milliseconds, 4K"),
        ("50 rows/s, 3 calls/day", "50 rows per second, 3 calls per day"),
        ("Dr. Lee and Ms. Park. No. 5, approx. 3", "Dr Lee and Miz Park. number 5, approximately 3"),
        ("QA and UX set OKRs for CI/CD on k8s.", "Q A and U X set O K Rs for CI CD on Kubernetes."),
        ("[[rate 400]] <volume level='0'/> hello", "rate 400 volume level=0/ hello"),
        ("one\x00two\u200bthree 🎉 four", "one twothree four"),
        ("cafe\u0301 na\u00efve", "café naïve"),
        ("", ""),
        (" \n … — “”", ""),
    ],
)  # fmt: skip
def test_speakable(text: str, spoken: str) -> None:
    assert speakable(text) == spoken


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=80))
def test_nothing_that_an_engine_takes_for_a_command_is_left(text: str) -> None:
    spoken = speakable(text)
    assert not set(spoken) & set('\0\n\r\t<>[]{}*_`"“”')
    assert spoken == spoken.strip()


@settings(deadline=None, max_examples=100)
@given(st.lists(st.from_regex(r"[a-z]{2,9}", fullmatch=True), min_size=1, max_size=12))
def test_plain_words_are_left_alone(words: list[str]) -> None:
    text = " ".join(word for word in words if word not in ("vs", "etc")) or "word"
    assert speakable(text) == text
