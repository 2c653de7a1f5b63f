"""Files that people made come in as they were written, or not at all."""

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commons.refused import Refused
from commons.resources.case_study import CaseStudy
from commons.resources.import_files import read_records
from commons.resources.models import ExternalResource
from tests.tabular.test_json_records import COMPACT, GEOJSON, GOGOCARTO, YESWIKI


@pytest.fixture
def imported(library, tmp_path):
    """Import a file of these bytes; gives what was printed."""

    def run(content: bytes | str, *options: str, name: str = "grille.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        call_command("import_resources", str(path), *options, stdout=out)
        return out.getvalue()

    return run


def case(**fields) -> CaseStudy:
    return CaseStudy.objects.get(**fields)


def test_excel_for_mac(imported):
    lines = ["Titre;Lieu;Contexte", "Épicerie d’été à Évreux;Évreux;Créée par des bénévoles"]
    printed = imported("\r".join(lines).encode("mac_roman"))
    assert (case().title, case().place) == ("Épicerie d’été à Évreux", "Évreux")
    assert case().slug == "epicerie-dete-a-evreux"
    assert case().context == "<p>Créée par des bénévoles</p>"
    assert "read as: mac_roman, délimiteur : point-virgule; 1 records" in printed


def test_one_odd_byte_is_mended_and_named(imported):
    good = "Titre;Lieu\nÉpicerie de l’été;Évry\nLa fête;Uzès\nLe canal;Alès\n".encode()
    printed = imported(good + b"Ferme du Pr\xe9;Mende\n")
    titles = CaseStudy.objects.order_by("pk").values_list("title", flat=True)
    assert [*titles] == ["Épicerie de l’été", "La fête", "Le canal", "Ferme du Pré"]
    assert "warning: ligne 5, lettres à vérifier : Ferme du Pré;Mende" in printed
    assert "- encodage : lettres à vérifier" in case(title="Ferme du Pré").editor_note
    assert "encodage" not in case(title="La fête").editor_note


def test_an_unsure_encoding_writes_nothing_until_it_is_named(imported):
    raw = "Titre;Lieu\nNoël;Alès\n".encode("cp850").replace("è".encode("cp850"), b"e")
    with pytest.raises(CommandError, match="cp850"):
        imported(raw)
    assert not CaseStudy.objects.exists()
    imported(raw, "--encoding", "cp850")
    assert case().title == "Noël"


@pytest.mark.parametrize("quote", ["", '"'])
def test_commas_in_a_header(imported, quote):
    header = f"{quote}Objectifs (sociaux, économiques, environnementaux, autres){quote}"
    imported(f"Titre;{header};Lieu\nLe casier;Livrer mieux;Uzès\n")
    assert (case().title, case().place) == ("Le casier", "Uzès")
    assert case().objectives == "<p>Livrer mieux</p>"


SAME_TWICE = [
    ["Titre", "Lieu", "Commentaire", "Commentaire", "Résultats", "Résultats"],
    ["Le casier", "Uzès", "UN", "DEUX", "R1", "R2"],
]


def workbook(rows) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def as_json(rows) -> str:
    pairs = zip(*rows, strict=True)
    return "[{" + ",".join(f"{json.dumps(a)}:{json.dumps(b)}" for a, b in pairs) + "}]"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\n".join(map(";".join, SAME_TWICE)), "a.csv"),
        (workbook(SAME_TWICE), "a.xlsx"),
        (as_json(SAME_TWICE), "a.json"),
    ],
    ids=["csv", "xlsx", "json"],
)
def test_the_same_header_twice_loses_nothing(imported, content, name):
    imported(content, name=name)
    assert case().results == "<p>R1</p>\n<p>R2</p>"
    note = case().editor_note.split("\n")
    assert {"- Commentaire : UN", "- Commentaire (2) : DEUX"} <= set(note)


def test_headers_that_differ_by_nothing_that_one_sees(imported):
    header = (
        "TITRE ;Lieu;Résultats;resultats;Ré\u00adsul\u200btats\u00a0;Difficultés;difficulte s;;"
    )
    imported(f"{header}\nLe casier;Uzès;R1;R2;R3;D1;D2;sans;titre;de plus\n")
    assert case().results == "<p>R1</p>\n<p>R2</p>\n<p>R3</p>"
    assert [lesson.text for lesson in case().lessons.all()] == ["D1"]
    for lost in ("D2", "sans", "titre", "de plus"):
        assert f": {lost}" in case().editor_note


def test_columns_of_one_list_are_one_list(imported):
    imported(
        "Titre;Difficultés;Difficulté\nLe casier;A | B;C\n".replace("Difficulté\n", "difficultes\n")
    )
    assert [lesson.text for lesson in case().lessons.all()] == ["A", "B", "C"]


def test_two_places_keep_both(imported):
    imported("Titre;Lieu;Localisation;Lieu\nLe casier;Uzès;Gard;Uzès\n")
    assert case().place == "Uzès"
    assert "- Localisation : Gard" in case().editor_note
    assert "Uzès" not in case().editor_note


@pytest.mark.parametrize(
    ("text", "amount"), [("0,375 M€", 375_000), ("1,125 M€", 1_125_000), ("2,345 k€", 2_345)]
)
def test_budgets_with_three_decimals(imported, text, amount):
    imported(f"Titre;Budget\nLe casier;{text}\n")
    assert (case().budget_amount, case().budget_currency) == (amount, "EUR")
    assert "budget" not in case().editor_note


def test_an_ambiguous_budget_is_noted(imported):
    imported("Titre;Budget\nA;12,000 €\nB;38.000 €\nC;0,375\n")
    assert case(title="A").budget_amount is None
    for title, text in (("A", "12,000 €"), ("B", "38.000 €"), ("C", "0,375")):
        assert f"- budget : {text}" in case(title=title).editor_note


def test_the_unit_of_a_header_counts(imported):
    imported("Titre;Budget (k€);Structure;Salariés (ETP)\nLe casier;375;Les Casiers;4\n")
    assert (case().budget_amount, case().budget_currency) == (375_000, "EUR")
    assert "- employees : 4 ETP" in case().editor_note


def test_html_in_cells(imported):
    story = "<p>Créée en <strong>2015</strong></p><ul><li>lait</li></ul>"
    summary = "<p>Un résumé &eacute;crit.</p>"
    imported(f'Titre;Résumé;Contexte\n"L&#039;épi";"{summary}";{story}\n')
    assert (case().title, case().summary) == ("L'épi", "Un résumé écrit.")
    assert case().context == story


HTML = [
    ("<script>alert(1)</script><p onclick='x()'>Lait</p>", "<p>Lait</p>"),
    ('<a href="javascript:alert(1)">Lait</a>', "<p>Lait</p>"),
    ("<div>Lait</div><div>Œufs</div>", "<p>Lait</p><p>Œufs</p>"),
    ("Lait<br>Œufs", "<p>Lait<br>Œufs</p>"),
    ("&lt;p&gt;Lait &amp;amp; miel&lt;/p&gt;", "<p>Lait &amp; miel</p>"),
    ("<table><tr><td>Lait</td><td>3</td></tr></table>", "<p>Lait 3 </p>"),
    ("<h1>Lait</h1><p></p>", "<h2>Lait</h2>"),
    ("Fermes &lt; 5 ha &amp; plus", "<p>Fermes &lt; 5 ha &amp; plus</p>"),
    ("Fermes < 5 ha, a <b et c> d", "<p>Fermes &lt; 5 ha, a &lt;b et c&gt; d</p>"),
    ("<svg/onload=alert(1)>", "<p>&lt;svg/onload=alert(1)&gt;</p>"),
]


@pytest.mark.parametrize(("cell", "expected"), HTML)
def test_html_is_kept_cleaned_or_escaped(imported, cell, expected):
    imported(json.dumps([{"titre": "A", "contexte": cell}]), name="a.json")
    assert case().context.replace("\n", "") == expected


def test_html_in_plain_fields(imported):
    record = {
        "titre": "<b>Le</b>&nbsp;casier",
        "lieu": "12 rue du Moulin<br />30700 Uzès",
        "difficultes": "<ul><li>le prix</li><li>le temps</li></ul>",
        "commentaire": '<p>Voir <a href="https://exemple.org/x">le site</a></p>',
        "contexte": '<p>Une photo</p><img src="https://exemple.org/p.jpg">',
    }
    imported(json.dumps([record]), name="a.json")
    assert (case().title, case().place) == ("Le casier", "12 rue du Moulin, 30700 Uzès")
    assert [lesson.text for lesson in case().lessons.all()] == ["le prix", "le temps"]
    assert "- commentaire : Voir le site (https://exemple.org/x)" in case().editor_note
    assert "- context : https://exemple.org/p.jpg" in case().editor_note


@pytest.mark.parametrize("data", [GEOJSON, GOGOCARTO, COMPACT, YESWIKI])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_neighbours_are_imported_once(imported, data, mark):
    text = mark + json.dumps(data, ensure_ascii=False)
    assert " 0 not imported" in imported(text, name="carte.json")
    assert "Le casier" in set(CaseStudy.objects.values_list("title", flat=True))
    number = CaseStudy.objects.count()
    assert f"0 created, {number} already there" in imported(text, name="carte.json")


def test_what_a_neighbour_says_stands_in_fields_or_in_the_note(imported):
    imported(json.dumps(GOGOCARTO), name="carte.json")
    assert case().place == "12 rue du Moulin, 30700 Uzès"
    note = case().editor_note
    for text in ("44.0121, 4.4196", "Épicerie | Vrac", "https://casier.example", "2018-03-01"):
        assert text in note
    assert case().start_year is None


def test_yeswiki_html_becomes_the_story(imported):
    imported(json.dumps(YESWIKI), name="bazar.json")
    assert case(title="Le casier").context == "<p>Une épicerie.</p>"


def test_an_address_in_the_street_is_no_site(imported):
    imported("Titre;Adresse\nA;12 rue du Moulin\nB;https://exemple.org/b\n")
    imported("Titre;Adresse;Lieu\nC;12 rue du Moulin;Uzès\n")
    assert case(title="C").place == "Uzès"
    assert "- Adresse : 12 rue du Moulin" in case(title="C").editor_note
    assert case(title="A").place == "12 rue du Moulin"
    assert ExternalResource.objects.get().url == "https://exemple.org/b"


def test_names_in_other_scripts_are_distinct(imported):
    imported("Titre;Lieu\n日本;Uzès\n中国;Uzès\n‹‹ ››;Uzès\n")
    slugs = CaseStudy.objects.order_by("pk").values_list("slug", flat=True)
    assert [*slugs] == ["riben", "zhongguo", "fiche"]
    assert "3 already there" in imported("Titre;Lieu\n日本;Uzès\n中国;Uzès\n‹‹ ››;Uzès\n")


def test_a_dry_run_shows_how_the_file_was_read(imported):
    content = "Export du 3 mars\nTitre,Lieu,Couleur\nLe casier,Évreux,vert\n".encode("cp1252")
    printed = imported(content, "--dry-run").split("\n")
    assert printed[:6] == [
        "read as: cp1252, délimiteur : virgule; 1 records",
        "warning: au-dessus des colonnes, passé : Export du 3 mars",
        "line 3 as read:",
        "  title: Le casier",
        "  place: Évreux",
        "  Couleur: vert",
    ]
    assert not CaseStudy.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"couleur;lieu\nvert;Mende\n", "a.csv", "pas de titre|n’a de titre"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00", "a.csv", "pas un fichier de texte"),
        (b"PK\x03\x04zzzz", "a.csv", "classeur"),
        ("Titre;Lieu\nNoël;x\n".encode("cp850"), "a.csv", "encodage"),
        (b'Titre;Lieu\nA;x\n"B;y\nC;z\n', "a.csv", "guillemet"),
        (b'{"type": "FeatureCollection", "features": []}', "a.geojson", "features"),
    ],
)
def test_a_wrong_file_writes_nothing_and_says_why(imported, content, name, reason):
    with pytest.raises(CommandError, match=reason) as error:
        imported(content, name=name)
    assert "\n" not in str(error.value)
    assert not CaseStudy.objects.exists()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.json", "a.xlsx"]))
def test_any_bytes_are_read_or_refused(tmp_path, raw, name):
    path = tmp_path / name
    path.write_bytes(raw)
    try:
        assert read_records(path).records
    except Refused as refusal:
        assert str(refusal)  # noqa: PT017
