from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from fake_portaudio import FakePortAudio

from greenroom.audio import devices, portaudio
from greenroom.errors import EXIT_NO_DEVICE, DeviceError


@pytest.fixture
def desk(fake: FakePortAudio) -> FakePortAudio:
    fake.add("HDA Intel: Speakers", 0, 2)
    fake.add("USB Headset", 1, 2, rate=44_100)
    fake.add("USB Headset Pro", 2, 2)
    fake.add("Webcam", 1, 0)
    fake.defaults = {"input": 3, "output": 0}
    return fake


def test_lists_what_portaudio_knows(desk: FakePortAudio) -> None:
    listed = devices.list_devices()
    assert [device.name for device in listed] == [entry["name"] for entry in desk.entries]
    assert listed[1] == devices.Device(1, "USB Headset", "ALSA", 1, 2, 44_100, False, False)
    assert [device.default_input for device in listed] == [False, False, False, True]
    assert [device.default_output for device in listed] == [True, False, False, False]


def test_no_devices(fake: FakePortAudio) -> None:
    assert devices.list_devices() == ()
    for find, called in ((devices.find_input, "microphone"), (devices.find_output, "loudspeaker")):
        for wanted in (None, "usb", "0"):
            with pytest.raises(DeviceError, match=f"no {called} was found") as caught:
                find(wanted)
            assert caught.value.status == EXIT_NO_DEVICE
            assert caught.value.hint


@pytest.mark.parametrize("wanted", [None, "", "  "])
def test_default(desk: FakePortAudio, wanted: str | None) -> None:
    assert devices.find_input(wanted).name == "Webcam"
    assert devices.find_output(wanted).name == "HDA Intel: Speakers"


def test_first_usable_where_the_system_names_no_default(desk: FakePortAudio) -> None:
    desk.defaults = {"input": -1, "output": -1}
    assert devices.find_input(None).index == 1
    assert devices.find_output(None).index == 0


@pytest.mark.parametrize(
    ("wanted", "index"), [("2", 2), ("webCAM", 3), ("pro", 2), ("usb headset", 1), ("USB Headset, alsa", 1)]
)
def test_number_or_part_of_a_name(desk: FakePortAudio, wanted: str, index: int) -> None:
    assert devices.find_input(wanted).index == index


def test_several_match(desk: FakePortAudio) -> None:
    with pytest.raises(DeviceError, match="several microphones match “usb”") as caught:
        devices.find_input("usb")
    assert [line.split()[0] for line in caught.value.details] == ["1", "2"]
    assert "number" in str(caught.value.hint)


@pytest.mark.parametrize("wanted", ["speakers", "0", "99", "nothing"])
def test_none_matches_lists_those_that_record(desk: FakePortAudio, wanted: str) -> None:
    with pytest.raises(DeviceError, match="no microphone is called") as caught:
        devices.find_input(wanted)
    assert [line.split()[0] for line in caught.value.details] == ["1", "2", "3"]


def test_one_device_under_two_interfaces_is_one(fake: FakePortAudio) -> None:
    long = "Microphone (Realtek High Definition Audio)"
    fake.add(long[:31], 2, 0, api=0)
    fake.add(long, 2, 0, api=1)
    assert devices.find_input("realtek").index == 0
    assert devices.find_input("realtek high definition audio").index == 1


def test_two_alike_are_two(fake: FakePortAudio) -> None:
    fake.add("USB mic", 1, 0)
    fake.add("USB mic", 1, 0)
    with pytest.raises(DeviceError, match="several"):
        devices.find_input("usb mic")


def test_rescan_starts_portaudio_anew(desk: FakePortAudio) -> None:
    assert len(devices.rescan()) == 4
    assert desk.scans == 2


def test_a_sound_server_that_is_being_started_again_is_one_error_and_found_the_next_time(
    desk: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise desk.PortAudioError("Error initializing PortAudio: Host error [PaErrorCode -9999]", -9999)

    with monkeypatch.context() as patch:
        patch.setattr(desk, "_initialize", fails)
        with pytest.raises(DeviceError, match=r"sound system cannot be used \(Host error\)"):
            devices.rescan()
        patch.setattr(desk, "query_hostapis", fails)
        with pytest.raises(DeviceError, match="sound system cannot be used"):
            devices.list_devices()
    monkeypatch.setattr(desk, "_terminate", fails)  # it did not start, so it cannot be ended
    assert len(devices.rescan()) == 4


def test_a_look_that_hangs_holds_up_nobody_who_needs_what_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portaudio, "_loaded", sys)
    loaded: list[object] = []
    with portaudio._loading:
        thread = threading.Thread(target=lambda: loaded.append(portaudio.load()), daemon=True)
        thread.start()
        thread.join(5)
        assert loaded == [sys]


MISSING_LIBRARY = """
import ctypes.util, sys
sys.modules["_sounddevice_data"] = None
ctypes.util.find_library = lambda name: None
from greenroom.audio.devices import list_devices
from greenroom.errors import DeviceError
try:
    list_devices()
except DeviceError as error:
    print(error.message, "|", error.hint)
"""


def test_library_missing() -> None:
    done = subprocess.run([sys.executable, "-c", MISSING_LIBRARY], capture_output=True, text=True, check=True)
    assert "PortAudio library" in done.stdout
    assert done.stdout.count("\n") == 1
    if sys.platform.startswith("linux"):
        assert "sudo apt-get install libportaudio2" in done.stdout


NOISY = """
import os, sys
from greenroom.audio import portaudio
def noisy():
    os.write(2, b"ALSA lib confmisc.c: cannot find card\\n")
    sys.modules["sounddevice"] = sys
portaudio._import_sounddevice = noisy
portaudio.load()
os.write(2, b"afterwards")
"""


def test_noise_of_the_start_is_kept_from_the_screen_and_nothing_else() -> None:
    done = subprocess.run([sys.executable, "-c", NOISY], capture_output=True, text=True, check=True)
    assert done.stderr == "afterwards"


def test_starts_without_a_stderr() -> None:
    code = (
        "import os; os.close(2); " + "from greenroom.audio.devices import list_devices; print(list_devices())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("(")


def test_a_device_is_one_line_with_its_marks() -> None:
    desk = devices.Device(3, "Desk set", "ALSA", 2, 2, 48_000, default_input=True, default_output=False)
    assert str(desk) == ">    3  Desk set (ALSA; default in, out)"
    monitor = devices.Device(12, "Monitor", "ALSA", 0, 2, 48_000, default_input=False, default_output=True)
    assert str(monitor) == " <  12  Monitor (ALSA; default out)"
