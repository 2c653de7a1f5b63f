"""What a search found: a set of documents and an order; only what is shown is put in a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from django.utils.safestring import SafeString

from search.analyzer import Variant
from search.contract import Facet, Query
from search.embedded.facet_counts import facet_counts
from search.embedded.set_operations import intersection
from search.embedded.snapshot import Snapshot
from search.embedded.snippets import snippets


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
    """The results of a query (see `contract.Results`).

    `matches` is the set of the documents of `snapshot` that match its text; `order` holds at least
    their positions, the best first. Snippets mark `stems`, and `phrases` of stems.
    """

    query: Query = field(default_factory=Query)
    snapshot: Snapshot = field(default_factory=Snapshot, repr=False)
    matches: int = 0
    order: Sequence[int] = ()
    stems: frozenset[str] = frozenset()
    phrases: frozenset[Variant] = frozenset()
    corrected_query: str = ""
    partial: bool = False
    degraded: bool = False

    @cached_property
    def _filters(self) -> dict[str, int]:
        """Facet -> the documents that have one of the values asked for."""
        return {
            facet: self.snapshot.labelled(f"{facet}:{value}" for value in values)
            for facet, values in self.query.filters.items()
        }

    def _filtered(self, *, ignoring: str = "") -> int:
        filters = (bits for facet, bits in self._filters.items() if facet != ignoring)
        return intersection([self.matches, *filters])

    @cached_property
    def ids(self) -> RankedIds:
        return RankedIds(self.snapshot, self._filtered(), self.order)

    @property
    def total(self) -> int:
        return len(self.ids)

    @property
    def matching(self) -> int:
        return self.matches.bit_count()

    @cached_property
    def facets(self) -> dict[str, Facet]:
        filtered = [facet for facet in self.query.facets if facet in self._filters]
        others = [facet for facet in self.query.facets if facet not in self._filters]
        return self._count(others, self._filtered()) | {
            name: facet
            for one in filtered
            for name, facet in self._count([one], self._filtered(ignoring=one)).items()
        }

    def _count(self, facets: Iterable[str], documents: int) -> dict[str, Facet]:
        total, counts = documents.bit_count(), facet_counts(documents, self.snapshot, list(facets))
        return {facet: Facet(total, counts[facet]) for facet in facets}

    def snippets(self, page_ids: list[int]) -> dict[int, SafeString]:
        if not self.stems and not self.phrases:
            return {}
        return snippets(page_ids, self.stems, self.phrases)
