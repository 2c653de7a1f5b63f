"""Judge the search on the demo: `python -m tests.search.judging [tuning|held_out]`.

Reads the database of VAR_DIR, where `load_demo` ran. A query is right when a right page is among
the first three; nDCG@10 counts every right page as equally good (Järvelin and Kekäläinen, 2002).
"""

import math
import os
import sys
import tomllib
from pathlib import Path

FOLDER = Path(__file__).parent / "judged"


def judged(half: str) -> dict[str, list[str]]:
    return tomllib.loads((FOLDER / f"{half}.toml").read_text(encoding="utf-8"))["queries"]


def judge(queries: dict[str, list[str]]) -> tuple[float, float, list[tuple[str, list[str]]]]:
    """(share with a right page in the first 3, mean nDCG@10, the queries that miss)."""
    from wagtail.models import Page

    from search.contract import Query, Scope, search

    slugs = dict(Page.objects.filter(locale__language_code="fr").values_list("pk", "slug"))
    missed, gains = [], []
    for query, right in queries.items():
        unknown = set(right) - set(slugs.values())
        assert not unknown, f"{query}: {unknown}"
        found = [slugs[pk] for pk in search(Query(query, Scope(language="fr"))).ids[:10]]
        gain = sum(1 / math.log2(place + 2) for place, slug in enumerate(found) if slug in right)
        ideal = sum(1 / math.log2(place + 2) for place in range(min(10, len(right))))
        gains.append(gain / ideal)
        if not set(found[:3]) & set(right):
            missed.append((query, found[:4]))
    return 1 - len(missed) / len(queries), sum(gains) / len(gains), missed


def main(halves: list[str]) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commons.settings")
    django.setup()
    for half in halves or ["tuning", "held_out"]:
        queries = judged(half)
        share, gain, missed = judge(queries)
        print(f"{half}: {len(queries)} queries, {share:.1%} right in 3, nDCG@10 {gain:.3f}")
        if half != "held_out":
            for query, found in missed:
                print(f"  {query}: {', '.join(found) or 'nothing'}")


if __name__ == "__main__":
    main(sys.argv[1:])
