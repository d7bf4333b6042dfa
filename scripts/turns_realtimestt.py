"""One answer through RealtimeSTT, beside greenroom: `turns_transcription` runs it with another Python.

    python turns_realtimestt.py '{"sound": FILE.flac, "weights": FOLDER, "speed": 1.0, "patience": 4.0, ...}'

That environment needs RealtimeSTT, faster-whisper and silero-vad, and no sound card. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time

import soundfile
from turns_process import MemoryWatch, processor_seconds

FRAME_SAMPLES = 512
RATE_HZ = 16_000


def feed(recorder: object, samples: object, speed: float) -> None:
    began = time.monotonic()
    for first in range(0, len(samples), FRAME_SAMPLES):
        time.sleep(max(0.0, began + first / RATE_HZ / speed - time.monotonic()))
        recorder.feed_audio(samples[first : first + FRAME_SAMPLES], RATE_HZ)


def main() -> None:
    from RealtimeSTT import AudioToTextRecorder

    task = json.loads(sys.argv[1])
    watch, decided = MemoryWatch(), list[float]()
    recorder = AudioToTextRecorder(
        model=task["weights"],
        transcription_engine="faster_whisper",
        language="en",
        device="cpu",
        compute_type="int8",
        beam_size=1,
        use_microphone=False,
        spinner=False,
        no_log_file=True,
        post_speech_silence_duration=task["patience"],
        # Begins to transcribe in the silence, as greenroom does; it is off unless asked for.
        early_transcription_on_silence=0.6,
        on_recording_stop=lambda: decided.append(time.monotonic()),
    )
    samples, _ = soundfile.read(task["sound"], dtype="int16")
    before = processor_seconds()
    threading.Thread(target=feed, args=(recorder, samples, task["speed"]), daemon=True).start()
    text = recorder.text()
    ready = time.monotonic()
    result = {
        "text": text,
        f"words_{task['patience']:g}": max(0.0, ready - decided[-1]) if decided else None,
        "processor": (processor_seconds() - before) / task["seconds"],
    }
    peak = watch.stop()
    print(json.dumps({**result, "memory_mb": peak and peak / 1e6}), flush=True)
    recorder.shutdown()


if __name__ == "__main__":
    main()
