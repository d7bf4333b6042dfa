"""Nothing in a report can do harm, and it keeps its own order."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest
from hostile import HOSTILE, HOSTILE_NAME, hostile_session
from replayed import save, session_of, spoken_turn
from reported import Element, report

from greenroom.review.titles import PATTERN_LABELS, REMARKS
from greenroom.screens.names import PATTERN_TITLES
from greenroom.session import save_session

TEMPLATES = files("greenroom.review") / "templates"


@pytest.fixture
def page(everything: Path) -> Element:
    return report(everything)


# ---- nothing in it can do harm


def test_text_stays_text(tmp_path: Path) -> None:
    page = report(save(tmp_path / "hostile", hostile_session()))
    sounds = page.find("audio", "sound")
    assert [unquote(sound.attributes["src"]) for sound in sounds] == [HOSTILE_NAME] * 2
    assert len(page.find("script")) == 3
    assert page.find("img") == []
    assert [each for each in page.all() if any(name.startswith("on") for name in each.attributes)] == []
    shown = " ".join(HOSTILE.split())
    assert page.one("article", id="question-1").one("h2").text == shown
    assert page.find("span", "w")[0].text == shown
    assert page.text.count(shown) > 15
    assert "49" not in page.one("article", id="question-1").one("h2").text


@pytest.mark.parametrize(
    "name",
    [
        "../other/secret.flac",
        "/etc/hostname",
        "..",
        "a/b.flac",
        "https://example.org/a.flac",
        "a\\b.flac",
        "C:x.flac",
        "",
    ],
)
def test_no_recording_is_taken_from_outside_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "session"
    save(folder, session_of(spoken_turn(question_recording=None)))
    (tmp_path / "other").mkdir()
    shutil.copy(folder / "01-answer.flac", tmp_path / "other" / "secret.flac")
    save_session(folder, session_of(spoken_turn(question_recording=None, recording=name)))
    for embed in (False, True):
        assert report(folder, embed=embed).find("audio") == []


def test_any_file_name_can_be_played(tmp_path: Path) -> None:
    name = "a b#c?d%20é'&\".flac"
    page = report(save(tmp_path / "s", session_of(spoken_turn(recording=name))))
    src = page.one("audio", "sound").attributes["src"]
    assert unquote(src) == name
    assert not set(src) & set("#? \"'")


@pytest.mark.parametrize("embed", [False, True])
def test_the_policy_forbids_what_the_page_does_not_use(everything: Path, embed: bool) -> None:
    page = report(everything, embed=embed)
    content = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"]
    policy = {name: values for name, *values in (rule.split() for rule in content.split(";"))}
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["media-src"] == (["data:"] if embed else ["'self'", "file:"])
    assert policy["script-src"] == [hash_of(script.raw) for script in page.find("script")]
    style = page.one("style")
    assert policy["style-src"] == [hash_of(style.raw), f"'nonce-{style.attributes['nonce']}'"]
    assert set(policy) == {"default-src", "script-src", "style-src", "media-src", "base-uri", "form-action"}
    # The policy comes before everything that it is to rule.
    head = [each.tag for each in page.one("head").all()]
    assert head.index("meta") < head.index("style")


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_a_nonce_is_used_once(everything: Path) -> None:
    assert len({report(everything).one("style").attributes["nonce"] for _ in range(3)}) == 3


def test_no_element_has_a_style_or_leads_away(page: Element) -> None:
    for each in page.all():
        assert "style" not in each.attributes
        assert each.tag not in {"link", "iframe", "object", "embed", "form", "base"}
        for name in ("href", "src", "srcset", "action", "data"):
            assert not re.match(r"(?i)\s*([a-z]+:|//)", each.attributes.get(name, "")), each.attributes


def test_every_link_leads_somewhere(page: Element) -> None:
    names = [each.attributes["id"] for each in page.all() if "id" in each.attributes]
    assert len(names) == len(set(names))
    for link in page.find("a"):
        assert link.attributes["href"].removeprefix("#") in names
    for each in page.all():
        for name in ("aria-labelledby", "aria-controls", "data-hear"):
            if name in each.attributes:
                assert each.attributes[name] in names


def test_every_place_has_its_rule(page: Element) -> None:
    used = {name for each in page.all() for name in each.classes if re.fullmatch(r"[xwy]\d+", name)}
    rules = dict(re.findall(r"^\.([xwy]\d+) \{(.*)\}$", page.one("style").raw, re.MULTILINE))
    assert used and used <= set(rules)
    assert rules["w1000"] == "width:100%"
    assert rules["x42"] == "left:4.2%"


def test_the_library_is_the_one_whose_licence_lies_beside_it(page: Element) -> None:
    library = (TEMPLATES / "wavesurfer.min.js").read_bytes()
    licence = (TEMPLATES / "wavesurfer.LICENSE.txt").read_text()
    assert hashlib.sha256(library).hexdigest() in licence
    assert "BSD 3-Clause License" in licence and "--" not in licence
    assert page.find("script")[0].raw.encode() == library


def test_the_tone_is_kept() -> None:
    shown = (TEMPLATES / "report.html.j2").read_text()
    titles = [*REMARKS.values(), *PATTERN_TITLES.values(), *PATTERN_LABELS.values()]
    assert not re.search(r"reject|fail(ed|ure)|nervous", " ".join([shown, *titles]), re.IGNORECASE)
    texts = re.sub(r"<!doctype|<!--|\{#.*?#\}|!=", "", shown)
    assert "!" not in texts
