"""An import makes drafts, once, and loses nothing in silence."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.refused import Refused
from commons.resources.case_study import CaseStudy
from commons.resources.import_files import read_records
from commons.resources.models import ExternalResource
from tests import factories

HEADER = "title;start;place;country;budget;organisation;employees;actions;themes;couleur"
LINE = "Le casier;Mai 2015;Montvallon;France / Suisse;N/C;Les Casiers;4 ETP;A | B;Courts;vert"


@pytest.fixture
def terms(site):
    return {
        factories.term("theme", "circuits-courts", "Courts"),
        factories.term("territory", "france", "France"),
    }


def run(path, *options) -> str:
    lines = []

    class Out:
        def write(self, text):
            lines.append(text)

    call_command("import_resources", str(path), *options, stdout=Out())
    return "".join(lines)


def written(tmp_path, *lines, encoding="utf-8", name="grille.csv"):
    path = tmp_path / name
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def test_a_line_becomes_a_draft_with_what_is_sure(terms, tmp_path):
    run(written(tmp_path, HEADER, LINE))
    case = CaseStudy.objects.get()
    assert (case.live, case.slug, case.title) == (False, "le-casier", "Le casier")
    assert (case.start_year, case.start_month, case.place) == (2015, 5, "Montvallon")
    assert (case.budget_amount, case.budget_currency) == (None, "")
    assert case.actions.count("<li>") == 2
    assert case.organisations.get().employees == 4
    assert {row.term for row in case.classifications.all()} == terms
    assert case.get_latest_revision_as_object().title == "Le casier"


def test_what_no_field_holds_is_noted(terms, tmp_path):
    run(written(tmp_path, HEADER, LINE))
    note = CaseStudy.objects.get().editor_note.split("\n")
    assert note[0] == "Importée de grille.csv, ligne 2."
    assert note[1:] == [
        "- employees : 4 ETP",
        "- summary : à écrire",
        "- country : Suisse",
        "- couleur : vert",
    ]


def test_nothing_is_imported_twice(terms, tmp_path):
    path = written(tmp_path, HEADER, LINE, LINE, LINE.replace("Le casier", "LE CASIER"))
    assert "1 created, 2 already there, 0 not imported." in run(path)
    assert "0 created, 3 already there, 0 not imported." in run(path)
    assert CaseStudy.objects.count() == 1


def test_the_same_title_elsewhere_is_another_case(terms, tmp_path):
    run(written(tmp_path, HEADER, LINE, LINE.replace("Montvallon", "Valbrune")))
    slugs = CaseStudy.objects.values_list("slug", flat=True).order_by("pk")
    assert list(slugs) == ["le-casier", "le-casier-2"]


def test_an_external_resource_is_identified_by_its_address(library, tmp_path):
    factories.external_resource(url="https://exemple.org/guide")
    header = "kind;title;url;prix"
    lines = [
        "ressource externe;Le guide;http://www.exemple.org/guide/?utm_source=x;",
        "ressource externe;L’autre;https://exemple.org/autre.pdf;",
        "ressource externe;Faux;javascript:alert(1);",
        "martien;Titre;https://exemple.org/x;",
        "ressource externe;;https://exemple.org/sans-titre;",
    ]
    with pytest.raises(CommandError, match="3 lines were not imported"):
        run(written(tmp_path, header, *lines))
    assert ExternalResource.objects.get(live=False).format == "document"
    assert ExternalResource.objects.count() == 2


@pytest.mark.parametrize("there", [1, 30])
def test_what_is_there_is_read_once_for_all_lines(terms, tmp_path, there):
    for number in range(there):
        factories.case_study(title=f"Cas {number}", place="Die")
    lines = [LINE.replace("Le casier", f"Le casier {number}") for number in range(3)]
    run(written(tmp_path, HEADER, *lines))
    with CaptureQueriesContext(connection) as asked:
        assert "3 already there" in run(written(tmp_path, HEADER, *lines))
    reads = [query for query in asked.captured_queries if "case" in query["sql"]]
    assert len(reads) == 1
    assert CaseStudy.objects.count() == there + 3


def test_dry_run_writes_nothing(terms, tmp_path):
    assert "1 created" in run(written(tmp_path, HEADER, LINE), "--dry-run")
    assert not CaseStudy.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_usual_encodings_delimiters_and_french_headers(library, tmp_path, encoding, delimiter):
    lines = ["Titre;Résumé;Lieu de réalisation;Origine et contexte", "Été;À lire;Évry;Déjà là"]
    lines = [line.replace(";", delimiter) for line in lines]
    run(written(tmp_path, *lines, encoding=encoding))
    case = CaseStudy.objects.get()
    assert (case.title, case.summary, case.place) == ("Été", "À lire", "Évry")
    assert case.context == "<p>Déjà là</p>"


def test_json_with_lists_and_numbers(terms, tmp_path):
    record = {"title": "Fiche", "budget": 1200, "themes": ["Courts"], "tags": ["Lait"], "x": {}}
    run(written(tmp_path, json.dumps([record]), name="fiches.json"))
    case = CaseStudy.objects.get()
    assert case.budget_amount == 1200
    assert [tag.name for tag in case.tags.all()] == ["Lait"]


def test_long_and_hostile_values_are_cut_cleaned_and_noted(library, tmp_path):
    lines = [
        "title;summary;place;actions",
        f"T\x0b\ufffe{'t' * 400};{'s' * 400};<b>;<script>x</script>",
    ]
    run(written(tmp_path, *lines))
    case = CaseStudy.objects.get()
    assert len(case.title) == 255
    assert len(case.summary) == 300
    assert "s" * 400 in case.editor_note
    assert "<script" not in case.actions


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"\x00\x01", "a.csv"),
        (b"a;b\n1;2", "a.csv"),
        (b"{", "a.json"),
        (b"[1]", "a.json"),
        (b"[" * 100_000, "a.json"),
        (b"3", "a.json"),
    ],
)
def test_an_unreadable_file_is_refused_in_one_line(library, tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as refusal:
        run(path)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_refused(library, tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        run(tmp_path / "absent.csv")


@pytest.mark.parametrize("depth", [900, 10_000])
def test_a_bottomless_json_is_refused(tmp_path, depth):
    file = tmp_path / "puits.json"
    file.write_text('[{"titre": "x", "resume": ' + "[" * depth + "]" * depth + "}]")
    with pytest.raises(Refused):
        read_records(file)
