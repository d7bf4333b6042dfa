"""Prosody: what the sound of an answer tells besides its words; filled pauses, silences, pace and voice.

`listen` is the way in.
"""
