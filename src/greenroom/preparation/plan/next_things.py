"""The one next thing: what to do, why, how long it takes, and the command that does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from greenroom.preparation.coverage.wanted import quality_in_sentence
from greenroom.preparation.plan.goal import Goal
from greenroom.preparation.plan.standing import ENOUGH_ANGLES, Mock, Standing, angles_of
from greenroom.preparation.stories.stories import ANGLES, Story
from greenroom.records import PARTS
from greenroom.screens import listed

TELL = ("stories", "tell")
DEBRIEF = ("debrief",)
WARM_UP = ("practice", "--bank", "introductions", "--questions", "1")

BANKS = {
    "clarity": ("behavioural", "conflict"),
    "technical_fluency": ("technical",),
    "execution": ("execution",),
    "business_impact": ("behavioural", "product"),
    "leadership": ("leadership",),
    "customer_focus": ("customer",),
    "ambiguity": ("ambiguity",),
    "accountability": ("behavioural",),
}
"""Where there are enough questions that probe a signal; for the others the usual bank has them."""

_ANGLE_FOR = {
    "technical_fluency": "technical",
    "business_impact": "business",
    "customer_focus": "business",
    "leadership": "leadership",
}
_FRESH_DAYS = 2  # a mock interview that lies back longer is hard to look back at (judgement)
_MINUTES = {"tell": 10, "edit": 10, "angle": 5, "look back": 3, "debrief": 20, "warm up": 3}
_MINUTES_PER_QUESTION = 5  # with its follow-up, and feedback at the end (judgement, from sessions of our own)


@dataclass(frozen=True, slots=True)
class Next:
    """Attributes:
    what: what to do, as a sentence.
    why: what it follows from, in a sentence or two.
    command: what comes after "greenroom" to do it.
    minutes: how long it takes, about.
    step: one of weeks.STEPS, or "" where it belongs to none.
    """

    what: str
    why: str
    command: tuple[str, ...]
    minutes: int
    step: str = ""


def next_of(step: str | None, standing: Standing, days_left: int, today: date, focus: str | None) -> Next:
    """The next thing of a step; None: all steps have what was planned."""
    if step == "collect":
        return _collect(standing)
    if step == "map":
        return _map(standing)
    if step == "angles":
        return _angles(standing, focus)
    if step is None and _held_lately(standing, today) and _with_few_sides(standing):
        return replace(_angles(standing, focus), step="")
    return _mock(standing, days_left, today, focus, more=step is None)


def on_the_day(goal: Goal, standing: Standing, today: date, focus: str | None) -> Next:  # noqa: ARG001
    """On the day of the interview: little, and nothing new."""
    if not standing.whole:
        return Next(
            "Tell one story aloud: the one you are surest of.",
            "Today is the day. One story told well can answer many questions.",
            TELL,
            _MINUTES["tell"],
        )
    if standing.practised != today:
        return Next(
            "Answer one question aloud, to warm up.",
            "Today is the day. What you have prepared is there; nothing new is needed.",
            WARM_UP,
            _MINUTES["warm up"],
        )
    return Next(
        "That is enough for today. Afterwards, tell how it went.",
        "You have warmed up. Within a day of the interview most of it can still be told.",
        DEBRIEF,
        _MINUTES["debrief"],
    )


def after_the_interview(goal: Goal, standing: Standing, today: date, focus: str | None) -> Next:
    """After it: a debrief while it is fresh; then keeping warm until there is another date."""
    assert goal.interview is not None  # without a date there is no after
    if any(day >= goal.interview for day in standing.debriefs):
        command = practice_command(3, focus, mode="practice")
        why = "It is told. When there is another date: greenroom plan --interview DATE."
        return Next("Keep warm with three questions, when you like.", why, command, 3 * _MINUTES_PER_QUESTION)
    fresh = (today - goal.interview).days <= _FRESH_DAYS
    most = "What was asked and what you said is clearest now" if fresh else "Much of it can still be told"
    why = f"It was {ago(today, goal.interview)}. {most}, and some of it can be used the next time."
    return Next("Tell how the interview went.", why, DEBRIEF, _MINUTES["debrief"])


def practice_command(questions: int, focus: str | None, mode: str = "real") -> tuple[str, ...]:
    """A session of so many questions, those that probe `focus` where there is one."""
    banks = tuple(part for bank in BANKS.get(focus or "", ()) for part in ("--bank", bank))
    wanted = (*banks, "--focus", focus) if focus else ()
    return ("practice", "--mode", mode, "--questions", str(questions), *wanted)


def ago(today: date, then: date) -> str:
    """yesterday, 3 days ago"""
    days = (today - then).days
    return "yesterday" if days == 1 else f"{days} days ago"


def _collect(standing: Standing) -> Next:
    whole = len(standing.whole)
    are = "story is" if whole == 1 else "stories are"
    there = (
        f"{whole} {are} whole."
        if whole
        else "No story is whole yet."
        if standing.stories
        else "No story is there yet."
    )
    if standing.unfinished:
        story = standing.unfinished[0]
        missing = listed([part for part in PARTS if part in story.missing])
        verb = "is" if len(story.missing) == 1 else "are"
        what = f"Finish a story that you have begun: {story.title or story.name}."
        return Next(
            what, f"Its {missing} {verb} still missing. {there}", _edit(story), _MINUTES["edit"], "collect"
        )
    uncovered = standing.coverage.uncovered
    wish = (
        f" A time that shows {quality_in_sentence(uncovered[0])} would add most."
        if uncovered and whole
        else ""
    )
    return Next("Tell one true story aloud.", there + wish, TELL, _MINUTES["tell"], "collect")


def _map(standing: Standing) -> Next:
    coverage = standing.coverage
    stories = {story.name: story for story in standing.stories}
    for quality in coverage.weak:
        for name in coverage.stories_with(quality, "weak"):
            story, name_of = stories[name], quality_in_sentence(quality)
            what = f"Make a story stronger: {story.title or name}."
            why = f"It comes close to showing {name_of}; greenroom stories show {name} says what hides it."
            return Next(what, why, _edit(story), _MINUTES["edit"], "map")
    for quality in coverage.uncovered:
        what = f"Tell a story that shows {quality_in_sentence(quality)}."
        why = "No story of yours shows it yet. All of them against all qualities: greenroom stories map."
        return Next(what, why, TELL, _MINUTES["tell"], "map")
    return Next("Tell one more true story.", "Every quality has its story.", TELL, _MINUTES["tell"], "map")


def _angles(standing: Standing, focus: str | None) -> Next:
    stories = _with_few_sides(standing)
    if not stories:
        why = "Those that you have are told from two sides each. One more gives you more to choose from."
        return Next("Tell one more true story.", why, TELL, _MINUTES["tell"], "angles")
    story = min(stories, key=lambda each: (-len(angles_of(each)), len(each.told), each.name))
    told = angles_of(story)
    so_far = Counter(angle for each in standing.stories for angle in angles_of(each))
    left = [angle for angle in ANGLES if angle not in told]
    angle = min(
        left, key=lambda each: (each != _ANGLE_FOR.get(focus or ""), so_far[each], ANGLES.index(each))
    )
    what = f"Tell “{story.title or story.name}” from its {angle} side."
    so_far_told = f"So far you have told it from its {listed(sorted(told))} side. " if told else ""
    why = f"{so_far_told}A story that can be told from two sides answers two questions."
    command = ("practice", "--story", story.name, "--angle", angle)
    return Next(what, why, command, _MINUTES["angle"], "angles")


def _with_few_sides(standing: Standing) -> list[Story]:
    return [story for story in standing.whole if len(angles_of(story)) < ENOUGH_ANGLES]


def _held_lately(standing: Standing, today: date) -> bool:
    """Whether there was a mock interview today or yesterday, and nothing about it is left to do."""
    last = standing.mocks[-1] if standing.mocks else None
    return last is not None and last.looked_back and (today - last.day).days <= 1


def _mock(standing: Standing, days_left: int, today: date, focus: str | None, *, more: bool) -> Next:
    step = "" if more else "mock"
    last = standing.mocks[-1] if standing.mocks else None
    if last is not None and _waits_for_a_look_back(last, today):
        why = (
            "Two short questions about your last mock interview, while it is fresh; what you say comes back."
        )
        command = ("plan", "--look-back", last.session)
        return Next("Look back at your last mock interview.", why, command, _MINUTES["look back"], step)
    questions = 3 if days_left <= 1 else 5
    what = f"Hold a mock interview of {questions} questions, and look back at it."
    if more:
        why = "There is enough of every step; what comes now keeps you warm."
    elif focus:
        why = "What did not come across lately, by your look backs and by your answers, is asked for again."
    else:
        why = "As in a real one: no feedback until its end, and then two questions to yourself."
    if focus:
        why += f" Its questions ask for {quality_in_sentence(focus)}."
    return Next(what, why, practice_command(questions, focus), questions * _MINUTES_PER_QUESTION, step)


def _waits_for_a_look_back(mock: Mock, today: date) -> bool:
    return not mock.looked_back and 0 <= (today - mock.day).days <= _FRESH_DAYS


def _edit(story: Story) -> tuple[str, ...]:
    return ("stories", "edit", story.name)
