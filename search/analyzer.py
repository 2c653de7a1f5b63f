"""Turn text into the terms of the index, and a query into the same terms.

One normaliser for every database, at index and at query time: accents fold before stems are cut,
because nobody types them all; French is stemmed twice, since Snowball alone separates « maraîcher »
from « maraîchers ». Algorithm: https://snowballstem.org/algorithms/french/stemmer.html.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator

import snowballstemmer

from search.accents import strip_excess_accents
from search.invisible import INVISIBLE, strip_invisible
from search.stop_words import BY_LANGUAGE
from search.tokenizer import PART, Token, all_forms, tokens

# Stems that a page must hold together to match a term: « lowtech », or « low » with « tech ».
Variant = tuple[str, ...]

LONGEST_QUERY = 200  # characters of a query
MOST_WORDS = 12  # of a query
STEMMERS = {"fr": "french", "en": "english", "de": "german", "es": "spanish", "it": "italian"}
LETTERS = (
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l"}
    | dict.fromkeys("’ʼ‘′´`＇", "'")
    | dict.fromkeys("‐‑‒–", "-")
    | dict.fromkeys("•‧∙⋅・․⸱･ᐧ", "·")
)
LETTER = re.compile(f"[{''.join(LETTERS)}{INVISIBLE}]")  # ten times as fast as `str.translate`
ACCENT = re.compile("[\u0300-\u036f]+")
# « A 4 », a format or a road; in lower case it is a verb.
CAPITAL = re.compile(r"(?<![^\W_])(?<!['’])A (?=\d{1,2}(?!\w))")
# « HVE 3 », « PAC 2023 »; no longer number, nothing of « 12 mai 2026 ».
NUMBERED = re.compile(
    r"(?<![\w'])(?<!\d )(?<!\der )([^\W\d_]{2,12}) (\d{1,5})(?![\w-]|[.,]\d| \d{3}(?!\d))"
)
# formateurices, chercheureuses, travailleurses, nombreuxses; maraîcherères; associatifves.
CONTRACTED = re.compile(
    r"(?<=..)(?:(eur)(?:t?r?ices?|euses?|ses?)|(eux)ses?|(er)i?eres?|(if)i?ves?)$"
)
FEMININE = re.compile(r"(?:(t)rices?|(?:euses?|eux))$")
# paysan(ne)s, intercommunal(le)s; a shorter stem is another word: « patte » is no « pat ».
DOUBLED = re.compile(r"(?<=...)([lnt])\1$")
# Plurals that Snowball leaves: vélos, emplois, lieux; a singular that ends so is cut as well.
PLURAL = re.compile(r"(?<=..[aiou])s$|(?<=.[eo]u)x$")
# Irregular plurals, nouns of actions with their verb, and nouns of those who act.
IRREGULAR = dict(
    pair.split()
    for pair in (
        *("travaux travail", "baux bail", "yeux oeil", "vente vendre", "achat acheter"),
        *("livraison livrer", "decision decider", "choix choisir", "gestion gerer"),
        *("accueil accueillir", "cout couter", "definition definir", "formation former"),
        *("production produire", "nulle nul", "creation creer", "montage monter"),
        *("nourriture nourrir", "plantation planter", "eleveur elevage", "adhesion adherer"),
        *("stockage stocker", "emballage emballer", "ramassage ramasser"),
        *("construction construire", "comparaison comparer", "location louer"),
        *("apprentissage apprendre", "abattage abattre", "protection proteger"),
        *("suppression supprimer", "reduction reduire", "ouverture ouvrir", "reprise reprendre"),
        *("transmission transmettre", "inscription inscrire", "reponse repondre"),
        *("sechage secher", "chauffage chauffer", "arrosage arroser", "irrigation irriguer"),
        *("acheteur acheter", "vendeur vendre", "livreur livrer", "transporteur transporter"),
        *("fournisseur fournir", "fourniture fournir", "discussion discuter"),
        *("communication communiquer", "connexion connecter", "description decrire"),
        *("lecture lire", "ecriture ecrire", "entretien entretenir", "soutien soutenir"),
        *("decouverte decouvrir", "conception concevoir", "redaction rediger"),
        *("traduction traduire", "election elire", "essai essayer", "envoi envoyer"),
        *("retrait retirer", "depot deposer", "perte perdre", "attente attendre"),
        *("solidarite solidaire", "pauvrete pauvre", "precarite precaire"),
        *("difficulte difficile", "benevolat benevole"),
        *("echec echouer", "maraichage maraicher", "jardinage jardiner", "artisanat artisan"),
        *("commercant commerce", "gestionnaire gerer"),
        *("endette dette", "endettement dette", "eur euro", "copaine copain"),
    )
)
PHONETIC_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        ("ph", "f"),
        ("qu|ck?(?![eihy])|k", "k"),
        ("c(?=[eiy])|ss|ç", "s"),
        ("e?au", "o"),
        ("y", "i"),
        ("h", ""),
        (r"([a-z])\1", r"\1"),
        ("(?:es?|s|x|t|nt)$", ""),
    ]
]


def clean(query: str) -> str:
    """`query` on one line, at most `LONGEST_QUERY` characters, without those that nobody sees."""
    text = strip_invisible(query[: LONGEST_QUERY * 10])
    visible = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(visible.split())[:LONGEST_QUERY].strip()


def fold(text: str) -> str:
    """`text` in lower case, without accents nor ligatures, with plain apostrophes and hyphens."""
    text = LETTER.sub(lambda match: LETTERS.get(match[0], ""), text)
    if not text.isascii():
        text = ACCENT.sub("", unicodedata.normalize("NFKD", strip_excess_accents(text)))
    return text.casefold()


def title_key(title: str) -> str:
    """A key that is equal for two titles that a reader takes for the same; titles sort by it."""
    return " ".join(PART.findall(fold(title)))[:255]


def mark_capitals(text: str) -> str:
    """`text`, as long, with the capital of « A 4 » marked for `tokenizer`: folding hides it."""
    return CAPITAL.sub("A_", text) if "A " in text else text


def tokenize(text: str, language: str) -> Iterator[Token]:
    """The words of `text`, folded, with their offsets in the folded text."""
    return tokens(fold(mark_capitals(text)), language)


def all_tokens(text: str, language: str) -> list[tuple[str, ...]]:
    """The words of `text`, folded, a compound with its parts: ("lowtech", "low", "tech")."""
    return all_forms(fold(mark_capitals(text)), language)


def meaningful(word: str, language: str) -> bool:
    """Whether a folded word is worth indexing: no stop word, no lone letter."""
    return (len(word) > 1 or word.isdigit()) and word not in BY_LANGUAGE.get(language, ())


@functools.lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word: number and gender cut off."""
    name = STEMMERS.get(language)
    if name is None or not word.isalpha() or len(word) < 3:
        return word
    if language != "fr":
        return snowballstemmer.stemmer(name).stemWord(word)
    if len(word) > 5:
        word = CONTRACTED.sub(lambda match: match[match.lastindex], word)
        word = FEMININE.sub(lambda match: "teur" if match[1] else "eur", word)
    word = IRREGULAR.get(word) or IRREGULAR.get(word.removesuffix("s"), word)
    snowball = snowballstemmer.stemmer(name).stemWord  # one a word: it serves one thread only
    return PLURAL.sub("", DOUBLED.sub(r"\1", snowball(snowball(word))))


@functools.lru_cache(maxsize=100_000)
def phonetic_key(word: str) -> str:
    """Roughly how a folded French word sounds: equal for two spellings that sound alike."""
    for pattern, sound in PHONETIC_RULES:
        word = pattern.sub(sound, word)
    return word


@functools.lru_cache(maxsize=100_000)
def _index_term(form: str, language: str) -> str:
    """The stem of a folded word, "" for a stop word."""
    return stem(form, language) if meaningful(form, language) else ""


def forms(text: str, language: str) -> list[str]:
    """Every folded word of `text`, compounds joined and split."""
    return [form for word in all_tokens(text, language) for form in word]


def forms_to_index(text: str, language: str) -> list[str]:
    """The same as `forms`, and « hve3 » where it is written « HVE 3 »."""
    return [*forms(text, language), *number_compounds(text, language)]


def number_compounds(text: str, language: str) -> list[str]:
    """Each word of letters together with the number that follows it."""
    pairs = NUMBERED.findall(fold(text))
    return [name + number for name, number in pairs if meaningful(name, language)]


def stems(forms: list[str], language: str) -> list[str]:
    """Folded words as the index stores them: stems in order, no stop word."""
    return [term for form in forms if (term := _index_term(form, language))]


def vocabulary_words(forms: Iterable[str], language: str) -> dict[str, str]:
    """Those of these words that may correct a misspelt one, each with its stem."""
    return {
        form: _index_term(form, language)
        for form in set(forms)
        if len(form) > 2 and form.isalpha() and _index_term(form, language)
    }


def index_text(text: str, language: str) -> str:
    """`text` as the index stores it."""
    return " ".join(stems(forms_to_index(text, language), language))


def has_terms(query: str, language: str) -> bool:
    """Whether `query` has a word that is no stop word."""
    return any(meaningful(token.forms[0], language) for token in tokenize(query, language))


def all_words(query: str, language: str) -> list[str]:
    """The first `MOST_WORDS` words of `query`, stop words included: titles can be searched so."""
    return [form for form in forms(clean(query), language) if form.isalnum()][:MOST_WORDS]


def matches_prefixes(name: str, prefixes: list[str], language: str) -> bool:
    """Whether `name` has, for each of `prefixes`, a word that begins so."""
    words = all_words(name, language)
    return all(any(word.startswith(prefix) for word in words) for prefix in prefixes)
