"""Words of the lexicons that mean something else in most mouths."""

from __future__ import annotations

import pytest

from greenroom.analysis import Analyzer, transcript_of


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("I joined the firm in spring and got some rest.", "technical"),
        ("I lost the thread of what she said.", "technical"),
        ("It was fine, the plan was fine.", "beneficiary_money"),
        ("An old man came in.", "trouble"),
        ("I had a notice period of three months.", "notice"),
    ],
)
def test_the_other_meaning_is_not_taken(analyzer: Analyzer, text: str, tag: str) -> None:
    assert tag not in {hit.tag for hit in analyzer.read(transcript_of(text)).hits}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("I wrote the REST API.", "technical"),
        ("It ran on Spring Boot.", "technical"),
        ("It hung in the thread pool.", "technical"),
        ("I joined two tables.", "technical"),
        ("We paid a fine of ten thousand.", "beneficiary_money"),
        ("They had an old system.", "trouble"),
        ("She noticed it at once.", "notice"),
        ("I did notice it at once.", "notice"),
    ],
)
def test_the_meaning_is_still_heard(analyzer: Analyzer, text: str, tag: str) -> None:
    assert tag in {hit.tag for hit in analyzer.read(transcript_of(text)).hits}
