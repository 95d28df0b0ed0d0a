"""Content hashes: those of all versions, which stores rely on."""

import hashlib
import json

from clusterdft.keys import content_hash, text_hash


def test_the_hash_is_that_of_sorted_json():
    content = {"b": (1, 2.5), "a": {"d": None, "c": "Na"}}
    expected = '{"a": {"c": "Na", "d": null}, "b": [1, 2.5]}'
    assert json.loads(expected) == json.loads(json.dumps(content))
    assert content_hash(content) == hashlib.sha256(expected.encode()).hexdigest()


def test_the_order_of_keys_does_not_count_and_that_of_items_does():
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash([1, 2]) != content_hash([2, 1])


def test_every_digit_counts():
    assert content_hash([0.1]) != content_hash([0.1 + 1e-16 + 1e-17])


def test_text_and_its_bytes_have_one_hash():
    known = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"
    assert text_hash("hello") == text_hash(b"hello") == known
