"""The columns of an import, and the headers that are recognised for each."""

import functools
import re
import unicodedata

from search.accents import strip_excess_accents

# Our columns, and the other headers under which they come, once folded.
COLUMNS = {
    "kind": ["nature", "type", "type de ressource"],
    "title": ["titre", "nom", "name", "nom du programme", "programme", "intitule", "bf titre"],
    "summary": ["resume", "description"],
    "start": ["date de demarrage", "demarrage", "debut", "date", "annee", "start year"],
    "place": ["lieu", "lieu de realisation", "localisation", "bf adresse"],
    "country": ["pays", "countries", "territoire", "territoires", "territory", "territories"],
    "budget": ["budget amount", "montant"],
    "funding": ["financement", "financements", "origine du financement"],
    "organisation": ["structure", "porteur", "organisme", "organisme porteur", "organization"],
    "commune": ["ville", "siege", "city"],
    "employees": ["salaries", "nombre de salaries", "personnes salariees"],
    "volunteers": ["benevoles", "nombre de benevoles"],
    "members": ["adherents", "nombre dadherents", "adhesions"],
    "context": ["contexte", "origine et contexte", "bf description", "descriptionmore"],
    "objectives": ["objectifs"],
    "actions": ["actions mises en oeuvre"],
    "results": ["resultats", "resultats et impacts"],
    "originality": ["originalite"],
    "partnerships": ["partenariat", "partenariats"],
    "difficulties": ["difficultes"],
    "solutions": ["solution"],
    "success_factors": ["facteurs de reussite", "facteur de reussite"],
    "improvements": ["ameliorations", "ameliorations possibles", "idees damelioration"],
    "research_ideas": ["idees de recherche"],
    "further_reading": ["pour en savoir plus"],
    "themes": ["theme"],
    "channels": ["channel", "mode de vente", "modes de vente"],
    "audiences": ["audience", "profil", "profils", "public"],
    "stages": ["stage", "etape", "etapes"],
    "needs": ["need", "besoin", "besoins"],
    "language": ["langue", "languages"],
    "objectives_grid": ["objective", "objectifs de la grille"],
    "structure_type": ["type de structure"],
    "beneficiary": ["beneficiaries", "beneficiaire", "beneficiaires"],
    "action_type": ["action types", "type daction", "types daction"],
    "domain": ["domains", "domaine", "domaines"],
    "scope": ["envergure"],
    "actor_type": ["actor types", "type dacteur"],
    "field_of_action": ["champ daction", "champs daction"],
    "instrument": ["instruments", "outil dintervention"],
    "appreciation": ["appreciation du comite"],
    "credit": ["auteur", "auteurs", "source"],
    "tags": ["tag", "etiquettes", "mots cles"],
    "url": ["lien", "adresse", "adresse web", "site", "site web", "website", "bf site internet"],
    "publisher": ["editeur"],
}
# What several columns of one meaning say stands in one field, as paragraphs or as a list.
PARAGRAPHS = {
    *("context", "objectives", "actions", "results", "originality", "partnerships"),
    *("improvements", "research_ideas", "further_reading", "funding"),
}
LISTS = {
    *("difficulties", "solutions", "success_factors", "themes", "channels", "audiences"),
    *("stages", "needs", "country", "language", "objectives_grid", "structure_type"),
    *("beneficiary", "action_type", "domain", "scope", "actor_type", "field_of_action"),
    *("instrument", "tags"),
}
FIGURES = {"budget", "employees", "volunteers", "members"}
ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def fold(text: str) -> str:
    """`text` in lower case without accents or apostrophes, other signs as single spaces."""
    text = text.replace("œ", "oe").replace("Œ", "oe").replace("'", "").replace("’", "")
    letters = (
        unicodedata.normalize("NFKD", strip_excess_accents(text)).encode("ascii", "ignore").decode()
    )
    return " ".join("".join(s if s.isalnum() else " " for s in letters).lower().split())


COLUMN_BY_HEADER = {
    fold(header): column for column, more in COLUMNS.items() for header in [column, *more]
}


@functools.lru_cache(maxsize=10_000)
def column_of(header: str) -> str | None:
    """Our column for a header, however it is written and whatever it adds in parentheses."""
    return COLUMN_BY_HEADER.get(fold(header)) or COLUMN_BY_HEADER.get(fold(ASIDE.sub(" ", header)))


def with_unit(column: str | None, header: str, text: str) -> str:
    """A figure with the unit that its header gives in parentheses: « Budget (k€) »."""
    unit = ASIDE.search(header) if column in FIGURES else None
    if not unit or not re.fullmatch(r"[\d\s.,'’-]+", text):
        return text
    return f"{text} {unit[0][1:-1].strip().removeprefix('en ')}"


def is_known_header(header: str) -> bool:
    return column_of(header) is not None


def is_title(header: str) -> bool:
    return column_of(header) == "title"
