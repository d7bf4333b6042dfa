"""Names for folders, files and questions, made of what a person calls them."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str) -> str:
    """Small letters, digits and hyphens, an accent left out: "Zürich, 2nd round" gives "zurich-2nd-round".

    "" where nothing is left.
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
