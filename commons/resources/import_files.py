"""Records from a CSV or JSON file that people made: any usual encoding, delimiter and header."""

import csv
import io
import json
import unicodedata
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from commons.pages.text import clean_text
from commons.refused import Refused

LARGEST = 20_000_000  # bytes
# Our columns, and the other headers under which they come, once folded.
COLUMNS = {
    "kind": ["nature", "type", "type de ressource"],
    "title": ["titre", "nom", "nom du programme", "programme", "intitule"],
    "summary": ["resume", "description"],
    "start": ["date de demarrage", "demarrage", "debut", "date", "annee", "start year"],
    "place": ["lieu", "lieu de realisation", "localisation"],
    "country": ["pays", "countries", "territoire", "territoires", "territory", "territories"],
    "budget": ["budget amount", "montant"],
    "funding": ["financement", "financements", "origine du financement"],
    "organisation": ["structure", "porteur", "organisme", "organisme porteur", "organization"],
    "commune": ["ville", "siege", "city"],
    "employees": ["salaries", "nombre de salaries", "personnes salariees"],
    "volunteers": ["benevoles", "nombre de benevoles"],
    "members": ["adherents", "nombre dadherents", "adhesions"],
    "context": ["contexte", "origine et contexte"],
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
    "url": ["lien", "adresse", "adresse web", "site"],
    "publisher": ["editeur"],
}


class Record(NamedTuple):
    """One line of the file: what our columns say, and what came under headers unknown to us."""

    line: int
    fields: dict[str, str]
    others: dict[str, str]


def fold(text: str) -> str:
    """`text` in lower case without accents or apostrophes, other signs as single spaces."""
    text = text.replace("œ", "oe").replace("'", "").replace("’", "")
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join("".join(s if s.isalnum() else " " for s in letters).lower().split())


KNOWN = {fold(header): column for column, more in COLUMNS.items() for header in [column, *more]}


def read_records(path: Path) -> list[Record]:
    """The records of the file; raises Refused when it cannot be read."""
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise Refused(_("Le fichier ne peut pas être lu : %s.") % error.strerror) from error
    if raw is None:
        raise Refused(_("Le fichier dépasse 20 Mo."))
    text = _decoded(raw)
    if not text.strip():
        raise Refused(_("Le fichier est vide."))
    found = _from_json(text) if path.suffix.lower() == ".json" else _from_csv(text)
    try:
        records = [_record(line, cells) for line, cells in found]
    except RecursionError as error:
        raise Refused(_("Le fichier JSON ne peut pas être lu : %s.") % error) from error
    if not any("title" in record.fields for record in records):
        raise Refused(
            _("Aucune ligne n’a de titre : la première ligne nomme-t-elle les colonnes ?")
        )
    return records


def _decoded(raw: bytes) -> str:
    if b"\x00" in raw:
        raise Refused(_("Ce n’est pas un fichier de texte."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _from_csv(text: str) -> list[tuple[int, dict]]:
    header = text.lstrip("\n\r").split("\n", 1)[0]
    delimiter = max(";\t,|", key=header.count)
    csv.field_size_limit(LARGEST)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise Refused(_("Le tableau ne peut pas être lu : %s.") % error) from error


def _from_json(text: str) -> list[tuple[int, dict]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("Le fichier JSON ne peut pas être lu : %s.") % error) from error
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list)), None)
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise Refused(_("Le fichier JSON doit contenir une liste de fiches."))
    return list(enumerate(data, start=1))


def _record(line: int, cells: dict) -> Record:
    fields: dict[str, str] = {}
    others: dict[str, str] = {}
    for header, value in cells.items():
        text = _text(value)
        column = KNOWN.get(fold(header or ""))
        if text and column and column not in fields:
            fields[column] = text
        elif text:
            others[clean_text(header or _("Sans titre de colonne"))] = text
    return Record(line, fields, others)


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " | ".join(filter(None, map(_text, value)))
    return clean_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
