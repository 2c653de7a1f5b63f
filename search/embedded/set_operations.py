"""Sets of documents, as whole numbers with one bit a document: union, intersection, thresholds."""

from collections.abc import Iterable

from search.analyzer import Variant
from search.embedded.snapshot import Postings, Snapshot, union


def postings_of(variants: tuple[Variant, ...], snapshot: Snapshot) -> Postings:
    """The documents that hold a term in any of its variants: all the stems of one of them."""
    each = (_variant_postings(variant, snapshot) for variant in variants)
    return Postings(*(union(level) for level in zip(*each, strict=True)))


def merge(one: Postings, other: Postings) -> Postings:
    """The documents that hold one word or the other."""
    return Postings(*(first | second for first, second in zip(one, other, strict=True)))


def _variant_postings(variant: Variant, snapshot: Snapshot) -> Postings:
    each = map(snapshot.postings, variant)
    return Postings(*(intersection(level) for level in zip(*each, strict=True)))


def intersection(sets: Iterable[int]) -> int:
    """What these sets have in common; there is at least one."""
    first, *others = sets
    for bits in others:
        first &= bits
    return first


def at_least(count: int, sets: list[int]) -> int:
    """What is in at least `count` of these sets."""
    reached = [0] * (count + 1)
    for bits in sets:
        for number in range(count, 1, -1):
            reached[number] |= reached[number - 1] & bits
        reached[1] |= bits
    return reached[count]
