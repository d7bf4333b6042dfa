"""Stories as files: what is written is read, what a person wrote stays, and every fault has its place."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import fields, replace
from datetime import timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.errors import BadInputError, UsageError
from greenroom.preparation.places import EARLIER, stories_folder
from greenroom.preparation.stories.stories import ANGLES, Story, Told
from greenroom.preparation.stories.story_files import (
    find_file,
    find_story,
    keep_copy,
    load_stories,
    new_name,
    note_told,
    save_story,
)
from greenroom.preparation.stories.story_reading import KEYS, MAX_STORY_BYTES, name_for, read_text
from greenroom.preparation.stories.story_writing import changed_text, new_text
from greenroom.toml_lines import places_of

TOLD = Told("2026-11-20T18-00-00-leadership", 2, "2026-11-20T18:04:00+01:00", "business")
WHOLE = Story(
    name="late-import",
    title="The import that nobody watched",
    situation="Our import failed about twice a week, and the billing desk found out at nine in the morning.",
    task='Dana asked me: "Can we know before they do?"',
    action="I moved the check in front of the import.\nThen I showed the desk how to start it again.",
    result="Failures went from eight a month to one.",
    numbers=("8 to 1 a month", "90 minutes"),
    people=("Dana",),
    dates=("March 2025",),
    technologies=("Airflow", "Postgres"),
    qualities=("ownership", "calm under pressure"),
    told=(TOLD,),
)
BY_HAND = """\
# my notes: tell this one first

title = "The import that nobody watched"   # the short name
rating = 5

situation = '''
Our import failed.
Nobody knew.'''
action = "I moved the check."
numbers = [
  "8 to 1 a month",  # from the dashboard
]

[[told]]
session = "2026-11-20T18-00-00-leadership"
turn = 2  # the second question
at = "2026-11-20T18:04:00+01:00"

[notes]
mood = "good"
"""

# Everything that UTF-8 can hold; half characters are tried apart.
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=60) | st.text(
    "ab \t\"'\\\n\r#=[]{},.\x00\x1b\x7f\x85\u2028é", max_size=200
)
filled = texts.filter(str.strip)
moments = st.datetimes(timezones=st.just(timezone.utc)).map(lambda at: at.isoformat())
told = st.builds(Told, filled, st.integers(1, 10_000), moments, st.sampled_from(("", *ANGLES)))
lists = st.lists(filled, max_size=5).map(tuple)
stories = st.builds(
    Story,
    name=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True),
    title=filled,
    **dict.fromkeys(("situation", "task", "action", "result"), texts),
    **dict.fromkeys(("numbers", "people", "dates", "technologies", "qualities"), lists),
    told=st.lists(told, max_size=3).map(tuple),
)
quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def write(tmp_path):
    """Writes a file into the stories of the data folder tmp_path."""

    def write(content: str | bytes, name: str = "mine.toml") -> Path:
        folder = stories_folder(tmp_path)
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def faults_of(data: Path) -> list[str]:
    """Each fault, without the folder in front."""
    return [str(fault).replace(f"{stories_folder(data)}{os.sep}", "") for fault in load_stories(data).faults]


# --- what is written is read


@given(stories)
@quick
def test_any_story_written_and_read_is_the_same(tmp_path, story) -> None:
    standing = read_text(new_text(story), Path(f"{story.name}.toml"))
    assert standing.faults == ()
    assert standing.story == story


@given(stories, stories)
@quick
def test_a_changed_story_is_read_as_it_was_changed(before, after) -> None:
    after = replace(after, name=before.name)
    text = changed_text(new_text(before), before, after)
    standing = read_text(text, Path(f"{before.name}.toml"))
    assert (standing.story, standing.faults) == (after, ())


@given(stories)
@quick
def test_by_hand_only_what_differs_is_changed(story) -> None:
    path = Path("mine.toml")
    was = read_text(BY_HAND, path).story
    assert was is not None
    text = changed_text(BY_HAND, was, replace(story, name="mine"))
    assert read_text(text, path).story == replace(story, name="mine")
    for kept in (
        "# my notes: tell this one first",
        "rating = 5",
        "# the short name",
        '[notes]\nmood = "good"',
    ):
        assert kept in text


def test_saved_to_the_disk_for_its_owner_only(tmp_path) -> None:
    path = save_story(tmp_path, WHOLE)
    assert path == stories_folder(tmp_path) / "late-import.toml"
    assert load_stories(tmp_path).stories == (WHOLE,)
    assert find_story(tmp_path, "late-import") == WHOLE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_half_a_character_becomes_a_question_mark(tmp_path) -> None:
    save_story(tmp_path, replace(WHOLE, task="caf\udce9"))
    assert find_story(tmp_path, "late-import").task == "caf?"


def test_long_text_stays_readable_in_an_editor() -> None:
    text = new_text(replace(WHOLE, situation="word " * 200 + "end", numbers=("a number " * 6,) * 3))
    assert max(map(len, text.splitlines())) <= 100


def test_every_key_of_the_record_has_a_key_in_the_file() -> None:
    assert {field.name for field in fields(Story)} - {"name"} == set(KEYS)
    assert all(re.search(rf"^{key} = ", new_text(Story("a", "A")), re.M) for key in KEYS if key != "told")


# --- what a person wrote stays


def test_a_telling_is_added_below_the_others_and_all_else_stays(tmp_path, write) -> None:
    path = write(BY_HAND)
    note_told(tmp_path, "mine", replace(TOLD, turn=4))
    text = path.read_text()
    added = '[[told]]\nsession = "2026-11-20T18-00-00-leadership"\nturn = 4\n'
    assert added in text
    assert text.replace(text[text.index(added) : text.index('angle = "business"\n') + 19], "").split() == (
        BY_HAND.split()
    )
    assert [each.turn for each in find_story(tmp_path, "mine").told] == [2, 4]


def test_a_telling_is_noted_in_no_other_story(tmp_path, write) -> None:
    path = write(BY_HAND)
    with pytest.raises(UsageError, match='there is no story "min"'):
        note_told(tmp_path, "min", TOLD)
    assert path.read_text() == BY_HAND


def test_a_turn_is_told_only_once(tmp_path, write) -> None:
    path = write(BY_HAND)
    note_told(tmp_path, "mine", TOLD)
    assert path.read_text() == BY_HAND


def test_the_file_as_it_was_is_kept_and_nothing_is_copied_without_a_change(tmp_path, write) -> None:
    path = write(BY_HAND)
    story = find_story(tmp_path, "mine")
    save_story(tmp_path, story)
    assert not (path.parent / EARLIER).exists()
    save_story(tmp_path, replace(story, result="It held."))
    save_story(tmp_path, replace(story, result="It held for a year."))
    copies = sorted((path.parent / EARLIER).iterdir(), key=lambda each: (len(each.name), each.name))
    assert copies[0].read_text() == BY_HAND
    assert [find_story(tmp_path, "mine").result, len(copies)] == ["It held for a year.", 2]
    assert len(load_stories(tmp_path).stories) == 1, "copies are no stories"


def test_a_number_added_keeps_the_comments_of_the_list(tmp_path, write) -> None:
    path = write(BY_HAND)
    story = find_story(tmp_path, "mine")
    save_story(tmp_path, replace(story, numbers=(*story.numbers, "40 %")))
    assert "# from the dashboard" in path.read_text()
    assert find_story(tmp_path, "mine").numbers == ("8 to 1 a month", "40 %")


def test_what_is_at_fault_stays_until_its_owner_mends_it(tmp_path, write) -> None:
    path = write('title = "Mine"\ntasc = "I was asked"\npeople = "Dana"\nnumbers = 40\nresult = 7\n')
    story = find_story(tmp_path, "mine")
    assert (story.people, story.numbers, story.result) == (("Dana",), ("40",), "")
    save_story(tmp_path, replace(story, action="I asked."))
    text = path.read_text()
    assert all(
        line in text for line in ('tasc = "I was asked"', 'people = "Dana"', "numbers = 40", "result = 7")
    )
    assert find_story(tmp_path, "mine").action == "I asked."


@pytest.mark.parametrize("content", ['title = "Mine\n', b"\xff\xfe", b"#" * (MAX_STORY_BYTES + 1)])
def test_a_file_that_cannot_be_read_stays_and_the_story_gets_another_name(tmp_path, write, content) -> None:
    path = write(content, "late-import.toml")
    before = path.read_bytes()
    saved = save_story(tmp_path, WHOLE)
    assert saved.name == "late-import-2.toml"
    assert path.read_bytes() == before
    assert find_story(tmp_path, "late-import-2") == replace(WHOLE, name="late-import-2")


def test_windows_lines_and_a_byte_order_mark_stay(tmp_path, write) -> None:
    path = write("\ufeff" + BY_HAND.replace("\n", "\r\n"))
    assert load_stories(tmp_path).faults[0].key == "rating"
    story = find_story(tmp_path, "mine")
    save_story(tmp_path, replace(story, result="It held.\nFor a year."))
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf# my notes")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert find_story(tmp_path, "mine") == replace(story, result="It held.\nFor a year.")


def test_a_copy_before_the_editor_opens_it(tmp_path, write) -> None:
    path = write(BY_HAND)
    first, second = keep_copy(path), keep_copy(path)
    assert first != second
    assert first.read_text() == second.read_text() == BY_HAND
    assert first.parent == path.parent / EARLIER


# --- names


def test_a_new_name_is_taken_by_nothing(tmp_path, write) -> None:
    assert new_name(tmp_path, "The Größe of it: 3 nights!") == "the-grosse-of-it-3-nights"
    write("", "the-load.TOML")
    write("", "the-load-2.toml")
    assert new_name(tmp_path, "The load") == "the-load-3"
    assert new_name(tmp_path, "会议") == "story"
    assert new_name(tmp_path, "Con") == "con-story"


@given(texts)
def test_a_title_of_anything_gives_a_name_that_is_read(title) -> None:
    assert len(name_for(title)) <= 40
    assert read_text('title = "a"', Path(f"{name_for(title)}.toml")).faults == ()


def test_a_story_is_found_by_its_name_or_its_title(tmp_path) -> None:
    path = save_story(tmp_path, WHOLE)
    save_story(tmp_path, replace(WHOLE, name="late-load", title="The load"))
    names = ("late-import", "late-import.toml", "Late import", "the import that NOBODY watched", "late-i")
    assert [find_file(tmp_path, name) for name in names] == [path] * len(names)
    with pytest.raises(UsageError, match='there is no story "late"'):
        find_file(tmp_path, "late")


def test_a_name_that_is_not_there_brings_the_nearest(tmp_path) -> None:
    with pytest.raises(UsageError, match="no stories yet"):
        find_story(tmp_path, "late")
    save_story(tmp_path, WHOLE)
    with pytest.raises(UsageError, match=r'"late-inport"; did you mean "late-import"\?'):
        find_story(tmp_path, "late-inport")
    with pytest.raises(UsageError, match="there is no story"):
        find_story(tmp_path, "../../etc/passwd")


def test_a_story_that_cannot_be_used_says_why(tmp_path, write) -> None:
    write('title = "Mine\n')
    with pytest.raises(BadInputError, match=r"mine\.toml, line 1, title: not valid TOML") as problem:
        find_story(tmp_path, "mine")
    assert problem.value.hint == "greenroom stories edit mine"


def test_a_story_is_written_nowhere_else(tmp_path) -> None:
    with pytest.raises(ValueError, match="no name"):
        save_story(tmp_path, replace(WHOLE, name="../late"))


# --- faults

OK = 'title = "Mine"\n'
FAULTS = {
    "unknown key": (
        OK + '\nsituaton = "a"',
        'mine.toml, line 3, situaton: unknown key "situaton": did you mean "situation"?',
    ),
    "unknown key with no known near": (
        "# one\n" + OK + "[zzz]\na = 1",
        f'mine.toml, line 3, zzz: unknown key "zzz": known are {", ".join(KEYS)}',
    ),
    "missing title": ('task = "a"', "mine.toml, title: is missing"),
    "empty title": ('task = "a"\ntitle = " "', "mine.toml, line 2, title: is empty"),
    "part that is no text": (
        OK + 'task = """\n[[told]]\ntitle = 1\n"""\naction = ["a"]',
        "mine.toml, line 6, action: must be text, not a list",
    ),
    "list that is none": (
        OK + 'people = "Dana"',
        'mine.toml, line 2, people: must be a list of text, not text: write ["Dana"]',
    ),
    "number without quotes": (
        OK + "numbers = [\n  40,\n]",
        'mine.toml, line 2, numbers: entry 1 must be text, not a number: write "40"',
    ),
    "date without quotes": (
        OK + "dates = [2025-03-01]",
        'mine.toml, line 2, dates: entry 1 must be text, not a date or a time: write "2025-03-01"',
    ),
    "empty entry": (OK + 'people = ["Dana", ""]', "mine.toml, line 2, people: entry 2 is empty"),
    "told is no table": (
        OK + 'told = "often"',
        "mine.toml, line 2, told: must be written [[told]], with two brackets on each side",
    ),
    "told without a session": (
        OK + '[[told]]\nturn = 1\nat = "2026-11-20T18:04:00+01:00"',
        "mine.toml, line 2, told 1, session: is missing",
    ),
    "told in a turn that is none": (
        OK + '[[told]]\nsession = "a"\nturn = true\nat = "2026-11-20T18:04:00+01:00"',
        "mine.toml, line 4, told 1, turn: must be a whole number, 1 to 10000",
    ),
    "told at no time": (
        OK + '[[told]]\nsession = "a"\nturn = 1\nat = "on Friday"',
        'mine.toml, line 5, told 1, at: "on Friday" is no time: write it as "2026-11-22T18:30:00+01:00"',
    ),
    "unknown angle": (
        OK
        + '[[told]]\nsession = "a"\nturn = 1\nat = "2026-11-20T18:04:00+01:00"\n\n'
        + '[[told]]\nsession = "b"\nturn = 1\nat = "2026-11-20T18:04:00+01:00"\nangle = "tecnical"',
        'mine.toml, line 11, told 2, angle: unknown angle "tecnical": did you mean "technical"?',
    ),
    "text without quotes": (
        OK + "task = I was asked",
        'mine.toml, line 2, task: not valid TOML: a value is text in quotes ("so"), or a list of it '
        '(["so", "and so"])',
    ),
    "key twice": (OK + OK, "mine.toml, line 2, title: not valid TOML: this key stands here a second time"),
    "quotation mark in text": (
        OK + 'task = "She said "now" to me"',
        "mine.toml, line 2, task: not valid TOML: something follows the value: inside text, write a "
        'quotation mark as \\"',
    ),
    "text that is not closed on its line": (
        OK + 'task = "I was\nasked"',
        "mine.toml, line 2, task: not valid TOML: text is not closed on its line: over several lines it "
        'begins and ends with """',
    ),
    "text that is never closed": (
        OK + 'task = """I was\nasked\n',
        "mine.toml, line 2, task: not valid TOML: text is not closed: over several lines it begins and ends "
        'with """',
    ),
    "no TOML at all": (
        "Once upon a time\n",
        'mine.toml, line 1: not valid TOML: after a key comes = and its value, such as title = "The night of '
        'the import"',
    ),
    "list that is not closed": (
        OK + 'people = ["Dana"\n',
        "mine.toml, line 2, people: not valid TOML: a list is not closed: it ends with ]",
    ),
    "not UTF-8": (
        OK.encode() + b'task = "caf\xe9"',
        "mine.toml, line 2: not UTF-8 text: save it as UTF-8 in your editor",
    ),
    "too large": (b"#" * (MAX_STORY_BYTES + 1), "mine.toml: larger than 100 kB, so hardly a story"),
}


@pytest.mark.parametrize("content, told", FAULTS.values(), ids=FAULTS)
def test_a_fault_names_file_line_and_key(tmp_path, write, content, told) -> None:
    write(content)
    assert faults_of(tmp_path) == [told]


def test_all_faults_of_a_file_are_named_at_once(tmp_path, write) -> None:
    write('titel = "a"\ntask = 1\npeople = 2\n')
    assert [fault.key for fault in load_stories(tmp_path).faults] == ["titel", "title", "task", "people"]


def test_a_file_with_mere_key_faults_still_gives_its_story(tmp_path, write) -> None:
    write('titel = "a"\ntask = 1\nresult = "It held."\ndates = [2025-03-01, "May"]\n', "the-load.toml")
    (story,) = load_stories(tmp_path).stories
    assert story == Story("the-load", "The load", result="It held.", dates=("2025-03-01", "May"))


def test_a_telling_at_a_time_without_zone_counts(tmp_path, write) -> None:
    one, other = 'session = "a"\nturn = 1\nat = "2026-11-20"\n', 'session = "b"\nturn = 1\nat = 2026-11-20\n'
    write(f"{OK}[[told]]\n{one}[[told]]\n{other}")
    loaded = load_stories(tmp_path)
    assert [each.at[:19] for each in loaded.stories[0].told] == ["2026-11-20T00:00:00"] * 2
    assert [fault.key for fault in loaded.faults] == ["told 1, at", "told 2, at"]


def test_a_faulty_file_spoils_nothing_else(tmp_path, write) -> None:
    save_story(tmp_path, WHOLE)
    write(b"\xff\xfe", "a-first.toml")
    write('title = "Mine', "z-last.toml")
    write(OK, "My Story.toml")
    (stories_folder(tmp_path) / "folder.toml").mkdir()
    os.mkfifo(stories_folder(tmp_path) / "pipe.toml")
    (stories_folder(tmp_path) / "gone.toml").symlink_to("nowhere")
    write("notes", "README.txt")
    write(OK, ".half-written.toml")
    assert load_stories(tmp_path).stories == (WHOLE,)
    assert [line.partition(":")[0].partition(",")[0] for line in faults_of(tmp_path)] == [
        "My Story.toml",
        "a-first.toml",
        "folder.toml",
        "gone.toml",
        "pipe.toml",
        "z-last.toml",
    ]
    assert (
        'My Story.toml: "My Story.toml" cannot be a story\'s name: rename it to my-story.toml'
        in faults_of(tmp_path)
    )


def test_a_folder_that_is_not_there_has_no_stories_and_one_that_is_none_is_a_fault(tmp_path) -> None:
    assert load_stories(tmp_path / "nowhere") == load_stories(tmp_path)
    assert load_stories(tmp_path).faults == ()
    stories_folder(tmp_path).write_text("")
    assert [fault.message for fault in load_stories(tmp_path).faults] == ["cannot be read (Not a directory)"]


def test_no_more_faults_than_anybody_mends(tmp_path, write) -> None:
    write(OK + "".join(f"key-{n} = {n}\n" for n in range(3000)))
    faults = load_stories(tmp_path).faults
    assert len(faults) == 101
    assert faults[-1].message == "read no further after 100 faults"


@given(st.binary(max_size=400))
@quick
def test_any_bytes_are_faults_or_a_story_and_never_raise(tmp_path, content) -> None:
    stories_folder(tmp_path).mkdir(exist_ok=True)
    (stories_folder(tmp_path) / "mine.toml").write_bytes(content)
    loaded = load_stories(tmp_path)
    assert loaded.stories or loaded.faults
    assert all("\n" not in str(fault) and str(fault).isprintable() for fault in loaded.faults)


# Pieces of the language, so that much of what they make is valid TOML that is wrong for a story.
_KEY = st.sampled_from([*KEYS, "turn", "at", "angle", "x.y", '"a = b"', "'['", "told.at"])
_TEXTS = ['"a"', '"""\na\n[b]\n"""', "'''c\"'''", '""', '"\\u0000\\u001b[31m"']
_OTHERS = ["1", "true", "nan", "2026-01-01", "2026-01-01T10:00:00Z", "0x" + "f" * 5000]
_VALUE = st.sampled_from([*_TEXTS, *_OTHERS, "[]", '["a", # b\n 2]', "{a = [1]}", "[[1]]"])
_STATEMENT = st.one_of(
    st.builds("{} = {}".format, _KEY, _VALUE),
    st.sampled_from(["[[told]]", "[told]", "[notes]", "[[told.x]]", "# told = 1", "", "[x.'y z']"]),
)
_DOCUMENT = st.lists(_STATEMENT, max_size=8).map("\n".join)


@given(_DOCUMENT)
@settings(quick, max_examples=400)
def test_any_toml_is_read_and_a_telling_can_be_noted(tmp_path, text) -> None:
    standing = read_text(text, Path("mine.toml"))
    assert all("\n" not in str(fault) for fault in standing.faults)
    if standing.story is None:
        return
    now = replace(standing.story, told=(*standing.story.told, TOLD), action="I asked.")
    again = read_text(changed_text(text, standing.story, now), Path("mine.toml")).story
    assert again is not None
    assert (again.told[-1], again.action) == (TOLD, "I asked.")
    assert again.title == now.title


def test_lines_are_those_of_the_keys() -> None:
    text = (
        'a = """\nb = 1\n"""\n# c = 2\n[[t]]\nx = [\n  1, # y = 2\n  2,\n]\n\n'
        '[[t]]\n"x = y".z = 1\n[p."q r"]\ns = {u = 1}'
    )
    assert places_of(text) == {
        ("a",): 1,
        ("t",): 5,
        ("t", 1): 5,
        ("t", 1, "x"): 6,
        ("t", 2): 11,
        ("t", 2, "x = y"): 12,
        ("t", 2, "x = y", "z"): 12,
        ("p",): 13,
        ("p", "q r"): 13,
        ("p", "q r", "s"): 14,
    }
