"""greenroom: a voice-based live mock interviewer that runs entirely on this computer."""

import os
import sysconfig

__version__ = "0.1.0"

# Threads that have nothing to do shall sleep, not spin. OpenMP libraries read this once, when the first of
# them is loaded (by the voice activity detector, long before Whisper): so before anything else is imported.
# Spinning made the demo interview take 191 s of processor time instead of 30 s (docs/measurements.md).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# NumPy's products here are small: in two threads they wait for each other, and for the learned scorer beside
# them (450 words are read in 65 ms with one thread, in 94 with two; docs/measurements.md). Elsewhere than on
# x86 PyTorch multiplies with OpenBLAS too, and Whisper needs its threads.
if sysconfig.get_platform().endswith(("x86_64", "amd64")):  # platform.machine() asks Windows at length
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# ONNX Runtime, which runs the learned scorer, reports to its maker some seconds after it was loaded, unless
# this is set before it is imported (seen with 1.31.1, and also after its disable_telemetry_events()). What is
# started from here inherits it.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
