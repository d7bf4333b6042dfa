"""Sound in and out: files, devices, the microphone, the loudspeaker, and the answer's recording on disk."""
