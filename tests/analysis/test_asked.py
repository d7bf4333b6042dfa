"""What a question asks for, where several of its words would have it."""

from __future__ import annotations

import pytest

from greenroom.analysis.asked import asks_for
from greenroom.records import Question


@pytest.mark.parametrize(
    ("text", "kind", "asks"),
    [
        ("What would you do if you had a conflict with a colleague?", "situational", "would"),
        ("How would you handle a problem with a supplier?", "situational", "would"),
        ("Imagine a project is running late. What would you do?", "situational", "would"),
        ("Walk me through what you would do if a release failed.", "situational", "would"),
        ("How would you describe your way of working?", "behavioural", "practice"),
        ("How would you describe your approach to a conflict?", "behavioural", "practice"),
        ("How would your colleagues describe you?", "other", "self"),
        ("What would you say are your strengths?", "other", "self"),
        ("Tell me about a time when you used your strengths.", "behavioural", "episode"),
        ("Have you ever had to hide a weakness?", "behavioural", "episode"),
        ("Tell me about a project that failed. What would you do differently?", "behavioural", "episode"),
        ("Describe a conflict at work. How would you handle it today?", "behavioural", "episode"),
        ("How did you find out whether it did what it was supposed to do?", "execution", "episode"),
        ("What do you think of a manager who never asks?", "other", "practice"),
        ("Describe the difference between a list and a tuple.", "technical", "knowledge"),
    ],
)
def test_the_plainer_way_of_asking_wins(text: str, kind: str, asks: str) -> None:
    assert asks_for(Question(id="q", text=text, kind=kind)) == asks
