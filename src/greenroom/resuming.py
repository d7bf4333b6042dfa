"""`greenroom practice --resume`, and what a start says of an interview that broke off."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from greenroom import begin
from greenroom.config import PracticeSettings
from greenroom.keys import stdin_is_a_terminal
from greenroom.practice import go_on
from greenroom.preparation.places import default_data, dialogue_folders
from greenroom.records import Session
from greenroom.recovering.bringing_home import bring_all_home
from greenroom.recovering.discovery import find_remains
from greenroom.recovering.remaining import Remaining, can_go_on, remaining, settings_of, unfinished
from greenroom.recovering.spare_places import spares
from greenroom.recovering.telling import DEBRIEF, lines_of, lines_of_return, seconds_kept, when
from greenroom.recovering.wholeness import Remains, gone_on_with
from greenroom.session import default_recordings

LATEST = ""
"""The name that means the latest unfinished session."""

_PLACES = ("recordings", "data")
_DIALOGUES = ("telling", DEBRIEF, "look back")  # as dialogue_folders() has them
_OFFER = "Enter begin a new one · r go on with it · q quit: "
_KEPT = "Enter {go_on} · a let what was kept be your answer · q quit: "


def begin_or_go_on(settings: PracticeSettings, given: Mapping[str, Any], resume: str | None) -> Path | None:
    """Hold an interview; the session's folder, or None if the person chose to leave.

    What an earlier run has left behind is brought home, made whole and told first.

    Args:
        settings: of a new interview.
        given: those that were named on the command line, which stand over an earlier session's.
        resume: the session to go on with, LATEST for the latest that is unfinished, None for a new one.

    Raises:
        UserError: something keeps it from beginning.
    """
    root = settings.recordings or default_recordings()
    found = tell_remains(root, settings.data, how=resume is None)
    if resume is not None:
        return _resume(resume or None, root, settings, given)
    if any(can_go_on(each.session) for each in found) and _in_a_terminal():
        chosen = _asked(_OFFER, "rq")
        if chosen == "q":
            return None
        if chosen == "r":
            first = next(each for each in found if can_go_on(each.session))
            return _resume(first.folder.name, root, settings, given)
    return begin.begin(settings)


def tell_remains(root: Path, data: Path | None = None, *, how: bool = True) -> tuple[Remains, ...]:
    """Bring home and make whole what earlier runs left behind; say on standard error what, and how to go on.

    Args:
        root: where the recordings are.
        data: the person's data folder, with what else they told aloud; None for places.default_data().

    Returns:
        the interviews.
    """
    today = date.today()
    elsewhere = frozenset(spares())
    _tell_returned(root, elsewhere, "interview", today)
    found = find_remains(root)
    first = next((each for each in found if can_go_on(each.session)), None)
    for remains in found:
        for line in lines_of(remains, today, latest=remains is first, how=how):
            print(line, file=sys.stderr)
    for folder, what in zip(dialogue_folders(data or default_data()), _DIALOGUES, strict=True):
        _tell_returned(folder, elsewhere, what, today)
        for remains in find_remains(folder):
            for line in lines_of(remains, today, how=how, what=what):
                print(line, file=sys.stderr)
    return found


def _tell_returned(root: Path, elsewhere: frozenset[str], what: str, today: date) -> None:
    for returned in bring_all_home(root, elsewhere):
        for line in lines_of_return(returned, today, what=what):
            print(line, file=sys.stderr)


def _resume(
    name: str | None, root: Path, settings: PracticeSettings, given: Mapping[str, Any]
) -> Path | None:
    folder = unfinished(name, root)
    with gone_on_with(folder) as remains:
        places = {each: getattr(settings, each) for each in _PLACES}
        saved = settings_of(remains.session, given, places)
        ready = begin.with_somebody_to_answer(saved, demo=False)
        if ready is None:
            return None
        left = remaining(remains.session)
        if "candidate" in given or not ready.candidate:
            left = replace(left, used=0)
        print(_told(remains.session, left), file=sys.stderr)
        chosen = _about_what_was_kept(remains, left, ready)
        if chosen == "q":
            print(
                "All of it stays as it is: greenroom practice --resume brings you back here.", file=sys.stderr
            )
            return None
        go_on(ready, folder, remains.session, left, read=chosen == "a")
    return folder


def _about_what_was_kept(remains: Remains, left: Remaining, settings: PracticeSettings) -> str:
    """Whether the answer that broke off counts as it is; recordings answer again."""
    if left.broke_off is None or settings.candidate or settings.typed or not _in_a_terminal():
        return ""
    print(f"“{left.broke_off.question}”", file=sys.stderr)
    print(f"{seconds_kept(remains.seconds)} of your answer to it were kept.", file=sys.stderr)
    again = left.broke_off.asked in left.questions
    return _asked(_KEPT.format(go_on="answer it again" if again else "go on without it"), "aq")


def _told(session: Session, left: Remaining) -> str:
    began = when(session, date.today())
    total = len(session.plan)
    if not left.questions:
        return f"Going on with your interview of {began}: every question was asked."
    return f"Going on with your interview of {began}: question {left.begun + 1} of {total}."


def _in_a_terminal() -> bool:
    return stdin_is_a_terminal() and sys.stderr.isatty()


def _asked(prompt: str, choices: str) -> str:
    """One of the letters that was typed, "" for Enter alone; the end of the input leaves."""
    while True:
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            return "q"
        chosen = line.strip().lower()[:1]
        if chosen in ("", *choices):
            return chosen
        print(f"“{line.strip()}” is none of these.", file=sys.stderr)
