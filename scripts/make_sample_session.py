"""Makes recordings/sample anew: the demo candidate's interview, as `greenroom practice` keeps it.

To be run when rules, models or the demo have changed and the change is wanted; tests/test_sample_session.py
compares. .venv/bin/python scripts/make_sample_session.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "recordings" / "sample"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                *(sys.executable, "-m", "greenroom", "practice", "--candidate", "demo", "--seed", "1"),
                *("--recordings", folder),
            ],
            check=True,
            stdin=subprocess.DEVNULL,
        )
        (session,) = Path(folder).iterdir()
        shutil.rmtree(SAMPLE, ignore_errors=True)
        shutil.copytree(session, SAMPLE)
    print(SAMPLE)


if __name__ == "__main__":
    main()
