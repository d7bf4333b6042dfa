"""Each diagnosis from made sound: that it is made where it is so, and none where all is well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_rooms import SAMPLE_RATE_HZ, Samples, at_db, jfk, laid_in, narrowed, noise, ours, overdriven, theirs

from greenroom.audio.devices import Device
from greenroom.checking.advice import SYSTEMS, advice_for, advice_here
from greenroom.checking.diagnosis import Diagnosis, Measured, diagnose, with_fault
from greenroom.checking.levels import hear_quiet, hear_speech
from greenroom.checking.loudspeaker_echo import Echo, echo_of
from greenroom.errors import DeviceError
from greenroom.listening.voice_activity import load_detector
from greenroom.records import Clip

ZEROS = np.zeros(5 * SAMPLE_RATE_HZ, dtype=np.float32)
ROOM_DB = -65.0


def microphone(name: str = "USB Mic", rate: int = 48_000) -> Device:
    return Device(0, name, "ALSA", 1, 0, rate, default_input=True, default_output=False)


def measured(spoken: Samples, room: Samples | None = None, **more: object) -> Measured:
    """A whole check in which this was heard where the person should speak, and that where they should not."""
    detector = load_detector()
    quiet = noise(ROOM_DB, 2.0, seed=2) if room is None else room
    found = Measured(
        microphone=microphone(),
        room=hear_quiet(Clip(quiet), detector),
        speech=hear_speech(Clip(spoken), detector),
        understood="I had toast.",
    )
    return replace(found, **more)  # type: ignore[arg-type]


def in_a_room(spoken: Samples, db: float = ROOM_DB) -> Samples:
    return laid_in(noise(db), (0.0, spoken)).samples


def kinds(found: Measured) -> list[str]:
    return [each.kind for each in diagnose(found)]


def the_only(found: Measured) -> Diagnosis:
    (only,) = diagnose(found)
    return only


@pytest.mark.parametrize("voice", [ours, theirs])
@pytest.mark.parametrize("db", [-35.0, -26.0, -18.0])
def test_a_voice_at_a_usual_level_in_a_quiet_room_is_well(voice, db: float) -> None:
    assert diagnose(measured(in_a_room(at_db(voice(), db)))) == ()


def test_zeros_are_a_mute_or_a_permission() -> None:
    told = the_only(measured(ZEROS, ZEROS[: 2 * SAMPLE_RATE_HZ], understood=None))
    assert (told.kind, told.weight) == ("all_zeros", "in the way")
    assert "zeros" in told.message


def test_zeros_in_silence_are_a_noise_gate_and_no_fault() -> None:
    found = measured(in_a_room(ours()), ZEROS[: 2 * SAMPLE_RATE_HZ])
    assert diagnose(found) == ()
    assert found.snr_db == 60.0


def test_zeros_from_a_microphone_that_heard_the_loudspeaker_are_a_person_who_said_nothing() -> None:
    found = measured(ZEROS, echo=Echo(True, -80.0), understood=None)
    assert the_only(found).kind == "no_speech"


@pytest.mark.parametrize("db", [-75.0, -90.0])
def test_next_to_nothing_is_the_wrong_microphone(db: float) -> None:
    told = the_only(measured(noise(db), noise(db, 2.0), understood=None))
    assert (told.kind, told.weight) == ("very_quiet", "in the way")


def test_a_faint_voice_is_quiet_and_not_in_the_way() -> None:
    told = the_only(measured(in_a_room(at_db(theirs(), -50.0), -85.0), noise(-85.0, 2.0)))
    assert (told.kind, told.weight) == ("very_quiet", "look here")
    assert "-50 dB" in told.message


def test_noise_alone_is_no_voice() -> None:
    told = the_only(measured(noise(-40.0), noise(-40.0, 2.0), understood=None))
    assert (told.kind, told.weight) == ("no_speech", "in the way")


@pytest.mark.parametrize("voice", [ours, theirs, jfk])
def test_a_voice_that_is_cut_off_is_too_loud(voice) -> None:
    told = the_only(measured(overdriven(voice(), 9.0)))
    assert (told.kind, told.weight) == ("clipping", "look here")


@pytest.mark.parametrize("voice", [ours, theirs, jfk])
def test_a_voice_through_8_khz_is_a_headsets_call_profile(voice) -> None:
    assert the_only(measured(narrowed(in_a_room(voice())))).kind == "headset_profile"


@pytest.mark.parametrize(
    ("name", "rate"),
    [
        ("Headset (WH-1000XM4 Hands-Free AG Audio)", 16_000),
        ("bluez_input.AA_BB.headset-head-unit", 44_100),
        ("Zoe's AirPods Pro", 24_000),
        ("Car", 8_000),
    ],
)
def test_a_headsets_call_profile_is_known_by_its_name_or_its_rate(name: str, rate: int) -> None:
    told = the_only(measured(in_a_room(ours()), microphone=microphone(name, rate)))
    assert told.kind == "headset_profile"
    assert name in told.message
    narrow = measured(narrowed(in_a_room(ours())), microphone=microphone(name, rate))
    assert kinds(narrow) == ["headset_profile"]  # told once


@pytest.mark.parametrize("name", ["USB Headset", "HD Webcam C270", "Built-in Microphone", "default"])
def test_other_names_and_16_khz_are_no_bluetooth(name: str) -> None:
    assert diagnose(measured(in_a_room(ours()), microphone=microphone(name, 16_000))) == ()


@pytest.mark.parametrize("name", ["Monitor of Built-in Audio", "Stereo Mix (Realtek)", "BlackHole 2ch"])
def test_what_records_the_loudspeaker_is_no_microphone(name: str) -> None:
    assert the_only(Measured(microphone=microphone(name))).kind == "loopback"


@pytest.mark.parametrize(("snr", "told"), [(25.0, None), (17.5, "It is too noisy"), (10.0, "far too noisy")])
def test_noise_is_told_by_how_far_the_voice_stands_out(snr: float, told: str | None) -> None:
    db = -26.0 - snr
    found = measured(in_a_room(ours(), db), noise(db, 2.0, seed=2))
    assert (told is None) == (diagnose(found) == ())
    if told is not None:
        assert the_only(found).kind == "noise"
        assert told in the_only(found).message


def test_a_voice_in_the_room_is_told_and_no_noise_measured_from_it() -> None:
    assert kinds(measured(in_a_room(ours()), in_a_room(theirs())[: 2 * SAMPLE_RATE_HZ])) == ["other_voices"]


@pytest.mark.parametrize("late", [0.05, 0.3])
@pytest.mark.parametrize(("fainter", "told"), [(0.0, True), (15.0, True), (36.0, False)])
def test_an_echo_is_told_where_it_is_loud_enough_to_matter(late: float, fainter: float, told: bool) -> None:
    played = (ours() * 10 ** (-fainter / 20)).astype(np.float32)
    echo = echo_of(Clip(ours()), laid_in(noise(-80.0, 6.5), (0.6 + late, played)), 0.6)
    assert echo.found
    assert kinds(measured(in_a_room(theirs()), echo=echo)) == (["echo"] if told else [])
    assert kinds(Measured(echo=echo)) == (["echo"] if told else [])  # also before anybody has spoken


def test_another_voice_is_no_echo() -> None:
    echo = echo_of(Clip(ours()), laid_in(noise(-65.0, 6.5), (0.6, jfk())), 0.6)
    assert diagnose(measured(in_a_room(theirs()), echo=echo)) == ()


def test_nothing_understood_and_lost_sound_and_an_unheard_loudspeaker_are_told() -> None:
    spoken = in_a_room(ours())
    assert kinds(measured(spoken, understood="  ")) == ["not_understood"]
    assert kinds(measured(spoken, complete=False)) == ["holes"]
    assert kinds(measured(spoken, unheard=True)) == ["unheard"]


@pytest.mark.parametrize(
    ("kind", "weight"),
    [
        ("no_microphone", "in the way"),
        ("busy", "in the way"),
        ("nothing_arrives", "in the way"),
        ("lost", "in the way"),
        ("no_model", "in the way"),
        ("no_loudspeaker", "look here"),
        ("loudspeaker_fails", "look here"),
        ("no_voice", "look here"),
    ],
)
def test_a_fault_is_told_as_a_sentence_and_by_what_it_keeps_from(kind: str, weight: str) -> None:
    told = the_only(with_fault(Measured(), kind, DeviceError("something is missing")))
    assert (told.kind, told.weight, told.message) == (kind, weight, "Something is missing.")
    assert advice_here(kind)


def test_what_is_in_the_way_comes_first() -> None:
    found = with_fault(
        with_fault(Measured(), "no_loudspeaker", DeviceError("none")), "busy", DeviceError("busy")
    )
    assert kinds(found) == ["busy", "no_loudspeaker"]


ALL = (
    *("no_microphone", "busy", "nothing_arrives", "lost", "no_model", "all_zeros", "very_quiet", "no_speech"),
    *(
        "clipping",
        "headset_profile",
        "loopback",
        "noise",
        "other_voices",
        "echo",
        "unheard",
        "no_loudspeaker",
    ),
    *("loudspeaker_fails", "no_voice", "not_understood", "holes"),
)


@pytest.mark.parametrize("kind", ALL)
def test_each_diagnosis_says_what_to_do_on_each_system_in_one_line(kind: str) -> None:
    advice = advice_for(kind)
    assert tuple(advice) == SYSTEMS
    assert all(line and "\n" not in line and len(line) <= 150 for line in advice.values())


@pytest.mark.parametrize(
    ("platform", "system"), [("linux", 0), ("darwin", 1), ("win32", 2), ("freebsd14", 0)]
)
def test_only_the_line_of_this_system_is_shown(
    monkeypatch: pytest.MonkeyPatch, platform: str, system: int
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    assert advice_here("all_zeros") == advice_for("all_zeros")[SYSTEMS[system]]
    assert len(set(advice_for("all_zeros").values())) == 3
