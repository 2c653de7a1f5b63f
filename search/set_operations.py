"""Which documents hold the words looked for, as sets of `Memory`."""

from search.scope import Way
from search.snapshot import Held, Memory, any_of


def held(ways: tuple[Way, ...], known: Memory) -> Held:
    """The documents that hold one word, said in any of these ways: all stems of one of them."""
    return Held(*(any_of(level) for level in zip(*(_way(way, known) for way in ways), strict=True)))


def either(one: Held, other: Held) -> Held:
    """The documents that hold one word or the other."""
    return Held(*(first | second for first, second in zip(one, other, strict=True)))


def _way(way: Way, known: Memory) -> Held:
    return Held(*(every(level) for level in zip(*map(known.held, way), strict=True)))


def every(sets) -> int:
    """What these sets have in common; there is at least one."""
    first, *others = sets
    for bits in others:
        first &= bits
    return first


def at_least(need: int, sets: list[int]) -> int:
    """What `need` of these sets have in common."""
    reached = [0] * (need + 1)
    for bits in sets:
        for count in range(need, 1, -1):
            reached[count] |= reached[count - 1] & bits
        reached[1] |= bits
    return reached[need]
