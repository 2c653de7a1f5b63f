"""From what a person typed to what is looked for: ways to say each word, typing errors mended."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.aloud import Aloud, aloud, mark
from search.analyzer import clean, fold, forms, heard_as, meaningful, read, stem, unfolded
from search.models import Word
from search.scope import Scope, Way
from search.set_operations import held
from search.snapshot import Memory
from search.spelling import as_written

MOST_WORDS = 12
# How many candidates a word with a typing error is compared to in the index.
NEAREST = 6
# How many of the words typed are mended: each reads the whole vocabulary, and a sentence has few.
MOST_MENDED = 4
COMPLETED = 6  # words that one still being typed may become
SHORTEST = 5  # letters of a word that is mended
LONG = 8  # letters of a word whose first one may be wrong beside another error
HALF = 4  # letters at least of each half of a word that is cut in two

# A capital and small letters, after another word: the first has a capital by habit.
NAME = re.compile(r"(?<=[^\W_][ ’'])[^\W\d_a-zà-ÿ][a-zà-ÿœæ]+")


@dataclass(frozen=True)
class Term:
    """One word of a query as it was typed, and the ways to say it.

    `named` tells that it is written like a name, which no list holds: « un marché à Crest ». Of an
    acronym, `said` tells how pages say it: itself, then what it stands for, word after word. Of a
    number or a code, `apart` tells what it is made of, for where no page has it; `shown` is how it
    was typed.
    """

    typed: str
    ways: tuple[Way, ...]
    apart: tuple[Way, ...] = ()
    shown: str = ""
    mended: str = ""
    said: tuple[Way, ...] = ()
    named: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a code."""
        return any(sign.isdigit() for sign in self.typed)


def terms(query: str, language: str) -> list[Term]:
    """The words of `query` that say something, at most `MOST_WORDS`, with the ways to say each."""
    query = clean(query)
    folded = fold(unfolded(query))
    words = [word for word in read(query, language) if meaningful(word.forms[0], language)]
    names = {fold(name) for name in NAME.findall(query)}
    found = [
        _term(word.forms, language, shown=folded[word.start : word.end].replace("_", " "))
        for word in words[:MOST_WORDS]
    ]
    found = [replace(term, named=term.typed in names) for term in found]
    return _joined(_with_acronyms(found, language), language)


def bare_words(query: str, language: str) -> list[str]:
    """Every word of `query`, stop words included: what is left to look for in titles."""
    return [form for form in forms(clean(query), language) if form.isalnum()][:MOST_WORDS]


def _term(word: tuple[str, ...], language: str, *, shown: str) -> Term:
    whole, *parts = word
    split = tuple(stem(part, language) for part in parts if meaningful(part, language))
    exact = (stem(whole, language),)
    if whole.isalpha():
        return Term(whole, (exact, split) if split else (exact,), shown=whole)
    said = any(len(part) > 1 for part in parts)
    return Term(whole, (exact,), apart=(split,) if split and said else (), shown=shown)


def _with_acronyms(found: list[Term], language: str) -> list[Term]:
    """Acronyms, and what is said at length by one, are looked for by the mark of both."""
    if not found:
        return []
    known, at = aloud(language), 0
    kept = [term.ways[0][0] for term in found]
    said = []
    while at < len(found):
        long = next((way for way, _ in known.at(kept, at) if len(way) > 1), ())
        short = known.shorts.get(found[at].typed, "")
        if long:
            short = next(short for way, short in known.at(kept, at) if way == long)
        typed = " ".join(term.typed for term in found[at : at + (len(long) or 1)])
        said.append(_by_its_mark(short, typed, known) if short else found[at])
        at += len(long) or 1
    return said


def _by_its_mark(short: str, typed: str, known: Aloud) -> Term:
    return Term(typed, ((mark(short),),), said=((short,), *known.said[short]))


def at_length(found: list[Term]) -> list[Term]:
    """The same words, acronyms also by what they stand for, wherever its words are in a page."""
    return [replace(term, ways=(*term.ways, *term.said[1:])) for term in found]


def looked_for(found: list[Term]) -> tuple[frozenset[str], frozenset[Way]]:
    """The stems that stand anywhere in a page, and those that stand one after the other."""
    alone = {stem for term in found if not term.said for way in term.ways for stem in way}
    said = {way for term in found for way in term.said}
    phrases = frozenset(way for way in said if len(way) > 1)
    return frozenset(alone.union(*(way for way in said if len(way) == 1))), phrases


def _or(term: Term, way: Way) -> Term:
    return term if way in term.ways else replace(term, ways=(*term.ways, way))


def _joined(found: list[Term], language: str) -> list[Term]:
    """« micro ferme » is also « microferme » when some page writes it so."""
    pairs = {
        stem(one.typed + other.typed, language): (one, other) for one, other in pairwise(found)
    }
    if not pairs:
        return found
    for known in known_stems(pairs, language):
        found = [_or(term, (known,)) if term in pairs[known] else term for term in found]
        pairs = {
            stem(one.typed + other.typed, language): (one, other) for one, other in pairwise(found)
        }
    return found


def known_stems(stems, language: str) -> set[str]:
    """Those of `stems` that some page holds or held."""
    known = Word.objects.filter(language=language, stem__in=list(stems))
    return set(known.values_list("stem", flat=True))


def mend(found: list[Term], scope: Scope, known: Memory, *, thorough: bool = False) -> list[Term]:
    """The same words, those that nobody wrote replaced by the nearest that a visible page holds.

    `thorough` doubts also the words that no page of the scope holds.
    """
    language = scope.language
    found = [_in_pieces(term, scope, known) for term in found]
    written = known_stems({stem for term in found for way in term.ways for stem in way}, language)
    found = _split(found, language)
    doubtful = [
        term
        for term in dict.fromkeys(found)
        if not term.said
        and term.typed.isalpha()
        and (
            not any(written.issuperset(way) for way in term.ways)
            or (thorough and not _visible(term.ways, scope, known))
        )
    ]
    mended = {term: _mended(term, scope, known) for term in doubtful[:MOST_MENDED]}
    return [mended.get(term, term) for term in found]


def _in_pieces(term: Term, scope: Scope, known: Memory) -> Term:
    """A number or a code that no visible page has is looked for by what it is made of."""
    if not term.apart or _visible(term.ways, scope, known):
        return term
    return replace(term, ways=term.apart, apart=())


def begun(found: list[Term], language: str) -> list[Term]:
    """The same words, the last one also as the shortest words that begin so."""
    if not found or not found[-1].typed.isalpha() or found[-1].mended or found[-1].said:
        return found
    *others, last = found
    known = Word.objects.filter(language=language, word__startswith=last.typed)
    stems = known.order_by(Length("word"), "word").values_list("stem", flat=True)[:COMPLETED]
    for longer in dict.fromkeys(stems):
        last = _or(last, (longer,))
    return [*others, last]


def _split(found: list[Term], language: str) -> list[Term]:
    """« circuitcourt » is also « circuit court » when both halves are words of their own.

    Even when it is known as it is, from a page that writes it with a hyphen.
    """
    cuts = {
        term.typed: [(term.typed[:at], term.typed[at:]) for at in range(HALF, letters - HALF + 1)]
        for term in found
        if len(term.ways) == 1 and term.typed.isalpha() and not term.said
        for letters in [len(term.typed)]
    }
    halves = {half for pairs in cuts.values() for pair in pairs for half in pair}
    known = Word.objects.filter(language=language, word__in=halves)
    words = set(known.values_list("word", flat=True)) if halves else set()
    split = []
    for term in found:
        both = next((pair for pair in cuts.get(term.typed, []) if words.issuperset(pair)), ())
        way = tuple(stem(half, language) for half in both)
        split.append(_or(term, way) if way else term)
    return split


def _mended(term: Term, scope: Scope, known: Memory) -> Term:
    if term.mended:
        return term
    best, pages_of_best = None, 0
    for word, distance in _nearest(term.typed, scope.language, named=term.named):
        if best is not None and distance > best[0]:
            break
        pages = _visible(((stem(word, scope.language),),), scope, known)
        if pages.bit_count() > pages_of_best.bit_count():
            best, pages_of_best = (distance, word), pages
    if best is None:
        return term
    word = best[1]
    ways = ((stem(word, scope.language),),)
    return replace(term, ways=ways, mended=as_written(word, pages_of_best, known))


def _visible(ways: tuple[Way, ...], scope: Scope, known: Memory) -> int:
    return held(ways, known).anywhere & known.within(scope)


def _nearest(typed: str, language: str, *, named: bool) -> list[tuple[str, float]]:
    """(word, distance) of known words that `typed` may be meant for, the nearest first.

    One error from five letters on, two from six; none but one in what may be a name. Letters that
    are heard alike are half an error: « logistik » is near « logistique ».
    """
    if len(typed) < SHORTEST:
        return []
    errors = 1 if len(typed) < 6 or named else 2
    words = Word.objects.filter(language=language).annotate(letters=Length("word"))
    near = words.filter(letters__gte=len(typed) - errors, letters__lte=len(typed) + errors)
    choices = list(near.values_list("word", flat=True))
    found = process.extract(typed, choices, scorer=OSA.distance, score_cutoff=errors, limit=NEAREST)
    # The first letter is seldom the one that is wrong.
    nearest = [
        (word, score + (word[0] != typed[0]) / 2)
        for word, score, _ in found
        if not _another(typed, word, score, named=named)
    ]
    heard = heard_as(typed)
    nearest += [(word, 0.5) for word in choices if word[0] == typed[0] and heard_as(word) == heard]
    longer = words.filter(word__startswith=typed).order_by("letters", "word")
    nearest += [(word, 2.0) for word in longer.values_list("word", flat=True)[:3]]
    return sorted(nearest, key=lambda pair: (pair[1], pair[0]))


def _another(typed: str, word: str, errors: float, *, named: bool) -> bool:
    """Whether `word` is rather another word, however near: « crest » is not « cress ».

    Another letter makes another word of a short one, and another name; another beginning, with an
    error besides, of one that is not long.
    """
    if (named or len(typed) < 6) and len(typed) == len(word):
        return sorted(typed) != sorted(word)
    return errors > 1 and typed[0] != word[0] and len(typed) < LONG


def rewritten(found: list[Term]) -> str:
    """The query as it was understood, when a word was mended."""
    if not any(term.mended for term in found):
        return ""
    return " ".join(term.mended or term.shown or term.typed for term in found)


def folded(query: str) -> str:
    """A query without what changes from one person to the other: case, accents, signs."""
    return " ".join(fold(clean(query)).split())
