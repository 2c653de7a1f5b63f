"""What a search found: a set of documents and an order; only what is shown is put in a list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from search.scope import Variant
from search.snapshot import Snapshot


class RankedIds:
    """The page ids of a set of documents, in order; a slice costs what it shows."""

    def __init__(self, snapshot: Snapshot, bits: int, order: Sequence[int]):
        self._snapshot, self._bits, self._order = snapshot, bits, order

    def __len__(self) -> int:
        return self._bits.bit_count()

    def __getitem__(self, index: slice) -> list[int]:
        members = self._snapshot.mask(self._bits)
        positions = islice(filter(members.__getitem__, self._order), index.start, index.stop)
        return [self._snapshot.rows[position].page_id for position in positions]


@dataclass(frozen=True)
class Results:
    """The documents found, and how.

    `bits` is a set of documents of `snapshot`; `order` holds at least their positions, the best
    first. `stems`, and `phrases` of stems, are what snippets mark. `partial`: pages may lack a
    word. `degraded`: the index is damaged, and only titles were searched.
    """

    bits: int = 0
    order: Sequence[int] = ()
    snapshot: Snapshot = field(default_factory=Snapshot, compare=False, repr=False)
    stems: frozenset[str] = frozenset()
    phrases: frozenset[Variant] = frozenset()
    corrected_query: str = ""
    partial: bool = False
    degraded: bool = False

    def ids(self, among: int = -1) -> RankedIds:
        """The pages found, in order; of them, those of the set `among`."""
        return RankedIds(self.snapshot, self.bits & among, self.order)
