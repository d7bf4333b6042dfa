"""Voices, engines, weights, the detector and the readers of answers: each is really used, not only found."""

from __future__ import annotations

import time
from collections.abc import Iterator

from greenroom.config import PracticeSettings
from greenroom.demo import demo_recordings
from greenroom.errors import EXIT_NO_MODEL, ModelError, UserError
from greenroom.transcription import ENGINES, find_engine
from greenroom.transcription.weight_files import MODELS, PACKAGES, Weights, check_hash, find, find_all
from greenroom.voices import AUTO, VOICES, load_voice

from .findings import Finding, cures, the_same

VOICES_GROUP, ENGINES_GROUP, READERS_GROUP = "Voices", "Engines and weights", "Readers of answers"

WORD = "Ready."
"""What each voice has to say. It is rendered, not played."""


def examine_voices(settings: PracticeSettings) -> Iterator[Finding]:
    """Each voice that makes sound; only the chosen one has to work."""
    wanted = "silent" if settings.quiet else settings.voice
    if wanted == AUTO:
        wanted = load_voice(AUTO).name
    if wanted.partition(":")[0] not in VOICES:
        told = f"there is no voice of this name; there are: {', '.join(VOICES)}"
        yield Finding(
            VOICES_GROUP, wanted, "missing", told, cures("another-voice", name="pyttsx3"), EXIT_NO_MODEL
        )
    for name in VOICES:
        if name != "silent":
            chosen = name == wanted.partition(":")[0]
            yield _voice(wanted if chosen else name, chosen=chosen)


def _voice(name: str, *, chosen: bool) -> Finding:
    began = time.monotonic()
    try:
        clip = load_voice(name).render(WORD)
    except UserError as error:
        told = " ".join((error.message, *error.details))
        cure = cures("voice") if name == "pyttsx3" else the_same(error.hint or "greenroom models")
        return Finding(VOICES_GROUP, name, "missing", told, cure, EXIT_NO_MODEL if chosen else None)
    if clip is None:
        return Finding(VOICES_GROUP, name, "look here", "it makes no sound", cures("voice"))
    took = time.monotonic() - began
    told = f'said "{WORD}" in {clip.seconds:.1f} s of sound, ready after {took:.1f} s'
    return Finding(VOICES_GROUP, name, "ok", told)


def examine_engines(settings: PracticeSettings) -> Iterator[Finding]:
    """Engines, and all weights that are here with their hashes checked (0.2 s for base)."""
    for name in ENGINES:
        yield _engine(name, chosen=name == settings.engine)
    chosen = _chosen(settings)
    if isinstance(chosen, Finding):
        yield chosen
    elif chosen.published_sha256() is None:
        told = f"{_size(chosen)} in {chosen.folder}; nobody publishes its hash, so it is not checked"
        yield Finding(ENGINES_GROUP, chosen.name, "ok", told)
    for weights in (each for name in MODELS for each in find_all(name)):
        yield _checked(weights, chosen=weights == chosen)


def _engine(name: str, *, chosen: bool) -> Finding:
    try:
        find_engine(name)
    except UserError as error:
        told = error.message if chosen else "not installed; not needed, it is a second engine"
        stops = EXIT_NO_MODEL if chosen else None
        return Finding(ENGINES_GROUP, name, "missing", told, the_same(error.hint or ""), stops)
    return Finding(ENGINES_GROUP, name, "ok", "installed" + (", chosen" if chosen else ""))


def _chosen(settings: PracticeSettings) -> Weights | Finding:
    try:
        return find(settings.model, find_engine(settings.engine).layouts)
    except UserError as error:
        cure = cures("weights", hint=error.hint or "greenroom models")
        return Finding(ENGINES_GROUP, settings.model, "missing", error.message, cure, EXIT_NO_MODEL)


def _checked(weights: Weights, *, chosen: bool) -> Finding:
    name = f"{weights.name}, chosen" if chosen else weights.name
    try:
        digest = check_hash(weights)
    except ModelError as error:
        stops = EXIT_NO_MODEL if chosen else None
        cure = cures("weights", hint=error.hint or "greenroom models")
        return Finding(ENGINES_GROUP, name, "look here", error.message, cure, stops)
    if weights.source == "package":
        where = f"the installed package {PACKAGES[weights.name].files[0][0]}"
    else:
        where = str(weights.folder)
    told = f"{_size(weights)} in {where}; SHA-256 {digest[:12]}…, as published"
    return Finding(ENGINES_GROUP, name, "ok", told)


def _size(weights: Weights) -> str:
    return f"{weights.size_bytes / 1e6:,.0f} MB"


def examine_readers(settings: PracticeSettings) -> Iterator[Finding]:
    """The detector of speech and the analysis, tried on what comes with greenroom; takes about 5 s."""
    yield _detector(settings.vad)
    yield _analysis()


def _detector(name: str) -> Finding:
    from greenroom.audio.clip import load_clip
    from greenroom.listening.voice_activity import load_detector, speech_intervals

    try:
        detector = load_detector(name)
        speech = speech_intervals(load_clip(demo_recordings()[1]), detector)
    # Whatever a library raises is what a doctor has to tell.
    except Exception as error:
        return _broken("speech detector", error)
    seconds = sum(end - start for start, end in speech)
    if not speech:
        told = f"{detector.name} heard no speech in a recording of it"
        return Finding(READERS_GROUP, "speech detector", "look here", told, cures("analysis"), EXIT_NO_MODEL)
    told = f"{detector.name}; heard {seconds:.0f} s of speech in a bundled recording"
    return Finding(READERS_GROUP, "speech detector", "ok", told)


def _analysis() -> Finding:
    began = time.monotonic()
    try:
        from greenroom.analysis import Analyzer

        Analyzer()  # reads an answer of its own to begin with: parser, rules and scorer
    except Exception as error:
        return _broken("analysis", error)
    told = f"parser, rules and scorer read an answer, {time.monotonic() - began:.1f} s with loading"
    return Finding(READERS_GROUP, "analysis", "ok", told)


def _broken(name: str, error: Exception) -> Finding:
    told = f"does not work: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return Finding(READERS_GROUP, name, "missing", told, cures("analysis"), EXIT_NO_MODEL)
