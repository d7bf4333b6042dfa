"""The bands, and the profiles that differ from them."""

from __future__ import annotations

import pytest

from greenroom.analysis.bands import load_bands, load_profile
from greenroom.analysis.lexicon import read_toml
from greenroom.records import PROFILES

USUAL = load_bands()


@pytest.mark.parametrize(
    ("measure", "value", "name"),
    [
        ("speech_rate", 99.9, "very slow"),
        ("speech_rate", 100, "slow"),
        ("speech_rate", 119.9, "slow"),
        ("speech_rate", 120, "good"),
        ("speech_rate", 180, "good"),
        ("speech_rate", 181, "brisk"),
        ("speech_rate", 200, "brisk"),
        ("speech_rate", 201, "fast"),
        ("fillers", 2, "very clean"),
        ("fillers", 5, "fine"),
        ("fillers", 5.1, "noticeable"),
        ("fillers", 11.9, "work on it"),
        ("fillers", 12, "harmful"),
        ("first_word", 4.0, "fine"),
        ("first_word", 8.1, "long"),
        ("hedges", 2.6, "many"),
        ("snr", 14.9, "drowned"),
        ("snr", 20, "good"),
        ("pitch_sd", 1.6, "narrow"),
    ],
)
def test_band_edges(measure: str, value: float, name: str) -> None:
    assert USUAL.name(measure, value) == name


def test_only_what_could_be_measured_has_a_band() -> None:
    assert USUAL.named({"speech_rate": 150.0, "articulation_rate": None}) == {"speech_rate": "good"}


def test_a_lower_bound_shows_that_there_are_many_and_never_that_there_are_few() -> None:
    assert USUAL.named({"fillers": 0.0, "speech_rate": 150.0}, ["fillers"]) == {"speech_rate": "good"}
    assert USUAL.named({"fillers": 9.0}, ["fillers"]) == {"fillers": "work on it"}


def test_what_is_within_the_usual_is_not_remarked_on() -> None:
    assert USUAL.remarkable({"speech_rate": "brisk", "fillers": "noticeable", "long_pauses": "watch"}) == ()


def test_what_listeners_mind_most_comes_first() -> None:
    names = {"clipping": "clipped", "hedges": "many", "fillers": "harmful"}
    assert USUAL.remarkable(names) == ("fillers.harmful", "hedges.many", "clipping.clipped")


def test_a_rate_of_two_is_chance() -> None:
    assert USUAL.remarkable({"hedges": "many"}, {"hedges": 2}) == ()
    assert USUAL.remarkable({"hedges": "many", "snr": "drowned"}, {"hedges": 3}) == (
        "hedges.many",
        "snr.drowned",
    )


def test_every_remark_is_on_a_band_that_exists() -> None:
    known = {f"{name}.{band.name}" for name, measure in USUAL.measures.items() for band in measure.bands}
    assert set(USUAL.remarks) <= known


def test_every_measure_and_profile_names_its_source_and_its_edges_rise() -> None:
    for profile in PROFILES:
        assert load_profile(profile).source
        bands = load_bands(profile)
        for measure in (*(m.bands for m in bands.measures.values()), bands.pauses.classes):
            edges = [band.below for band in measure]
            assert edges == sorted(set(edges))
            assert edges[-1] == float("inf")
    assert all(measure.source and measure.measure for measure in USUAL.measures.values())


def test_a_profile_keeps_the_names_of_the_bands() -> None:
    """Rubric and coach know bands by name."""
    for profile in PROFILES:
        for name, measure in load_bands(profile).measures.items():
            assert [band.name for band in measure.bands] == [band.name for band in USUAL.measures[name].bands]


def test_a_profile_is_never_stricter() -> None:
    slow, fast = 95.0, 210.0
    assert USUAL.name("speech_rate", slow) == "very slow"
    assert load_bands("second-language").name("speech_rate", slow) == "slow"
    assert load_bands("second-language").name("speech_rate", fast) == "fast"
    assert load_bands("stutter").named({"speech_rate": slow, "snr": 10.0}) == {"snr": "drowned"}


def test_the_profiles_are_those_of_the_records() -> None:
    assert tuple(read_toml("lexicons", "profiles.toml")) == PROFILES
    with pytest.raises(KeyError):
        load_bands("perfect")
