"""Tells what is pressed and typed until it is left: `python keys_program.py [ACTIONS] [--plain]`.

ACTIONS: what each key does, in JSON, in place of the interview's.
"""

from __future__ import annotations

import json
import sys
import termios
import time

from greenroom.keys import open_keys
from greenroom.plain_mode import plain_mode

plain = "--plain" in sys.argv
actions = [json.loads(each) for each in sys.argv[1:] if each != "--plain"]
before = termios.tcgetattr(0)
with plain_mode(plain), open_keys(sys.stderr, *actions) as keyboard:
    print("ready", keyboard.interactive, keyboard.by_words, termios.tcgetattr(0) == before, flush=True)
    pressed: list[str] = []
    while "quit" not in pressed:
        if (action := keyboard.poll()) == "type":
            print("typed:", keyboard.read_lines("go"), flush=True)
        elif action:
            pressed.append(action)
        time.sleep(0.01)
    print(*pressed, flush=True)
print("restored", termios.tcgetattr(0) == before, flush=True)
