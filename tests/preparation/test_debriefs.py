"""The files of real interviews: read, changed by hand, found, and told in words."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from made_turns import made_turn

from greenroom.cli import cli
from greenroom.debrief_command import debrief_command
from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.debrief import debrief_lines, debriefing
from greenroom.preparation.debrief.asked_bank import add_questions
from greenroom.preparation.debrief.debrief_look import look_at
from greenroom.preparation.debrief.debriefs import (
    DEBRIEF_FILE,
    OUTCOMES,
    Debrief,
    Retold,
    find_debrief,
    load_debriefs,
    read_debrief,
    save_debrief,
    with_outcome,
)
from greenroom.preparation.places import EARLIER, debriefs_folder, private_bank
from greenroom.records import Question, Session, Transcript
from greenroom.session import save_session

ROOT = Path(__file__).parents[2]
ASKED = "Tell me about a time you failed."
PREDICTS = re.compile(
    r"\b(you will|you'll|you’ll|chances?|likel(y|ihood)|odds|probabilit\w+"
    r"|will (get|be hired|pass|succeed|hear)|going to (get|pass|fail|be))\b",
    re.IGNORECASE,
)
NEVER_SAID = "re" + "jection"


def made(data: Path, day: int, company: str, **more: object) -> Debrief:
    folder = debriefs_folder(data) / f"2026-11-{day:02}T18-00-00-debrief"
    folder.mkdir(parents=True)
    debrief = replace(Debrief(folder, company), **more)  # type: ignore[arg-type]
    save_debrief(debrief)
    return debrief


def retold(debrief: Debrief, *patterns: str, words: int = 60) -> Debrief:
    """With a question whose retelling shows these."""
    asked = Question("asked-failed", ASKED, signals=("accountability",))
    turn = made_turn(
        3, patterns=patterns, asked=asked, question=ASKED, transcript=Transcript(" ".join(["moved"] * words))
    )
    session = Session(id=debrief.name, started_at="2026-11-20T18:00:00+01:00", turns=(turn,), finished=True)
    save_session(debrief.folder, session)
    debrief = replace(debrief, questions=(Retold(ASKED, "I moved it.", 3),))
    save_debrief(debrief)
    return debrief


def run(data: Path, *arguments: str) -> str:
    done = CliRunner().invoke(cli, ["debrief", *arguments, "--data", str(data)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    debrief = made(
        tmp_path, 1, "Acme", round="the first", felt="Good.", outcome="no", said=("It was frozen.", "Truly."),
        questions=(Retold(ASKED, "I said it.", 4), Retold("Why us?")),
    )  # fmt: skip
    assert read_debrief(debrief.folder) == (debrief, ())
    assert (debrief.folder / DEBRIEF_FILE).stat().st_mode & 0o077 == 0


text = st.text(st.characters(exclude_categories=["Cs", "Cc"])).map(lambda given: " ".join(given.split()))


@given(text, text, st.lists(text.filter(bool), max_size=3), st.lists(st.tuples(text, text), max_size=3))
def test_any_words_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory,
    company: str,
    felt: str,
    said: list[str],
    asked: list[tuple[str, str]],
) -> None:
    questions = tuple(Retold(*each) for each in asked)
    folder = tmp_path_factory.mktemp("d")
    debrief = Debrief(folder, company, felt=felt, said=tuple(said), questions=questions)
    save_debrief(debrief)
    assert read_debrief(folder) == (debrief, ())


def test_a_change_keeps_comments_order_and_what_was_there_before(tmp_path: Path) -> None:
    debrief = made(tmp_path, 1, "Acme", questions=(Retold(ASKED),))
    path = debrief.folder / DEBRIEF_FILE
    mine = path.read_text().replace('company = "Acme"', "# it was cold\ncompany = 'Acme'")
    path.write_text(mine)
    save_debrief(with_outcome(debrief, "no", "The role was frozen."))
    after = path.read_text()
    assert "# it was cold\ncompany = 'Acme'" in after
    assert 'outcome = "no"' in after
    assert [each.read_text() for each in (debrief.folder / EARLIER).iterdir()] == [mine]


def test_while_it_is_told_no_copies_are_kept(tmp_path: Path) -> None:
    debrief = made(tmp_path, 1, "Acme")
    save_debrief(replace(debrief, felt="Fine."), keep_earlier=False)
    assert not (debrief.folder / EARLIER).exists()


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        (
            'outcome = "unknown"',
            'outcome = "ofer"',
            'line 6, outcome: unknown outcome "ofer": did you mean "offer"?',
        ),
        ('company = "Acme"', "company = 3", "line 3, company: must be text in quotes"),
        ('company = "Acme"', 'compny = "Acme"', 'line 3, compny: unknown key: did you mean "company"?'),
        ("said = []", "said = 3", "line 7, said: must be a list of texts"),
        (f'asked = "{ASKED}"', "", "line 9, asked: question 1 has none"),
        ("answer = 3", 'answer = "three"', "answer: must be a whole number"),
        ("said = []", "said = [", "not valid TOML"),
    ],
)
def test_a_fault_names_file_line_and_key_and_spoils_no_other(
    tmp_path: Path, line: str, wrong: str, said: str
) -> None:
    made(tmp_path, 1, "Acme", questions=(Retold(ASKED, "", 3),))
    other = made(tmp_path, 2, "Beta")
    path = debriefs_folder(tmp_path) / "2026-11-01T18-00-00-debrief" / DEBRIEF_FILE
    assert line in path.read_text()
    path.write_text(path.read_text().replace(line, wrong))
    loaded = load_debriefs(tmp_path)
    assert other in loaded.debriefs
    (fault,) = loaded.faults
    assert str(fault).startswith(f"{path}")
    assert said in str(fault)


def test_it_is_found_by_company_by_part_of_its_name_or_as_the_latest(tmp_path: Path) -> None:
    acme, beta = made(tmp_path, 1, "Acme Robotics"), made(tmp_path, 2, "Beta")
    later = made(tmp_path, 3, "Acme Robotics")
    assert find_debrief(tmp_path, None) == later
    assert find_debrief(tmp_path, "beta") == beta
    assert find_debrief(tmp_path, "acme robotics") == later
    assert find_debrief(tmp_path, acme.name) == acme
    assert find_debrief(tmp_path, "11-01") == acme
    with pytest.raises(UsageError) as error:
        find_debrief(tmp_path, "bata")
    assert error.value.hint == "greenroom debrief show beta"
    with pytest.raises(UsageError, match="no debrief yet"):
        find_debrief(tmp_path / "empty", "beta")


def test_one_that_cannot_be_read_is_named_when_it_is_asked_for(tmp_path: Path) -> None:
    made(tmp_path, 1, "Acme")
    folder = debriefs_folder(tmp_path) / "2026-11-02T18-00-00-broken"
    folder.mkdir()
    (folder / DEBRIEF_FILE).write_text("company = ")
    with pytest.raises(BadInputError, match="not valid TOML"):
        find_debrief(tmp_path, "broken")


def test_perhaps_nothing_was_wrong(tmp_path: Path) -> None:
    debrief = retold(made(tmp_path, 1, "Acme", felt="It was fine.", outcome="no"))
    looked = look_at(tmp_path, debrief)
    assert looked.nothing_stands_out
    assert debrief_lines.PERHAPS_NOTHING in debrief_lines.written(looked)
    assert any(debrief_lines.PERHAPS_NOTHING in sentence for sentence in debrief_lines.spoken(looked))
    assert debrief_lines.NOTHING_SAYS_SO in " ".join(debrief_lines.written(looked).split())


def test_short_retellings_are_little_to_go_by(tmp_path: Path) -> None:
    debrief = retold(made(tmp_path, 1, "Acme"), "no_outcome", words=10)
    told = " ".join(debrief_lines.written(look_at(tmp_path, debrief)).split())
    assert debrief_lines.LITTLE_TO_GO_BY in told
    assert "Told in short" in told


def test_where_it_went_on_nothing_was_wrong_anyway(tmp_path: Path) -> None:
    told = debrief_lines.written(look_at(tmp_path, made(tmp_path, 1, "Acme", outcome="offer")))
    assert debrief_lines.PERHAPS_NOTHING not in told
    assert debrief_lines.NOTHING_TO_CHANGE in told


def test_both_kinds_stand_apart_each_with_its_evidence(tmp_path: Path) -> None:
    debrief = retold(made(tmp_path, 1, "Acme", said=("They said the role was frozen.",)), "no_outcome")
    told = debrief_lines.written(look_at(tmp_path, debrief))
    yours, nobodys = told.index("What can be worked on"), told.index("What nobody in an interview controls")
    assert yours < told.index("Question 1, retold: No result that can be counted: “I moved it.”") < nobodys
    assert told.index("They told you: “They said the role was frozen.”") > nobodys
    assert debrief_lines.RETELLING in " ".join(told.split())


def test_the_one_thing_to_try_answers_that_question_again(tmp_path: Path) -> None:
    debrief = retold(made(tmp_path, 1, "Acme"), "no_outcome")
    looked = look_at(tmp_path, debrief)
    assert looked.try_this.command == ("greenroom", "retake", str(debrief.folder), "3")
    assert debrief_lines.written(looked).splitlines()[-1].strip() == looked.try_this.line
    assert "number" in looked.try_this.sentence


def test_without_a_retelling_it_is_practised_from_the_private_bank(tmp_path: Path) -> None:
    debrief = made(tmp_path, 1, "Acme", felt="I undersold it.")
    assert look_at(tmp_path, debrief).try_this.command == (
        "greenroom", "practice", "--focus", "ownership", "--questions", "1",
    )  # fmt: skip
    add_questions(tmp_path, ["Tell me about a decision that you own."])
    assert look_at(tmp_path, debrief).try_this.command == (
        "greenroom", "practice", "--bank", str(private_bank(tmp_path)),
        "--focus", "ownership", "--questions", "1",
    )  # fmt: skip


def commands_of(data: Path) -> list[tuple[str, ...]]:
    """Every command that is ever suggested."""
    said = ["Fine.", "I rambled.", "I undersold it.", "I misread the question.", "I had no figures."]
    found = []
    for number, felt in enumerate(said, start=1):
        for company in ("Acme", "It's; rm -rf"):
            debrief = made(data / str(number) / company[:4], number, company, felt=felt)
            for with_bank in (False, True):
                if with_bank:
                    add_questions(data / str(number) / company[:4], ["Why do you want this?"])
                found.append(look_at(data / str(number) / company[:4], debrief).try_this.command)
    return found


def test_every_command_that_is_suggested_can_be_run(tmp_path: Path) -> None:
    for command in commands_of(tmp_path):
        program, name, *arguments = command
        assert program == "greenroom"
        its = cli.commands[name]
        its.make_context(name, list(arguments), resilient_parsing=False)


def test_three_have_something_in_common_and_that_comes_first(tmp_path: Path) -> None:
    made(tmp_path, 1, "Acme", felt="I had no figures.")
    made(tmp_path, 2, "Beta", felt="I couldn't give a number.")
    debrief = retold(made(tmp_path, 3, "Gamma", felt="I rambled, I waffled."), "buried_problem", "generality")
    looked = look_at(tmp_path, debrief)
    told = debrief_lines.written(looked)
    assert told.startswith(
        "Your last three interviews (Acme, Beta and Gamma) have this in common\n  No number, in two"
    )
    assert "Acme: You said: “I had no figures.”" in told
    assert debrief_lines.spoken(looked)[0].startswith("First, your last three interviews.")
    assert looked.try_this.sentence.startswith("Find one number"), "what comes back goes first"
    assert run(tmp_path, "list").startswith("Your last three interviews")
    assert json.loads(run(tmp_path, "list", "--json"))["in_common"]["shared"][0]["in"] == 2


def test_an_older_one_is_shown_without_what_the_last_three_share(tmp_path: Path) -> None:
    oldest = made(tmp_path, 1, "Old", felt="I rambled.")
    for day in (2, 3, 4):
        made(tmp_path, day, f"Firm {day}", felt="I had no figures.")
    assert look_at(tmp_path, oldest).common is None
    assert run(tmp_path, "show", "old").startswith("Old · 2026-11-01")


@pytest.mark.parametrize("arguments", [["outcome", "acme", "no"], ["--outcome", "no", "acme"]])
def test_the_outcome_is_noted_later_with_words(
    tmp_path: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENROOM_DATA", str(tmp_path / "another"))  # what is said stands over it
    debrief = made(tmp_path, 1, "Acme")
    command = ["debrief", "--data", str(tmp_path), *arguments, "They", "hired internally."]
    done = CliRunner().invoke(cli, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    after, _ = read_debrief(debrief.folder)
    assert after is not None
    assert (after.outcome, after.said) == ("no", ("They hired internally.",))
    assert "An internal candidate" in done.stdout


def test_a_settings_file_does_not_stand_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'data = "{(tmp_path / "elsewhere").as_posix()}"\npatience = "short"\n')
    monkeypatch.setenv("GREENROOM_CONFIG", str(config))
    monkeypatch.delenv("GREENROOM_DATA", raising=False)
    made(tmp_path / "elsewhere", 1, "Acme")
    done = CliRunner().invoke(cli, ["debrief", "show"], catch_exceptions=False)
    assert done.stdout.startswith("Acme")


def test_show_and_list_tell_everything_as_json(tmp_path: Path) -> None:
    debrief = retold(made(tmp_path, 1, "Acme", said=("They said the role was frozen.",)), "no_outcome")
    shown = json.loads(run(tmp_path, "show", "--json"))
    assert shown["name"] == debrief.name
    assert shown["questions"] == [
        {
            "asked": ASKED,
            "retold": "I moved it.",
            "answer": 3,
            "form": None,
            "signals": [],
            "patterns": [{"id": "no_outcome", "confidence": 0.9}],
        }
    ]
    assert [(each["id"], each["yours"]) for each in shown["reasons"]] == [
        ("no_number", True),
        ("budget", False),
    ]
    assert shown["reasons"][1]["evidence"][0]["basis"] == "told"
    assert shown["nothing_stands_out"] is False
    assert shown["in_common"] is None
    assert shown["try"]["command"].startswith("greenroom retake ")
    (row,) = json.loads(run(tmp_path, "list", "--json"))["debriefs"]
    assert (row["company"], row["asked"], row["outcome"]) == ("Acme", 1, "unknown")


def test_list_says_how_to_go_on_with_one_that_was_left(tmp_path: Path) -> None:
    debrief = made(tmp_path, 1, "Acme")
    save_session(debrief.folder, Session(id=debrief.name, started_at="2026-11-01T18:00:00+01:00"))
    assert f"greenroom debrief --resume {debrief.name}" in run(tmp_path, "list")
    assert run(tmp_path / "empty", "list") == "No debrief yet: greenroom debrief\n"


def test_a_fault_is_told_beside_what_is_shown(tmp_path: Path) -> None:
    debrief = made(tmp_path, 1, "Acme")
    path = debrief.folder / DEBRIEF_FILE
    path.write_text(path.read_text().replace('"unknown"', '"maybe"'))
    done = CliRunner().invoke(cli, ["debrief", "show", "--data", str(tmp_path)])
    assert f"{path}, line 6, outcome" in done.stderr
    assert done.stdout.startswith("Acme")


def every_text(tmp_path: Path) -> str:
    """All that a debrief says: its texts and word lists, and what it makes of every reason and outcome."""
    d = ROOT / "src" / "greenroom"
    folder = d / "preparation" / "debrief"
    files = [
        *folder.glob("*.py"),
        *folder.glob("*.toml"),
        d / "debrief_command.py",
        ROOT / "docs" / "debrief.md",
    ]
    assert len(files) > 12, "the files are where they are looked for"
    texts = [path.read_text() for path in files]
    felt = (
        "I rambled. I undersold it. I misread the question. I had no figures. "
        "They said I was not the right fit."
    )
    said = (
        "They hired internally. The role was frozen. They gave me no feedback.",
        f"I got a {NEVER_SAID}, because of the budget cut.",
        f"The {NEVER_SAID} said that the role was frozen.",
    )
    for number, outcome in enumerate(OUTCOMES, start=1):
        for words in (felt, "Fine."):
            data = tmp_path / f"{outcome}{len(words)}"
            for day in (number, number + 1, number + 2):
                debrief = retold(
                    made(data, day, "Acme", felt=words, outcome=outcome, said=said), "no_outcome"
                )
            texts += [
                run(data, "list"),
                run(data, "show"),
                "\n".join(debrief_lines.spoken(look_at(data, debrief))),
            ]
    commands = (debrief_command, *debrief_command.commands.values())
    help_text = [command.get_help(click.Context(command)) for command in commands]
    return "\n".join(texts + help_text)


def test_one_word_is_never_said_and_nothing_is_predicted(tmp_path: Path) -> None:
    texts = every_text(tmp_path)
    assert "Undersold" in texts
    assert NEVER_SAID not in texts.lower()
    assert [match[0] for match in PREDICTS.finditer(texts)] == []


def test_the_prompts_are_among_the_texts_that_were_looked_at() -> None:
    source = (ROOT / "src" / "greenroom" / "preparation" / "debrief" / "debriefing.py").read_text()
    for prompt in (debriefing.COMPANY, debriefing.FIRST, debriefing.FELT):
        assert prompt.text in source
