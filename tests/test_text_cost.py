"""What people type costs a time that grows with its length, whatever it is made of.

Regular expressions work out of sight of any profiler, so that time is measured: once where it is
short, and compared to that of an eighth of the text where it is not. A square costs 64 times as
much for 8 times the length; a reader may cost 24 times as much, for the machines that are busy.
"""

import contextlib
import re
import time

import pytest

from tests.text_readers import PATTERNS, READERS

LENGTH = 12_000  # signs; a square with a step of a nanosecond then takes 0.1 second
SHORT = 0.03  # seconds of processor that are nothing to worry about
MOST = 24  # times, for 8 times the length


def grows_too_fast(reader, pattern: str) -> str:
    """What was measured when `reader` costs more than in proportion; empty when it does not."""
    # The last sign is another one, where a reader that looks for an end begins again.
    whole, eighth = (pattern * (length // len(pattern)) + "x" for length in (LENGTH, LENGTH // 8))
    if _cost(reader, whole) < SHORT:
        return ""
    long, short = (min(_cost(reader, text) for _ in range(3)) for text in (whole, eighth))
    if long < SHORT or long < MOST * short:
        return ""
    return f"{pattern!a}: {short:.4f} s, then {long:.4f} s"


def _cost(reader, text: str) -> float:
    """Seconds of this thread, whatever the reader says of the text."""
    begun = time.thread_time()
    with contextlib.suppress(Exception):  # many refuse what is no address, day or table
        reader(text)
    return time.thread_time() - begun


@pytest.mark.parametrize("name", READERS)
def test_eight_times_as_long_costs_about_eight_times(name):
    found = [grows_too_fast(READERS[name], pattern) for pattern in PATTERNS]
    assert list(filter(None, found)) == []


@pytest.mark.parametrize(
    ("reader", "pattern"),
    [
        (re.compile(r"\s+$").search, " "),
        (re.compile(r"<a .*?>").findall, "<a "),
        (re.compile("(?:a|b)*c").search, "a"),
    ],
    ids=["spaces", "tags", "letters"],
)
def test_a_square_is_told(reader, pattern):
    assert grows_too_fast(reader, pattern)
