"""What a search found: a set of documents and an order; only what is shown is put in a list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from search.scope import Way
from search.snapshot import Memory


class Listed:
    """The numbers of the pages of a set, in order; a slice costs what it shows."""

    def __init__(self, known: Memory, bits: int, order: Sequence[int]):
        self._known, self._bits, self._order = known, bits, order

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __getitem__(self, asked: slice) -> list[int]:
        shown = self._known.mask(self._bits)
        places = islice(filter(shown.__getitem__, self._order), asked.start, asked.stop)
        return [self._known.rows[place].page_id for place in places]


@dataclass(frozen=True)
class Found:
    """The documents found, and how: what was mended, whether pages may lack a word, a broken index.

    `phrases` are stems that were looked for one after the other.

    `bits` is a set of `known`, the memory that it was found in; `order` holds at least its places,
    the best first.
    """

    bits: int = 0
    order: Sequence[int] = ()
    known: Memory = field(default_factory=Memory, compare=False, repr=False)
    stems: frozenset[str] = frozenset()
    phrases: frozenset[Way] = frozenset()
    mended: str = ""
    partial: bool = False
    degraded: bool = False

    def ids(self, among: int = -1) -> Listed:
        """The pages found, in order; of them, those of the set `among`."""
        return Listed(self.known, self.bits & among, self.order)
