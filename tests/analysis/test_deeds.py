"""What is taken from an answer to be said back."""

from __future__ import annotations

import pytest

from greenroom.analysis import Analyzer, transcript_of
from greenroom.records import Deed


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def deeds(analyzer: Analyzer, text: str) -> tuple[Deed, ...]:
    return analyzer.analyze(transcript_of(text)).deeds


@pytest.mark.parametrize(
    ("text", "who", "did", "thing"),
    [
        ("The frost was coming, so I tented the new slab that night.", "i", "tented", "the new slab"),
        (
            "It was a bad week, and we rewrote our nightly export in Go.",
            "we",
            "rewrote",
            "the nightly export",
        ),
        (
            "So in the end the component library was built in Figma.",
            "passive",
            "built",
            "the component library",
        ),
        ("It was late and dark and I put a limit on the queue, just in case.", "i", "", "the limit"),
        ("It was my first winter there, and I failed the exam in March.", "i", "", "the exam"),
        ("It was the spring show, and I watched the recordings on the train.", "i", "", "the recordings"),
        (
            "I delivered the goods to the customer before the deadline and he was happy.",
            "i",
            "delivered",
            "the goods",
        ),
        ("Once I rebuilt the importer for a bank in three weeks.", "i", "rebuilt", "the importer"),
        ("As a nurse I rewrote the rota of the ward in a weekend.", "i", "rewrote", "the rota"),
        ("It was loud and we tore out the old ceiling by night.", "we", "tore out", "the old ceiling"),
    ],
)
def test_a_deed_is_its_verb_and_what_it_was_done_to(
    analyzer: Analyzer, text: str, who: str, did: str, thing: str
) -> None:
    assert (who, did, thing) in [(deed.who, deed.did, deed.thing) for deed in deeds(analyzer, text)]


@pytest.mark.parametrize(
    "text",
    [
        "I usually check the backups in the morning, and I would restart the server if it fails.",
        "I never changed the firewall rule, whatever they say about it in the office.",
        "I helped Danny, and I told everyone, and we did a lot of things that week.",
        "It went well in the end, and not one card payment was lost that week.",
        "When I joined the rota it was a mess, and nobody knew what to do about it.",
        "After I left the firm they had to close the branch in the north of the town.",
        "Once I had rebuilt the importer, it was much better for all of them.",
        "We had a good plan and we took the time that we needed for all of it.",
    ],
)
def test_what_was_not_done_or_says_nothing_is_no_deed(analyzer: Analyzer, text: str) -> None:
    assert deeds(analyzer, text) == ()


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("Customers waited for hours, so I rebuilt the intake form in a weekend.", "time"),
        ("There was an error in every second invoice, an error each, so I rebuilt the template.", "errors"),
        ("I rebuilt the template and that was all there was to do about it.", ""),
    ],
)
def test_a_deed_is_counted_in_what_the_answer_is_about(analyzer: Analyzer, text: str, measure: str) -> None:
    assert deeds(analyzer, text)[-1].measure == measure
