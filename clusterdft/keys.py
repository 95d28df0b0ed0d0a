"""Hashes of content: the keys under which results are kept and found again."""

import hashlib
import json
from typing import Any


def content_hash(content: Any) -> str:
    """SHA-256 of values ready for JSON, whatever the order of the keys in their dicts.

    Parameters
    ----------
    content : anything that JSON takes
        Tuples count as lists. Numbers count with all their digits.

    Returns
    -------
    str
        64 hexadecimal digits; stores of all versions rely on them.
    """
    return text_hash(json.dumps(content, sort_keys=True))


def text_hash(text: str | bytes) -> str:
    """SHA-256 of a text in UTF-8, or of the bytes of a file; 64 hexadecimal digits."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()
