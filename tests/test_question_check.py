"""Checking a bank: every fault is named with its place, and nothing is ever raised."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.errors import BadInputError
from greenroom.question_check import MAX_BANK_BYTES, MOST_FAULTS
from greenroom.questions import check_bank, load_banks, shipped_banks
from greenroom.records import KINDS, LEVELS, PATTERNS, SIGNALS, Question

HEAD = 'name = "mine"\ntitle = "My bank"\n'
QUESTION = {
    "id": '"one"',
    "text": '"What did you do?"',
    "kind": '"behavioural"',
    "signals": '["ownership"]',
    "about": '"Your own part."',
}
ENTRY = 'question 1 (id "one"): '


def entry(**changes: str | None) -> str:
    """The TOML of one question, with keys changed, added, or left out (None)."""
    values = {key: value for key, value in {**QUESTION, **changes}.items() if value is not None}
    return "\n[[question]]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Writes a bank.toml into the working directory, so that faults name it as a person would type it."""
    monkeypatch.chdir(tmp_path)

    def write(content: str | bytes, name: str = "bank.toml") -> Path:
        path = Path(name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def lines(path: Path) -> list[str]:
    return [str(fault) for fault in check_bank(path)]


def test_smallest_sound_bank(write) -> None:
    path = write(HEAD + entry())
    assert lines(path) == []
    (bank,) = load_banks([str(path)])
    assert (bank.name, bank.title, bank.description) == ("mine", "My bank", "")
    question = Question(
        id="one", text="What did you do?", signals=("ownership",), about="Your own part.", bank="mine"
    )
    assert bank.questions == (question,)


def test_every_key_arrives(write) -> None:
    extra = '[question.follow_ups]\nno_outcome = "How\\n  many?"\n'
    path = write(HEAD + entry(level='"mid"', target_seconds="60") + extra)
    question = load_banks([str(path)])[0].questions[0]
    assert (question.level, question.target_seconds) == ("mid", 60)
    assert question.follow_ups == {"no_outcome": "How many?"}, "white space is made single spaces"


@pytest.mark.parametrize("seconds", ["10", "600"])
def test_shortest_and_longest_target(write, seconds: str) -> None:
    assert lines(write(HEAD + entry(target_seconds=seconds))) == []


def test_byte_order_mark_and_windows_lines_are_fine(write) -> None:
    assert lines(write(b"\xef\xbb\xbf" + (HEAD + entry()).replace("\n", "\r\n").encode())) == []


SIGNAL_LIST = ", ".join(SIGNALS)
FAULTS = {
    "missing key": (entry(text=None), 'key "text": is missing'),
    "missing signals": (entry(signals=None), 'key "signals": is missing'),
    "empty text": (entry(text='"  "'), 'key "text": is empty'),
    "wrong type": (entry(text="3"), 'key "text": must be text, not a whole number'),
    "wrong type of what need not be there": (
        entry(strong="3"),
        'key "strong": must be text, not a whole number',
    ),
    "date": (entry(about="2026-01-01"), 'key "about": must be text, not a date or a time'),
    "near key": (
        entry(followups='"x"'),
        'key "followups": unknown key "followups": did you mean "follow_ups"?',
    ),
    "far key": (
        entry(zebra="1"),
        'key "zebra": unknown key "zebra": known are id, text, kind, signals, about, strong, level, '
        "target_seconds, follow_ups, deeper",
    ),
    "kind": (
        entry(kind='"behavioral"'),
        'key "kind": unknown kind "behavioral": did you mean "behavioural"?',
    ),
    "level": (entry(level='"Seniors"'), 'key "level": unknown level "Seniors": did you mean "senior"?'),
    "signal": (
        entry(signals='["owner"]'),
        'key "signals": unknown signal "owner": did you mean "ownership"?',
    ),
    "spelt signal": (
        entry(signals='["Customer Focus"]'),
        'key "signals": unknown signal "Customer Focus": did you mean "customer_focus"?',
    ),
    "far signal": (
        entry(signals='["zzz"]'),
        f'key "signals": unknown signal "zzz": known are {SIGNAL_LIST}',
    ),
    "signals not a list": (entry(signals='"ownership"'), 'key "signals": must be a list, not text'),
    "signal not text": (entry(signals="[1]"), 'key "signals": must hold text only, not a whole number'),
    "no signals": (entry(signals="[]"), 'key "signals": must name 1 to 3 signals, not 0'),
    "many signals": (
        entry(signals='["ownership", "clarity", "execution", "leadership"]'),
        'key "signals": must name 1 to 3 signals, not 4',
    ),
    "signal twice": (
        entry(signals='["clarity", "clarity"]'),
        'key "signals": names "clarity" more than once',
    ),
    "pattern": (
        entry() + '[question.follow_ups]\nno_outcomes = "How many?"\n',
        'key "follow_ups.no_outcomes": unknown pattern "no_outcomes": did you mean "no_outcome"?',
    ),
    "opening": (
        entry() + '[question.deeper]\noption = "Which other way was there?"\n',
        'key "deeper.option": unknown opening "option": did you mean "options"?',
    ),
    "empty follow-up": (
        entry() + '[question.follow_ups]\nreactive = ""\n',
        'key "follow_ups.reactive": is empty',
    ),
    "follow-up type": (
        entry() + '[question.follow_ups]\nreactive = ["a"]\n',
        'key "follow_ups.reactive": must be text, not a list',
    ),
    "follow-ups not a table": (
        entry(follow_ups='"Why?"'),
        'key "follow_ups": must be a table: write [question.follow_ups] below the question',
    ),
    "too short": (entry(target_seconds="9"), 'key "target_seconds": must be 10 to 600 seconds'),
    "too long": (entry(target_seconds="601"), 'key "target_seconds": must be 10 to 600 seconds'),
    "huge number": (
        entry(target_seconds="0x" + "f" * 9000),
        'key "target_seconds": must be 10 to 600 seconds',
    ),
    "not whole": (entry(target_seconds="90.5"), 'key "target_seconds": must be a whole number, not a number'),
    "true": (entry(target_seconds="true"), 'key "target_seconds": must be a whole number, not true or false'),
    "control character": (entry(text='"a\\u001b[2Jb"'), 'key "text": holds a control character'),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_of_a_question_is_named(write, name: str) -> None:
    content, message = FAULTS[name]
    assert lines(write(HEAD + content)) == [f"bank.toml: {ENTRY}{message}"]


def test_fault_without_an_id(write) -> None:
    assert lines(write(HEAD + entry() + entry(id=None))) == ['bank.toml: question 2: key "id": is missing']


def test_bad_id(write) -> None:
    assert lines(write(HEAD + entry(id='"My Id"'))) == [
        'bank.toml: question 1 (id "My Id"): key "id": "My Id" may hold only small letters, digits and '
        "hyphens between them"
    ]


def test_duplicate_id_names_the_other_entry(write) -> None:
    content = HEAD + entry() + entry(id='"two"') + entry()
    assert lines(write(content)) == [
        'bank.toml: question 3 (id "one"): key "id": is already the id of question 1'
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('title = "x"' + entry(), 'key "name": is missing'),
        (
            'name = "../up"\ntitle = "x"' + entry(),
            'key "name": "../up" may hold only small letters, digits and',
        ),
        ('name = "x"' + entry(), 'key "title": is missing'),
        (HEAD, 'key "question": holds no questions: write each one below a line [[question]]'),
        (
            HEAD + "question = []",
            'key "question": holds no questions: write each one below a line [[question]]',
        ),
        (
            HEAD + entry().replace("[[question]]", "[question]"),
            'key "question": must be written [[question]],',
        ),
        (HEAD + "question = [1]", "question 1: must be a table: write [[question]] above it"),
        (
            HEAD + entry().replace("[[question]]", "[[questions]]"),
            'key "questions": unknown key "questions": did you mean "question"?',
        ),
    ],
)
def test_fault_of_the_whole_bank_is_named(write, content: str, expected: str) -> None:
    assert lines(write(content))[0].startswith(f"bank.toml: {expected}")


def test_every_fault_is_named_at_once(write) -> None:
    content = 'name = "mine"\n' + entry(kind='"tecnical"', text='""') + entry(signals=None, level='"junor"')
    assert lines(write(content)) == [
        'bank.toml: key "title": is missing',
        'bank.toml: question 1 (id "one"): key "text": is empty',
        'bank.toml: question 1 (id "one"): key "kind": unknown kind "tecnical": did you mean "technical"?',
        'bank.toml: question 2 (id "one"): key "signals": is missing',
        'bank.toml: question 2 (id "one"): key "level": unknown level "junor": did you mean "junior"?',
        'bank.toml: question 2 (id "one"): key "id": is already the id of question 1',
    ]


def test_bad_toml_names_the_line(write) -> None:
    (line,) = lines(write('name = "x"\n\ntitle = nonsense here\n'))
    assert re.fullmatch(r"bank\.toml: not valid TOML: .+ \(at line 3, column \d+\)", line)


@pytest.mark.parametrize("content", ["x = " + "[" * 5000, "x = " + "1" * 5000, "x = 2026-99-99", "\0"])
def test_nasty_toml_is_a_fault(write, content: str) -> None:
    (line,) = lines(write(content))
    assert line.startswith("bank.toml: not valid TOML: ")


def test_not_utf8_names_the_line(write) -> None:
    assert lines(write(b'name = "x"\ntitle = "\xff"\n')) == ["bank.toml: not UTF-8 text (line 2)"]


def test_too_large(write) -> None:
    assert lines(write(b"#" * (MAX_BANK_BYTES + 1))) == [
        "bank.toml: larger than 2 MB, so hardly a question bank"
    ]


def test_missing_folder_pipe_and_impossible_name(tmp_path) -> None:
    assert lines(tmp_path / "no.toml") == [f"{tmp_path}/no.toml: there is no such file"]
    assert lines(tmp_path) == [f"{tmp_path}: not a file"]
    os.mkfifo(tmp_path / "pipe.toml")
    assert lines(tmp_path / "pipe.toml") == [f"{tmp_path}/pipe.toml: not a file"], "and does not wait for it"
    assert len(lines(Path("a\0b.toml"))) == 1
    assert len(lines(Path("a" * 5000 + ".toml"))) == 1


def test_unreadable(write, monkeypatch) -> None:
    def refuse(*args: object) -> None:  # and not chmod, which does not stop a test that runs as root
        raise PermissionError(13, "Permission denied")

    path = write(HEAD + entry())
    monkeypatch.setattr(Path, "open", refuse)
    assert lines(path) == ["bank.toml: cannot be read (Permission denied)"]


def test_a_flood_of_faults_ends_soon(write) -> None:
    path = write(HEAD + "\n".join(f"[[question]]\nx{n} = 1" for n in range(20_000)))
    started = time.process_time()
    found = lines(path)
    assert time.process_time() - started < 5
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == f"bank.toml: read no further after {MOST_FAULTS} faults"


def test_a_fault_is_one_printable_line(write) -> None:
    path = write(HEAD + entry(kind='"a\\nb\\u001b[31m"', id='"x\\ny"'), name="odd\nname.toml")
    assert check_bank(path)
    assert all(line.isprintable() for line in lines(path))


# Keys and words that are nearly right reach further into the checks than random text does.
_KEYS = st.sampled_from(
    ["name", "title", "description", "question", "id", "text", "kind", "signals", "about", "strong", "level",
     "target_seconds", "follow_ups", "deeper", "signal", "x"]
)  # fmt: skip
_WORDS = st.sampled_from([*KINDS, *LEVELS, *PATTERNS, *SIGNALS, "one", "", "b\nc"]) | st.text(max_size=8)
_LEAVES = _WORDS | st.integers(-5, 700) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS | _WORDS, inner, max_size=6),
    max_leaves=6,
)


def as_toml(value: object) -> str:
    """TOML of one value: JSON's strings, numbers and lists are TOML too."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(str(key))} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def sound_or_named(content: bytes, folder: Path) -> None:
    path = folder / "fuzz.toml"
    path.write_bytes(content)
    faults = check_bank(path)
    assert all(str(fault).isprintable() and fault.message for fault in faults)
    if faults:
        with pytest.raises(BadInputError) as caught:
            load_banks([str(path)])
        assert caught.value.message == str(faults[0])
    else:
        assert load_banks([str(path)])[0].questions


fuzz = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(content=st.binary(max_size=300))
def test_random_bytes_only_give_faults(tmp_path, content: bytes) -> None:
    sound_or_named(content, tmp_path)


@fuzz
@given(content=st.text(alphabet="[]{}=\"'\n#.,abq1 \\", max_size=120))
def test_random_toml_marks_only_give_faults(tmp_path, content: str) -> None:
    sound_or_named(content.encode(), tmp_path)


@fuzz
@given(top=st.dictionaries(_KEYS, _VALUES, max_size=4), items=st.dictionaries(_KEYS, _VALUES, max_size=8))
def test_random_tables_only_give_faults(tmp_path, top: dict[str, object], items: dict[str, object]) -> None:
    top = {"name": "mine", "title": "x", "question": [items], **top}
    content = "\n".join(f"{key} = {as_toml(value)}" for key, value in top.items())
    sound_or_named(content.encode("utf-8", "surrogatepass"), tmp_path)


def test_example_in_the_docs_is_sound(write) -> None:
    page = (Path(__file__).parents[1] / "docs" / "banks.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```", page, re.S | re.M)
    assert lines(write(example, "my-bank.toml")) == []
    spoilt = example.replace('["proactivity"]', '["proactive"]')
    (shown,) = re.findall(r"^my-bank\.toml: .*$", page, re.M)
    assert lines(write(spoilt, "my-bank.toml")) == [shown]
    for known in (*KINDS, *LEVELS, *SIGNALS, *PATTERNS, *shipped_banks()):
        assert f"`{known}`" in page
