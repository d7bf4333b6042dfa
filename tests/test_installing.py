"""The line that installs a package: for this Python, and for every system's shells."""

from __future__ import annotations

import sys

import pytest

from greenroom.installing import install_line


@pytest.mark.parametrize(
    ("python", "line"),
    [
        ("/home/ann/.venv/bin/python", "/home/ann/.venv/bin/python -m pip install pyttsx3"),
        ("/home/ann/my programs/python", '"/home/ann/my programs/python" -m pip install pyttsx3'),
        (r"C:\Users\Ann\python.exe", r"C:\Users\Ann\python.exe -m pip install pyttsx3"),
        ("", "python -m pip install pyttsx3"),  # a program that holds Python inside it
    ],
)
def test_it_is_for_this_python(python: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", python)
    assert install_line("pyttsx3") == line


def test_brackets_are_quoted() -> None:
    assert install_line("greenroom[piper]") == f'{install_line()} "greenroom[piper]"'


def test_what_is_damaged_is_installed_again() -> None:
    assert install_line("one==1.0", "two", again=True) == f"{install_line()} --force-reinstall one==1.0 two"
