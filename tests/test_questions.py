"""Loading banks and choosing questions."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenroom import questions
from greenroom.errors import EXIT_BAD_INPUT, EXIT_USAGE, BadInputError, UsageError
from greenroom.questions import (
    QuestionBank,
    bank_data,
    banks_folder,
    check_bank,
    choose,
    fault_data,
    find_question,
    load_banks,
    question_data,
    shipped_banks,
)
from greenroom.records import LEVELS, SIGNALS, Question

HEAD = 'name = "mine"\ntitle = "My bank"\n'
ENTRY = """
[[question]]
id = "one"
text = "What did you do?"
kind = "behavioural"
signals = ["ownership"]
about = "Your own part."
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes banks into the working directory, so that errors name them as a person would type it."""
    monkeypatch.chdir(tmp_path)
    return lambda content, name="bank.toml": Path(name).write_text(content, encoding="utf-8")


# ---- loading


def test_all_shipped_banks_by_default() -> None:
    assert [bank.name for bank in load_banks()] == list(shipped_banks())


def test_banks_come_in_the_order_asked_for_and_once() -> None:
    names = ["technical", "behavioural", "technical"]
    assert [bank.name for bank in load_banks(names)] == ["technical", "behavioural"]


def test_unknown_name_says_the_known_ones_and_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        load_banks(["behavioral"])
    known = ", ".join(sorted(shipped_banks()))
    assert caught.value.message == f'there is no question bank "behavioral"; the banks are {known}'
    assert caught.value.hint == "--bank behavioural"
    assert caught.value.status == EXIT_USAGE


def test_faulty_bank_names_the_first_fault_and_lists_the_rest(write) -> None:
    write(HEAD + '[[question]]\nid = "one"\nkind = "x"\nsignals = ["ownership"]\nabout = ""', "my bank.toml")
    with pytest.raises(BadInputError) as caught:
        load_banks(["behavioural", "my bank.toml"])
    error = caught.value
    assert error.message == 'my bank.toml: question 1 (id "one"): key "text": is missing'
    assert [line.split("key ")[1][:6] for line in error.details] == ['"kind"', '"about']
    assert error.hint == "greenroom questions check 'my bank.toml'"
    assert error.status == EXIT_BAD_INPUT


def test_many_faults_are_counted_not_all_listed(write) -> None:
    write(HEAD + "\n".join("[[question]]" for _ in range(10)))
    with pytest.raises(BadInputError) as caught:
        load_banks(["bank.toml"])
    assert len(caught.value.details) == 21
    assert caught.value.details[-1] == "and 29 more"


def test_missing_file(tmp_path) -> None:
    with pytest.raises(BadInputError) as caught:
        load_banks([f"{tmp_path}/no.toml"])
    assert caught.value.message.endswith("no.toml: there is no such file")
    assert caught.value.hint == "greenroom questions list"


def test_a_path_may_come_without_the_suffix(write) -> None:
    write(HEAD + ENTRY, "plain")
    assert load_banks([str(Path("plain").absolute())])[0].name == "mine"


def test_same_question_id_in_two_banks(write) -> None:
    write(HEAD + ENTRY, "a.toml")
    write(HEAD.replace("mine", "yours") + ENTRY, "b.toml")
    with pytest.raises(BadInputError) as caught:
        load_banks(["a.toml", "b.toml"])
    assert caught.value.message == 'two banks have the question id "one": a.toml and b.toml'


def test_same_bank_name_in_two_files(write) -> None:
    write(HEAD + ENTRY, "a.toml")
    write(HEAD + ENTRY.replace('"one"', '"two"'), "b.toml")
    with pytest.raises(BadInputError, match='the bank name "mine": '):
        load_banks(["a.toml", "b.toml"])


def test_banks_are_found_in_the_checkout() -> None:
    assert banks_folder() == Path(__file__).resolve().parents[1] / "question_banks"


def test_banks_are_found_in_an_installed_package(tmp_path, monkeypatch) -> None:
    """The package as a wheel lays it out, inside a virtual environment inside some other checkout."""
    package = tmp_path / "checkout" / "venv" / "site-packages" / "greenroom"
    (package / "question_banks").mkdir(parents=True)
    (tmp_path / "checkout" / "question_banks").mkdir()
    (tmp_path / "checkout" / "pyproject.toml").touch()
    monkeypatch.setattr(questions, "__file__", str(package / "questions.py"))
    assert banks_folder() == package / "question_banks"
    with pytest.raises(BadInputError, match="no question banks"):
        load_banks()


def test_importing_loads_nothing_heavy() -> None:
    code = "import sys, greenroom.questions; print({'torch', 'spacy', 'whisper'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# ---- choosing


def bank(name: str, size: int, **changes) -> QuestionBank:
    made = [
        Question(id=f"{name}-{n}", text="?", signals=("clarity",), bank=name, **changes) for n in range(size)
    ]
    return QuestionBank(name, name, "", tuple(made), Path(name))


def ids(chosen: tuple[Question, ...]) -> tuple[str, ...]:
    return tuple(question.id for question in chosen)


def test_the_same_seed_chooses_the_same() -> None:
    banks = load_banks()
    first = choose(banks, count=8, seed=7)
    assert first == choose(banks, count=8, seed=7)
    assert len({ids(choose(banks, count=8, seed=seed)) for seed in range(20)}) == 20
    assert len({ids(choose(banks, count=8)) for _ in range(5)}) > 1, "without a seed it varies"


def test_a_seed_means_the_same_on_every_machine() -> None:
    chosen = choose([bank("a", 9), bank("b", 9)], count=4, seed=2026)
    assert ids(chosen) == ("b-2", "a-7", "b-8", "a-3")


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 7), min_size=1, max_size=5),
    count=st.integers(1, 40),
    seed=st.integers(),
)
def test_no_repetition_and_an_even_spread(sizes: list[int], count: int, seed: int) -> None:
    banks = [bank(f"b{n}", size) for n, size in enumerate(sizes)]
    chosen = choose(banks, count=count, seed=seed)
    assert len(chosen) == len({question.id for question in chosen}) == min(count, sum(sizes))
    taken = Counter(question.bank for question in chosen)
    most = max(taken.values())
    for one in banks:
        assert taken[one.name] >= min(most - 1, len(one.questions))


@pytest.mark.parametrize("count", [1, 3, 5, 12])
def test_introductions_come_first_among_several_banks(count: int) -> None:
    banks = load_banks()
    for seed in range(10):
        kinds = [question.kind for question in choose(banks, count=count, seed=seed)]
        assert kinds[0] == "intro"
        assert "intro" not in kinds[kinds.count("intro") :]
        assert kinds.count("intro") <= -(-count // len(shipped_banks()))


def test_every_question_can_be_chosen() -> None:
    banks = [bank("a", 6), bank("b", 6)]
    seen = {question.id for seed in range(100) for question in choose(banks, count=3, seed=seed)}
    assert len(seen) == 12


@pytest.mark.parametrize("level", LEVELS)
def test_level_takes_that_level_and_any(level: str) -> None:
    chosen = choose(load_banks(), count=1000, seed=1, level=level)
    every = [question for one in load_banks() for question in one.questions]
    assert {question.id for question in chosen} == {q.id for q in every if q.level in (level, "any")}


@pytest.mark.parametrize("focus", SIGNALS)
def test_focus_takes_only_what_probes_the_signal(focus: str) -> None:
    chosen = choose(load_banks(), count=1000, seed=1, focus=focus)
    every = [question for one in load_banks() for question in one.questions]
    assert {question.id for question in chosen} == {q.id for q in every if focus in q.signals}


@pytest.mark.parametrize(
    ("wishes", "message", "hint"),
    [
        ({"level": "seinor"}, 'unknown level "seinor": did you mean "senior"?', "--level senior"),
        ({"level": "zzz"}, 'unknown level "zzz": known are any, junior, mid, senior', "--level mid"),
        (
            {"focus": "owner"},
            f'unknown signal "owner"; the signals are {", ".join(SIGNALS)}',
            "--focus ownership",
        ),
        ({"count": 0}, "an interview needs at least 1 question, not 0", "--questions 5"),
        (
            {"focus": "leadership", "level": "mid"},
            "no question in a has level mid and focus leadership",
            "leave out --level or --focus, or add another --bank",
        ),
    ],
)
def test_wishes_that_cannot_be_met(wishes: dict, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose([bank("a", 3)], **{"count": 5, "seed": 1, **wishes})
    assert (caught.value.message, caught.value.hint) == (message, hint)


def test_find_question() -> None:
    banks = load_banks()
    assert find_question(banks, "saw-it-first").bank == "behavioural"
    with pytest.raises(UsageError) as caught:
        find_question(banks, "saw-it-frist")
    assert caught.value.message == 'there is no question with the id "saw-it-frist"'
    assert caught.value.hint == "greenroom questions show saw-it-first"
    with pytest.raises(UsageError) as caught:
        find_question(banks, "zzzzzz")
    assert caught.value.hint == "greenroom questions list"


def test_data_is_plain_json(write) -> None:
    (one,) = load_banks(["technical"])
    data = json.loads(json.dumps(bank_data(one)))
    assert (data["name"], data["count"]) == ("technical", len(one.questions))
    assert data["questions"][0] == question_data(one.questions[0])
    assert data["questions"][0]["signals"] == list(one.questions[0].signals)
    write(HEAD + ENTRY.replace('text = "What did you do?"\n', ""))
    (fault,) = check_bank(Path("bank.toml"))
    assert fault_data(fault) == {
        "file": "bank.toml",
        "entry": 'question 1 (id "one")',
        "key": "text",
        "message": "is missing",
        "line": str(fault),
    }
