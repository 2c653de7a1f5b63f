"""Parse a query into terms: the variants of each word, its acronyms, its spelling corrected."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db.models.functions import Length
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analyzer import (
    MOST_WORDS,
    Variant,
    clean,
    fold,
    mark_capitals,
    meaningful,
    phonetic_key,
    stem,
    tokenize,
)
from search.contract import Scope
from search.embedded.set_operations import postings_of
from search.embedded.snapshot import Snapshot
from search.embedded.spelling import as_written
from search.models import Word
from search.synonyms import Synonyms, acronym_term, synonyms

# How many candidates a misspelt word is compared to in the index.
CANDIDATES = 6
# How many words are corrected: each reads the whole vocabulary, and a sentence has few.
MOST_CORRECTIONS = 4
COMPLETIONS = 6  # words that one still being typed may become
SHORTEST = 5  # letters of a word that is corrected
LONG = 8  # letters of a word whose first one may be wrong beside another error
HALF = 4  # letters at least of each half of a word that is cut in two

# A capital and small letters, after another word: the first has a capital by habit.
NAME = re.compile(r"(?<=[^\W_][ ’'])[^\W\d_a-zà-ÿ][a-zà-ÿœæ]+")


@dataclass(frozen=True)
class Term:
    """One word of a query as it was typed, folded, and the variants that match it.

    `is_name` tells that it is written like a name, which no vocabulary holds: « un marché à
    Crest ». An acronym has `expansions`: itself, then what it stands for. A number or a code has
    `parts`, the variants to try when no page has the whole. `as_typed` is for showing it again.
    """

    typed: str
    variants: tuple[Variant, ...]
    parts: tuple[Variant, ...] = ()
    as_typed: str = ""
    correction: str = ""
    expansions: tuple[Variant, ...] = ()
    is_name: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number or a code."""
        return any(character.isdigit() for character in self.typed)


def parse(query: str, language: str) -> list[Term]:
    """The first `MOST_WORDS` words of `query` that are no stop words, as terms."""
    query = clean(query)
    folded = fold(mark_capitals(query))
    tokens = [token for token in tokenize(query, language) if meaningful(token.forms[0], language)]
    names = {fold(name) for name in NAME.findall(query)}
    terms = [
        _term(token.forms, language, as_typed=folded[token.start : token.end].replace("_", " "))
        for token in tokens[:MOST_WORDS]
    ]
    terms = [replace(term, is_name=term.typed in names) for term in terms]
    return _add_joined_pairs(_replace_acronyms(terms, language), language)


def _term(token_forms: tuple[str, ...], language: str, *, as_typed: str) -> Term:
    whole, *parts = token_forms
    split = tuple(stem(part, language) for part in parts if meaningful(part, language))
    exact = (stem(whole, language),)
    if whole.isalpha():
        return Term(whole, (exact, split) if split else (exact,), as_typed=whole)
    has_long_part = any(len(part) > 1 for part in parts)
    fallback = (split,) if split and has_long_part else ()
    return Term(whole, (exact,), parts=fallback, as_typed=as_typed)


def _replace_acronyms(terms: list[Term], language: str) -> list[Term]:
    """`terms` with each acronym, written short or at length, as one term of the index."""
    if not terms:
        return []
    listed, start = synonyms(language), 0
    stems = [term.variants[0][0] for term in terms]
    replaced = []
    while start < len(terms):
        at_length = [pair for pair in listed.expansions_at(stems, start) if len(pair[0]) > 1]
        expansion, acronym = at_length[0] if at_length else ((), "")
        acronym = acronym or listed.acronyms.get(terms[start].typed, "")
        end = start + (len(expansion) or 1)
        typed = " ".join(term.typed for term in terms[start:end])
        replaced.append(_acronym(acronym, typed, listed) if acronym else terms[start])
        start = end
    return replaced


def _acronym(acronym: str, typed: str, listed: Synonyms) -> Term:
    expansions = ((acronym,), *listed.expansions[acronym])
    return Term(typed, ((acronym_term(acronym),),), expansions=expansions)


def expand_acronyms(terms: list[Term]) -> list[Term]:
    """`terms`, acronyms also matched by the words of their expansions anywhere in a page."""
    return [replace(term, variants=(*term.variants, *term.expansions[1:])) for term in terms]


def highlights(terms: list[Term]) -> tuple[frozenset[str], frozenset[Variant]]:
    """What snippets mark: stems anywhere, and stems that stand one after the other."""
    plain = {
        stem
        for term in terms
        if not term.expansions
        for variant in term.variants
        for stem in variant
    }
    expansions = {expansion for term in terms for expansion in term.expansions}
    phrases = frozenset(expansion for expansion in expansions if len(expansion) > 1)
    single = (expansion for expansion in expansions if len(expansion) == 1)
    return frozenset(plain.union(*single)), phrases


def _with_variant(term: Term, variant: Variant) -> Term:
    if variant in term.variants:
        return term
    return replace(term, variants=(*term.variants, variant))


def _add_joined_pairs(terms: list[Term], language: str) -> list[Term]:
    """« micro ferme » is also « microferme » when some page writes it so."""
    pairs = _stems_of_pairs(terms, language)
    if not pairs:
        return terms
    for joined in indexed_stems(pairs, language):
        terms = [
            _with_variant(term, (joined,)) if term in pairs[joined] else term for term in terms
        ]
        pairs = _stems_of_pairs(terms, language)
    return terms


def _stems_of_pairs(terms: list[Term], language: str) -> dict[str, tuple[Term, Term]]:
    """The stem of each two neighbours written as one word -> the two."""
    return {stem(one.typed + other.typed, language): (one, other) for one, other in pairwise(terms)}


def indexed_stems(stems: Iterable[str], language: str) -> set[str]:
    """Those of `stems` that some page holds or held."""
    words = Word.objects.filter(language=language, stem__in=list(stems))
    return set(words.values_list("stem", flat=True))


def correct_spelling(
    terms: list[Term], scope: Scope, snapshot: Snapshot, *, thorough: bool = False
) -> list[Term]:
    """`terms`, unknown words replaced by the nearest that a page of the scope holds.

    `thorough` also replaces words that exist elsewhere but in no page of the scope.
    """
    language = scope.language
    terms = [_split_code(term, scope, snapshot) for term in terms]
    stems = {stem for term in terms for variant in term.variants for stem in variant}
    indexed = indexed_stems(stems, language)
    terms = _split_compounds(terms, language)
    doubtful = [
        term
        for term in dict.fromkeys(terms)
        if not term.expansions
        and term.typed.isalpha()
        and (
            not any(indexed.issuperset(variant) for variant in term.variants)
            or (thorough and not _matches(term.variants, scope, snapshot))
        )
    ]
    corrected = {term: _corrected(term, scope, snapshot) for term in doubtful[:MOST_CORRECTIONS]}
    return [corrected.get(term, term) for term in terms]


def _split_code(term: Term, scope: Scope, snapshot: Snapshot) -> Term:
    """A number or a code that no page of the scope has is matched by its parts."""
    if not term.parts or _matches(term.variants, scope, snapshot):
        return term
    return replace(term, variants=term.parts, parts=())


def complete_last(terms: list[Term], language: str) -> list[Term]:
    """`terms`, the last one also as the shortest words of the vocabulary that begin so."""
    if not terms or not terms[-1].typed.isalpha() or terms[-1].correction or terms[-1].expansions:
        return terms
    *others, last = terms
    longer = Word.objects.filter(language=language, word__startswith=last.typed)
    stems = longer.order_by(Length("word"), "word").values_list("stem", flat=True)[:COMPLETIONS]
    for completion in dict.fromkeys(stems):
        last = _with_variant(last, (completion,))
    return [*others, last]


def _split_compounds(terms: list[Term], language: str) -> list[Term]:
    """« circuitcourt » is also « circuit court » when both halves are words of their own.

    Even when the whole is in the vocabulary, from a page that writes it with a hyphen.
    """
    splits = {
        term.typed: [(term.typed[:at], term.typed[at:]) for at in range(HALF, letters - HALF + 1)]
        for term in terms
        if len(term.variants) == 1 and term.typed.isalpha() and not term.expansions
        for letters in [len(term.typed)]
    }
    halves = {half for pairs in splits.values() for pair in pairs for half in pair}
    words = Word.objects.filter(language=language, word__in=halves)
    vocabulary = set(words.values_list("word", flat=True)) if halves else set()
    result = []
    for term in terms:
        pairs = splits.get(term.typed, [])
        pair = next((pair for pair in pairs if vocabulary.issuperset(pair)), ())
        variant = tuple(stem(half, language) for half in pair)
        result.append(_with_variant(term, variant) if variant else term)
    return result


def _corrected(term: Term, scope: Scope, snapshot: Snapshot) -> Term:
    """`term` corrected: of its nearest candidates, the one that most pages of the scope hold."""
    if term.correction:
        return term
    best, pages_of_best = None, 0
    for word, distance in _candidates(term.typed, scope.language, is_name=term.is_name):
        if best is not None and distance > best[0]:
            break
        pages = _matches(((stem(word, scope.language),),), scope, snapshot)
        if pages.bit_count() > pages_of_best.bit_count():
            best, pages_of_best = (distance, word), pages
    if best is None:
        return term
    word = best[1]
    variants = ((stem(word, scope.language),),)
    return replace(term, variants=variants, correction=as_written(word, pages_of_best, snapshot))


def _matches(variants: tuple[Variant, ...], scope: Scope, snapshot: Snapshot) -> int:
    return postings_of(variants, snapshot).anywhere & snapshot.in_scope(scope)


def _candidates(typed: str, language: str, *, is_name: bool) -> list[tuple[str, float]]:
    """(word, distance) of the words that `typed` may be meant for, the nearest first.

    One error from five letters on, two from six; at most one in what may be a name. Letters that
    sound alike are half an error: « logistik » is near « logistique ».
    """
    if len(typed) < SHORTEST:
        return []
    errors = 1 if len(typed) < 6 or is_name else 2
    words = Word.objects.filter(language=language).annotate(letters=Length("word"))
    similar = words.filter(letters__gte=len(typed) - errors, letters__lte=len(typed) + errors)
    choices = list(similar.values_list("word", flat=True))
    scored = process.extract(
        typed, choices, scorer=OSA.distance, score_cutoff=errors, limit=CANDIDATES
    )
    # The first letter is seldom the one that is wrong.
    candidates = [
        (word, score + (word[0] != typed[0]) / 2)
        for word, score, _ in scored
        if not _is_another_word(typed, word, score, is_name=is_name)
    ]
    sound = phonetic_key(typed)
    candidates += [
        (word, 0.5) for word in choices if word[0] == typed[0] and phonetic_key(word) == sound
    ]
    longer = words.filter(word__startswith=typed).order_by("letters", "word")
    candidates += [(word, 2.0) for word in longer.values_list("word", flat=True)[:3]]
    return sorted(candidates, key=lambda pair: (pair[1], pair[0]))


def _is_another_word(typed: str, word: str, errors: float, *, is_name: bool) -> bool:
    """Whether `word` is too different to be meant, however near: « crest » is not « cress ».

    A replaced letter makes another word of a short one, and another name; a first letter replaced,
    with an error besides, makes another word unless it is long.
    """
    if (is_name or len(typed) < 6) and len(typed) == len(word):
        return sorted(typed) != sorted(word)
    return errors > 1 and typed[0] != word[0] and len(typed) < LONG


def corrected_query(terms: list[Term]) -> str:
    """The query with its spelling corrected; "" when nothing was."""
    if not any(term.correction for term in terms):
        return ""
    return " ".join(term.correction or term.as_typed or term.typed for term in terms)
