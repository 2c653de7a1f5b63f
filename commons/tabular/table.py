"""Find the header row of a table and pair each cell with its header."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

Row = tuple[int, list[str]]  # line of the file, counted from 1; its cells
Pairs = list[tuple[str, str]]  # header and cell; two headers may be the same, or empty
FIRST = 30  # lines among which the header is looked for


class Table(NamedTuple):
    """What a file holds: `pairs` of each row keep every cell that says something."""

    header: list[str]
    rows: list[tuple[int, Pairs]]
    above: list[str]  # what stands above the header: a title, a date
    even: float = 1.0  # share of the rows that are as long as the header


def below_header(rows: Iterable[Row], *, is_header: Callable[[str], bool]) -> Table | None:
    """The table below the first line with two cells (else one) that `is_header` accepts."""
    rows = list(rows)
    header_counts = [sum(map(is_header, cells)) for _line, cells in rows[:FIRST]]
    required = min(max(header_counts, default=0), 2)
    if not required:
        return None
    at = next(index for index, number in enumerate(header_counts) if number >= required)
    header = [cell.strip() for cell in rows[at][1]]
    above = [" ".join(filter(None, map(str.strip, cells))) for _line, cells in rows[:at]]
    below = [(line, cells) for line, cells in rows[at + 1 :] if any(map(str.strip, cells))]
    even = sum(len(cells) == len(header) for _line, cells in below) / max(len(below), 1)
    named = [(line, _pairs(header, cells)) for line, cells in below]
    return Table(header, named, [text for text in above if text], even)


def _pairs(header: list[str], cells: list[str]) -> Pairs:
    names = header + [""] * (len(cells) - len(header))
    return [(name, cell) for name, cell in zip(names, cells, strict=False) if cell.strip()]
