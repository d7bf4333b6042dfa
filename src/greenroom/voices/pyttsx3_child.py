"""The process that speaks one text with pyttsx3 into a file, then ends. Started by pyttsx3_voice, by path.

A process of its own, because of what was seen with pyttsx3 2.99 on Linux: `runAndWait` returns before the
file is written; an engine that is collected wipes the callback of the next one (hence every second file is
empty); it prints to stdout; a hung engine cannot be stopped. On macOS it needs the main thread's run loop.

Standard library and pyttsx3 only: importing numpy would triple the time to start.
Reads a JSON object on stdin: text, path, rate (words a minute), voice (part of a name or id, or ""); or list
(true) and path, into which the English voices are then written.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

NO_VOICE = 4
"""Exit status: no voice matches, or none speaks English; stderr's last line says which there are."""

ESPEAK_VOICE = "gmw/en-us"

ESPEAK_RATE = 0.8
"""espeak-ng 1.52 reads interview questions at 1.25 times the words a minute it is asked for (measured: asked
135, heard 169; asked 165, heard 206)."""


def main() -> None:
    request = json.load(sys.stdin)
    # Python put this folder first: a module in it must not stand in for a package of the same name.
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != Path(__file__).resolve().parent]
    if sys.platform.startswith("linux"):
        load_bundled_espeak()
    from pyttsx3.engine import Engine

    engine = Engine()
    voices = engine.getProperty("voices")
    if request.get("list"):
        Path(request["path"]).write_text(json.dumps(english(voices)), encoding="utf-8")
        os._exit(0)
    voice = choose_voice(voices, request["voice"], engine.getProperty("voice"))
    if voice is None:
        print(", ".join(sorted(str(each.name) for each in voices)), file=sys.stderr)
        sys.exit(NO_VOICE)
    set_up(engine, voice, request["rate"])
    write(engine, request["text"], request["path"])
    # Not the ordinary way out: espeak can abort while the interpreter takes its callback down.
    sys.stdout.flush()
    os._exit(0)


def load_bundled_espeak() -> None:
    """Makes the espeak-ng library of espeakng_loader the one that pyttsx3 finds; else it takes the system's.

    pyttsx3 asks for libespeak-ng.so.1: a library of that name which is loaded already is the one it gets.
    """
    import ctypes

    with contextlib.suppress(ImportError, OSError, RuntimeError):
        import espeakng_loader

        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()


def choose_voice(voices: Sequence[Any], wanted: str, current: str | None) -> str | None:
    """The id of the voice to speak with, None if there is none.

    A wanted one is found by its whole id, name or language ("en-us"), else by a part of one of them. If none
    is wanted: espeak's American English, else the computer's own choice if it is English, else any English.
    """
    if wanted:
        return _first(voices, lambda voice: wanted.lower() in _names(voice)) or _first(
            voices, lambda voice: any(wanted.lower() in name for name in _names(voice))
        )
    english = [voice for voice in voices if _is_english(voice)]
    preferred = [voice for voice in english if voice.id == ESPEAK_VOICE]
    own = [voice for voice in english if voice.id == current]
    return _first(preferred + own + english)


def english(voices: Sequence[Any]) -> list[dict[str, str]]:
    """The id, name, language and gender of those that speak English; "" for what the engine does not know."""
    return [
        {
            "id": str(voice.id),
            "name": str(voice.name),
            "language": next((str(language) for language in voice.languages or ()), ""),
            "gender": _gender(voice),
        }
        for voice in voices
        if _is_english(voice)
    ]


def _gender(voice: Any) -> str:
    """Male, female, or "" for neither known: macOS writes VoiceGenderFemale, SAPI Female."""
    told = str(voice.gender or "").lower()
    return "female" if "female" in told else "male" if "male" in told else ""


def _first(voices: Sequence[Any], fits: Callable[[Any], bool] = bool) -> str | None:
    return next((str(voice.id) for voice in voices if fits(voice)), None)


def _names(voice: Any) -> list[str]:
    return [str(name).lower() for name in (voice.id, voice.name, *(voice.languages or ()))]


def _is_english(voice: Any) -> bool:
    """Whether it speaks English; SAPI voices may leave the language to their name."""
    languages = [str(language).lower() for language in voice.languages or ()]
    if any(language.startswith("unknown") for language in languages) or not languages:
        return "english" in str(voice.name).lower()
    return any(language.startswith("en") for language in languages)


def set_up(engine: Any, voice: str, rate_wpm: int) -> None:
    """Sets the voice and the words a minute to be heard, pauses included."""
    if engine.driver_name == "espeak":
        set_up_espeak(voice, round(rate_wpm * ESPEAK_RATE))
    else:
        engine.setProperty("voice", voice)
        engine.setProperty("rate", rate_wpm)


def set_up_espeak(voice: str, rate: int) -> None:
    """Past the engine's queue, whose end cancels whatever espeak's own thread has not come to yet.

    Through the queue, 5 in 1000 texts on a busy computer were spoken at the driver's 200 words a minute.
    """
    from pyttsx3.drivers import _espeak
    from pyttsx3.drivers.espeak import EspeakDriver

    EspeakDriver.setProperty("voice", voice)
    EspeakDriver.setProperty("rate", rate)
    _espeak.Synchronize()


def write(engine: Any, text: str, path: str) -> None:
    """Speaks `text` into the file `path` and waits until it is complete."""
    finished = threading.Event()
    engine.connect("finished-utterance", lambda **_: finished.set())
    engine.save_to_file(text, path)
    engine.runAndWait()
    if engine.driver_name == "espeak":
        # Its synthesis runs in a thread of its own and may still be at work. Whoever started this process
        # ends it if that takes too long.
        finished.wait()


if __name__ == "__main__":
    main()
