"""Print how long hostile searches take beside a plain one, over HTTP and in one run: `make bench`.

Fails when the slowest takes more than `MOST` times a plain search, at 2,000 pages.
"""

import statistics
import sys
import time
from urllib.parse import quote_plus

from tests.bench import environment  # noqa: F401 - before any model

# isort: split

from django.core.management import call_command
from django.test import Client

from tests import factories
from tests.bench.shelf import fill, prepare_site
from tests.search.hostile import HOSTILE

MOST = 8.0
LONGEST = 4_000  # bytes of an address; what a proxy lets through
DOORS = ["/fr/recherche/suggestions/", "/fr/recherche/", "/fr/se-documenter/"]


def hostile() -> list[str]:
    """What fits in an address, and the start of what does not; many words that nobody wrote."""
    words = " ".join(f"zq{chr(97 + n)}xvbk" for n in range(20))
    return [*(query[: LONGEST // 12] for query in HOSTILE), words]


def milliseconds(client: Client, door: str, query: str, rounds: int) -> float:
    """The median time of an answer, which must be 200 or 400."""
    asked, times = f"q={quote_plus(query.encode('utf-8', 'surrogatepass'))}", []
    for _ in range(rounds):
        start = time.perf_counter()
        answer = client.get(door, QUERY_STRING=asked)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code in {200, 400}, (door, query[:50], answer.status_code)
    return statistics.median(times)


def main() -> bool:
    call_command("collectstatic", interactive=False, verbosity=0)
    prepare_site()
    fill(factories.library(), 2_000)
    client, held = Client(headers={"host": "localhost"}), True
    print(f"{'address':<30}{'plain ms':>10}{'worst ms':>10}{'ratio':>8}  by")
    for door in DOORS:
        milliseconds(client, door, "marché à la ferme", 3)
        plain = milliseconds(client, door, "marché à la ferme", 9)
        slow, query = max((milliseconds(client, door, query, 3), query) for query in hostile())
        held &= slow <= MOST * plain
        print(f"{door:<30}{plain:>10.1f}{slow:>10.1f}{slow / plain:>8.2f}  {query[:30]!r}")
    return held


if __name__ == "__main__":
    sys.exit(0 if main() else "A hostile search is too slow.")
