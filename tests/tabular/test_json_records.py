"""The JSON of neighbours is read for what it is, or refused for the true reason."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.refused import Refused
from commons.resources.import_columns import is_title
from commons.tabular.json_records import read_json

GEOJSON = {
    "type": "FeatureCollection",
    "name": "Initiatives du Gard",
    "features": [
        {
            "type": "Feature",
            "id": "node/7",
            "properties": {"name": "Le casier", "type": "AMAP", "surface": 2.5},
            "geometry": {"type": "Point", "coordinates": [4.4196, 44.0121]},
        },
        {
            "type": "Feature",
            "properties": {"name": "Le canal"},
            "geometry": {"type": "LineString", "coordinates": [[4.1, 44.1], [4.2, 44.2]]},
        },
        {"type": "Feature", "properties": {"name": "Partout"}, "geometry": None},
    ],
}
GOGOCARTO = {
    "licence": "https://opendatacommons.org/licenses/odbl/summary/",
    "ontology": "gogofull",
    "data": [
        {
            "id": "5zW",
            "name": "Le casier",
            "geo": {"latitude": 44.0121, "longitude": 4.4196},
            "address": {
                "streetAddress": "12 rue du Moulin",
                "addressLocality": "Uzès",
                "postalCode": "30700",
                "addressCountry": "FR",
            },
            "createdAt": "2018-03-01T12:00:00+01:00",
            "categories": ["Épicerie", "Vrac"],
            "categoriesFull": [{"id": 7, "name": "Épicerie", "description": "", "index": 0}],
            "website": "https://casier.example",
            "openHours": {"Mo": "09:00-12:00", "Tu": None},
        }
    ],
}
COMPACT = {
    "licence": "https://opendatacommons.org/licenses/odbl/summary/",
    "mapping": ["id", ["name"], "latitude", "longitude", "status", "moderationState"],
    "ontology": "gogocompact",
    "data": [["5zW", ["Le casier"], 44.0121, 4.4196, 1, 0], ["5zX", ["La ferme"], 44.1, 4.5, 1]],
}
YESWIKI = {
    "LeCasier": {
        "id_typeannonce": "4",
        "bf_titre": "Le casier",
        "bf_description": "<p>Une épicerie.</p>",
        "bf_adresse": "12 rue du Moulin",
        "listeListeTypeDeStructure": "2",
        "checkboxListeProduits": "1,3",
        "geolocation": {"bf_latitude": "44.0121", "bf_longitude": "4.4196"},
        "id_fiche": "LeCasier",
        "date_creation_fiche": "2019-05-02 10:11:12",
        "statut_fiche": "1",
    },
    "LaFerme": {"bf_titre": "La ferme", "id_fiche": "LaFerme", "type": "maraîchage"},
}


def records(data) -> list[dict]:
    text = data if isinstance(data, str) else json.dumps(data)
    return [dict(pairs) for _number, pairs in read_json(text, is_title=is_title)]


def test_geojson():
    first, second, third = records(GEOJSON)
    assert first == {
        "type d’origine": "Feature",
        "id": "node/7",
        "name": "Le casier",
        "surface": "2,5",
        "coordonnées": "44.0121, 4.4196",
    } | {"type d’origine": "AMAP"}
    assert "4,1" in second["coordonnées"]
    assert third["name"] == "Partout"


def test_gogocarto():
    (record,) = records(GOGOCARTO)
    assert record["name"] == "Le casier"
    assert record["place"] == "12 rue du Moulin, 30700 Uzès"
    assert record["addressCountry"] == "FR"
    assert record["coordonnées"] == "44.0121, 4.4196"
    assert record["categories"] == "Épicerie | Vrac"
    assert record["openHours"] == "Mo : 09:00-12:00"
    assert record["createdAt"].startswith("2018")


def test_gogocarto_compact():
    first, second = records(COMPACT)
    assert (first["name"], first["latitude"], first["status"]) == ("Le casier", "44,0121", "1")
    assert second["name"] == "La ferme"


def test_yeswiki():
    first, second = records(YESWIKI)
    assert first["bf_titre"] == "Le casier"
    assert first["coordonnées"] == "44.0121, 4.4196"
    assert first["checkboxListeProduits"] == "1,3"
    assert second["type d’origine"] == "maraîchage"
    assert records(list(YESWIKI.values())) == [first, second]


@pytest.mark.parametrize(
    "text",
    [
        '[{"titre": "A", "note": "UN", "note": "DEUX"}]',
        '{"licence": [], "fiches": [{"titre": "A", "note": "UN", "note": "DEUX"}]}',
        '{"reponse": {"total": 1, "data": [{"titre": "A", "note": "UN", "note": "DEUX"}]}}',
        '{"titre": "A", "note": "UN", "note": "DEUX"}',
        '{"titre": "A", "note": "UN", "note": "DEUX"}\n{"titre": "B"}\n',
        '[["titre", "note", "note"], ["A", "UN", "DEUX"]]',
    ],
)
def test_two_equal_keys_stay_two_wherever_the_records_stand(text):
    _number, pairs = read_json(text, is_title=is_title)[0]
    assert pairs == [("titre", "A"), ("note", "UN"), ("note", "DEUX")]


@pytest.mark.parametrize(
    "data",
    [
        {"elements": [{"type": "node", "id": 1, "tags": {"name": "A", "shop": "farm"}}]},
        {"records": [{"id": "rec1", "fields": {"Nom": "A", "shop": "farm"}}]},
        {"features": [{"attributes": {"NOM": "A", "shop": "farm"}, "geometry": {"x": 1, "y": 2}}]},
    ],
)
def test_what_wraps_a_record_is_opened(data):
    (record,) = records(data)
    assert "A" in record.values()
    assert record["shop"] == "farm"


def test_the_address_of_yeswiki_is_one_place():
    (record,) = records([{"bf_titre": "A", "bf_adresse": "1 rue X", "bf_ville": "Uzès"}])
    assert record == {"place": "1 rue X, Uzès", "bf_titre": "A"}


def test_what_a_record_holds_is_no_list_of_records():
    (record,) = records({"titre": "A", "auteurs": [{"nom": "B"}, {"nom": "C"}]})
    assert record == {"titre": "A", "auteurs": "nom : B | nom : C"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "ne peut pas être lu"),
        ("3", "une seule valeur"),
        ("[1]", "liste sans objets"),
        ("[]", "liste vide"),
        ("{}", "ni titre ni nom"),
        ('{"type": "Topology", "objects": {}}', "type, objects"),
        ('[{"libelle_long": "x", "cp": 1}]', "libelle_long, cp"),
        ('{"type": "FeatureCollection", "features": []}', "type, features"),
        ('[{"titre": ""}]', "ni titre ni nom"),
        ("[" * 100_000, "ne peut pas être lu"),
        ('[{"titre": "x", "y": ' + "[" * 60 + "]" * 60 + "}]", "imbriqué"),
    ],
)
def test_what_cannot_be_read_is_refused_for_its_reason(text, reason):
    with pytest.raises(Refused, match=reason):
        records(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["titre", "data", "mapping", "geo", "x"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(JSON)
def test_any_json_is_read_or_refused(data):
    with suppress(Refused):
        records(data)
