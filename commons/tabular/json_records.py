"""Read records from JSON: a list, GeoJSON, GoGoCarto, YesWiki or JSON lines."""

import json
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from commons.refused import Refused
from commons.tabular.table import Pairs, below_header
from commons.tabular.workbook import decimal_comma

DEEPEST = 40  # objects and lists inside one another
# Of what holds the records: how far below the top they are looked for.
NESTED = 4
# Under these keys stand the records, even when what holds them has a name of its own.
HOLDERS = {"data", "elements", "entries", "features", "results", "records", "items", "fiches"}
HOLDERS |= {"@graph", "pages", "resources", "ressources", "response", "rows"}
# What wraps the facts of a record: GeoJSON, OpenStreetMap, ArcGIS, Opendatasoft and Airtable.
WRAPPERS = {"properties", "tags", "attributes", "fields"}
# How GoGoCarto, then YesWiki, name street, postcode and town.
POSTAL = ("streetAddress", "postalCode", "addressLocality")
WIKI_POSTAL = ("bf_adresse", "bf_code_postal", "bf_ville")
IsTitle = Callable[[str], bool]


class Record(list):
    """The pairs of a JSON object: unlike a dict, it keeps both of two equal keys."""

    def get(self, name: str, default=None):
        return next((value for key, value in self if key == name), default)

    def keys(self) -> list[str]:
        return [key for key, _value in self]


def read_json(text: str, *, is_title: IsTitle) -> list[tuple[int, Pairs]]:
    """The number and the pairs of each record; raises Refused and says what the file holds."""
    data = _parsed(text)
    if _depth(data) > DEEPEST:
        raise Refused(_("Le fichier JSON est trop imbriqué."))
    lists = list(_lists(data, NESTED, is_title))
    if not lists:
        raise Refused(_("Le fichier JSON ne contient pas de fiches, mais : %s.") % _kind(data))
    records = max(lists, key=lambda one: sum(_has_title(record, is_title) for record in one))
    if not any(_has_title(record, is_title) for record in records):
        named = (key for one in lists for record in one for key, _value in record)
        keys = ", ".join(dict.fromkeys(named))
        raise Refused(_("Les fiches n’ont ni titre ni nom. Leurs clés : %s.") % keys[:300])
    return [(number, _pairs(record)) for number, record in enumerate(records, start=1)]


def _parsed(text: str):
    try:
        return _loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:  # JSON lines: one object a line
            if len(lines) > 1:
                return [_loads(line) for line in lines]
        except (ValueError, RecursionError):
            pass
        raise Refused(_("Le fichier JSON ne peut pas être lu : %s.") % error) from error


def _loads(text: str):
    return json.loads(text, object_pairs_hook=Record)


def _depth(data) -> int:
    """How deep `data` goes; counted level by level, since a call for each could overflow."""
    depth, level = 0, [data]
    while level and depth <= DEEPEST:
        depth += 1
        level = [inner for value in level if isinstance(value, list) for inner in _inside(value)]
    return depth


def _inside(value: list) -> Iterator:
    return (inner for _key, inner in value) if isinstance(value, Record) else iter(value)


def _kind(data) -> str:
    if isinstance(data, Record):
        keys = ", ".join(data.keys())
        return _("un objet vide") if not keys else _("un objet de clés %s") % keys[:200]
    if isinstance(data, list):
        return _("une liste vide") if not data else _("une liste sans objets")
    return _("un seul texte") if isinstance(data, str) else _("une seule valeur")


def _lists(data, depth: int, is_title: IsTitle) -> Iterator[list[Record]]:
    """Every list of records in `data`; an object whose values are all objects is one too."""
    if isinstance(data, Record):
        compact = _compact(data)
        if compact:
            yield compact
            return
        values = [value for _key, value in data]
        if values and all(isinstance(value, Record) for value in values):
            yield values
        titled = _has_title(data, is_title)
        for key, value in data if depth else ():
            if not titled or key.lower() in HOLDERS:
                yield from _lists(value, depth - 1, is_title)
        yield [data]
    elif isinstance(data, list) and data:
        if all(isinstance(value, Record) for value in data):
            yield data
        elif data[0] and all(type(value) is list for value in data):
            yield from _tabular(data)


def _tabular(data: list[list]) -> Iterator[list[Record]]:
    """A list of lists whose first one names the others."""
    rows = [(number, [_text(cell) for cell in row]) for number, row in enumerate(data, start=1)]
    table = below_header(rows, is_header=lambda cell: cell == rows[0][1][0])
    if table:
        yield [Record(pairs) for _number, pairs in table.rows]


def _compact(data: Record) -> list[Record]:
    """GoGoCarto's compact form: « mapping » names the values of each list of « data »."""
    mapping, rows = data.get("mapping"), data.get("data")
    if not isinstance(mapping, list) or not isinstance(rows, list):
        return []
    names = [name for part in mapping for name in (part if isinstance(part, list) else [part])]
    records = []
    for row in rows:
        if type(row) is not list:
            return []
        values = []
        for part, value in zip(mapping, row, strict=False):
            values += value if isinstance(part, list) and isinstance(value, list) else [value]
        values += row[len(mapping) :]
        names_here = [str(name) for name in names] + [""] * (len(values) - len(names))
        records.append(Record(zip(names_here, values, strict=False)))
    return records


def _has_title(record: Record, is_title: IsTitle) -> bool:
    wrapped = [value for key, value in record if key in WRAPPERS and isinstance(value, Record)]
    return any(
        is_title(key) and isinstance(value, str) and value.strip()
        for held in (record, *wrapped)
        for key, value in held
    )


def _pairs(record: Record) -> Pairs:
    """What a record says, its geometry and its address in words."""
    pairs: Pairs = []
    wrapped = {key for key, value in record if key in WRAPPERS and isinstance(value, Record)}
    names = set(record.keys())
    foreign = wrapped | names & {"geometry", "geo", "id_fiche", "bf_titre"}
    if "bf_ville" in names:
        pairs += _address(record, WIKI_POSTAL)[:1]
    for key, value in record:
        if key in wrapped:
            pairs += [(_renamed(name), text) for name, text in _pairs(value)]
        elif key in {"geometry", "geo", "geolocation"} and isinstance(value, Record):
            pairs.append((_("coordonnées"), _place(value)))
        elif key == "address" and isinstance(value, Record):
            pairs += _address(value, POSTAL)
        elif key not in WIKI_POSTAL or "bf_ville" not in names:
            pairs.append((_renamed(key) if foreign else key, _text(value)))
    return [(name, text) for name, text in pairs if text.strip()]


def _renamed(key: str) -> str:
    """« type » is no nature of ours in the files of maps and wikis."""
    return _("type d’origine") if key.lower() == "type" else key


def _place(value: Record) -> str:
    latitude = value.get("latitude", value.get("bf_latitude"))
    longitude = value.get("longitude", value.get("bf_longitude"))
    points = value.get("coordinates")
    if isinstance(points, list) and value.get("type") == "Point" and len(points) >= 2:
        longitude, latitude = points[:2]
    if latitude is None or longitude is None:
        return _text(value)
    return f"{latitude}, {longitude}"


def _address(value: Record, names: tuple[str, str, str]) -> Pairs:
    """Street, postcode and town as one place; then what else the address holds."""
    street, postcode, town = (_text(value.get(name)) for name in names)
    place = ", ".join(filter(None, [street, f"{postcode} {town}".strip()]))
    rest = [(key, _text(inner)) for key, inner in value if key not in names]
    written = _text(value.get("customFormatedAddress"))
    if not place and written:
        place, rest = written, [pair for pair in rest if pair[0] != "customFormatedAddress"]
    return [("place", place), *rest]


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, float):
        return decimal_comma(value)
    if isinstance(value, Record):
        pairs = [(key, _text(inner)) for key, inner in value]
        return " ; ".join(f"{key} : {text}" for key, text in pairs if text)
    if isinstance(value, list):
        return " | ".join(filter(None, map(_text, value)))
    return str(value)
