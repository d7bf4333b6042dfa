"""Checking the sound before an interview: what arrives, how loud, how clean, and what to do about it."""
