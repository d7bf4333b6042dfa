"""Made-up stories of somebody who prepares for a role as a backend engineer, for the pictures in docs/."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from greenroom.preparation.stories.stories import Story, Told
from greenroom.preparation.stories.story_files import save_story

ROLE = "Staff Backend Engineer (Payments)"
FIRST_DAY = datetime(2026, 10, 26, 20, 15, tzinfo=timezone.utc)
SESSIONS: tuple[tuple[str, ...], ...] = (
    ("the-double-charge",),
    ("the-double-charge", "forty-minute-deploys"),
    ("forty-minute-deploys", "the-double-charge"),
    ("the-double-charge",),
    ("the-double-charge", "one-number-by-nine"),
    ("the-double-charge",),
)
"""Which stories each session told, the earliest first."""

STORIES = (
    Story(
        name="the-double-charge",
        title="The double charge on the first of the month",
        situation="On the first of March our payment service charged 214 customers twice. Support had 90 "
        "angry tickets by nine, and every hour cost us about 3,000 euros in refunds.",
        task="I was on call, and it was mine to stop it and to find out why.",
        action="I decided to switch off the retry job at once, although that left 600 renewals waiting. "
        "Then I read the traces and found that a timeout made the client send the same request "
        "again, without an idempotency key. I wrote the key into the client, proved it against a "
        "copy of the queue, and gave Dana in support the list of everybody who was to get money "
        "back.",
        result="By two in the afternoon the last customer had the money back. We have not charged "
        "anybody twice in the fourteen months since, and refunds fell from 41,000 euros a quarter "
        "to under 2,000.",
        numbers=("214 customers", "41,000 euros", "14 months"),
        people=("Dana",),
        dates=("1 March",),
        technologies=("idempotency key", "queue"),
        qualities=("ownership", "accountability", "customer_focus"),
    ),
    Story(
        name="forty-minute-deploys",
        title="Forty-minute deploys",
        situation="Every deploy of the billing service took forty minutes, so people shipped on Tuesdays "
        "only, and two releases in a row had to be rolled back because they were too large.",
        task="My lead asked me to find out why. The tests waited for one shared database.",
        action="I measured each step for a week, wrote a small script that gives every test run a schema "
        "of its own in Postgres, and split the suite over six workers. I chose that over mocking "
        "the database, because two of our worst faults had been in the SQL itself.",
        result="Deploys went from forty minutes to seven. Within a month the team shipped eleven times a "
        "week instead of twice, and rollbacks went from two a month to none in the next quarter.",
        numbers=("40 minutes", "7 minutes", "11 times a week"),
        technologies=("Postgres", "SQL"),
        qualities=("proactivity", "execution", "technical_fluency"),
    ),
    Story(
        name="one-number-by-nine",
        title="One number by nine o’clock",
        situation="Closing the month took our accountants four days, because they copied numbers out of six "
        "reports by hand.",
        task="My lead asked me to build them an export of the ledger.",
        action="I watched the three of them close a month, and saw that they needed one number by nine "
        "o'clock. I wrote a nightly check in SQL that mails them that number, and a page that "
        "shows where it comes from.",
        result="Now the close takes two and a half days instead of four.",
        numbers=("4 days", "2.5 days"),
        people=("the accountants",),
        technologies=("SQL",),
        qualities=("customer_focus",),
    ),
    Story(
        name="the-vague-audit",
        title="An audit that nobody could describe",
        situation="An audit was announced for June, and the requirements were half a page of general words.",
        task="Somebody had to find out what it meant for us.",
        action="Usually in such a case one would ask the stakeholders and write down what they need. We "
        "collected what there was, and the team worked through it.",
        result="The audit went well.",
        qualities=("execution",),
    ),
    Story(
        name="two-teams-one-schema",
        title="Two teams, one schema",
        situation="Orders and payments shared one schema, and each migration of ours broke the other team.",
        task="We needed a border between them that both would keep.",
        action="We talked about it for some weeks and the team agreed on an interface. We moved the "
        "tables one after the other and things were improved step by step.",
        result="It was a much better situation for everybody.",
        technologies=("schema",),
        qualities=("leadership",),
    ),
    Story(
        name="teaching-the-night-shift",
        title="Teaching the night shift to read a trace",
        situation="At night our support people woke an engineer for every second alarm, eleven times a week.",
        task="My lead asked me to change that, so that they could tell the harmless ones by themselves.",
        action="I trained five of them on Thursday afternoons, with real traces, and wrote a page for "
        "each of the six most frequent alarms. I asked Priya to teach the second round herself.",
        numbers=("11 times a week",),
        people=("Priya",),
        qualities=("leadership",),
    ),
)


def write_stories(data: Path) -> None:
    """Save them in a data folder, with the sessions that told them."""
    told: dict[str, list[Told]] = {story.name: [] for story in STORIES}
    for number, names in enumerate(SESSIONS):
        at = FIRST_DAY + timedelta(days=4 * number)
        for turn, name in enumerate(names, 1):
            told[name].append(Told(f"{at:%Y-%m-%dT%H-%M-%S}-behavioural", turn, at.isoformat()))
    for story in STORIES:
        save_story(data, replace(story, told=tuple(told[story.name])))
