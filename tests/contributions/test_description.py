"""What was typed, said in words for a preview and for an export."""

import pytest

from commons.contributions.description import describe_contribution, preview
from commons.network.contribution_forms import EventForm
from commons.resources.contribution_forms import ArticleForm
from tests import factories
from tests.contributions.form_data import data, drafted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("library")]
LICENCE = str(ArticleForm.base_fields["licence_ok"].label)


def facts(form=ArticleForm, **typed) -> dict[str, list[str]]:
    typed = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return {str(label): lines for label, lines in preview(typed, form).facts}


@pytest.mark.parametrize(
    ("typed", "lines"), [("on", ["oui"]), ("true", ["oui"]), ("false", None), ("", None)]
)
def test_only_what_is_ticked_says_yes(typed, lines):
    assert facts(licence_ok=typed).get(LICENCE) == lines


def test_an_option_label_is_shown_without_its_indentation():
    country = factories.term("territory", "france")
    factories.term("territory", "drome", "Drôme", parent=country)
    assert facts(terms_territory="drome") == {"Territoire": ["Drôme"]}


def test_dates_and_times_are_formatted_as_on_pages():
    typed = {"session_day": "2027-07-01", "session_start": "21:00", "session_end": "01:00"}
    assert facts(EventForm, **typed) == {
        "Date": ["jeudi 1er juillet 2027"],
        "Heure de début": ["21\u00a0h"],
        "Heure de fin": ["1\u00a0h (le lendemain)"],
    }
    typed |= {"session_end_day": "2027-07-04", "session_end": "17 h 30"}
    assert facts(EventForm, **typed)["Heure de fin"] == ["17\u00a0h\u00a030"]


@pytest.mark.parametrize("typed", ["bientôt", "25:61", "0001-01-01", ""])
def test_a_day_or_an_hour_that_says_nothing_stays_as_it_was_typed(typed):
    told = facts(EventForm, session_day=typed, session_start=typed, session_end=typed)
    assert told.get("Heure de fin", [""]) == [typed]


def test_the_export_says_the_same_and_what_only_the_team_read():
    row = drafted(
        factories.member(), text="## Ouvrir\n\n- un stand", message="Merci !\nLéa", licence_ok="on"
    )
    told = dict(describe_contribution(row))
    assert told["Un mot pour la modération"] == "Merci !\nLéa"
    assert told["Votre texte"] == "## Ouvrir\n\n- un stand"
    assert told[LICENCE] == "oui"
    shown = preview(data(text="## Ouvrir\n\n- un stand"), ArticleForm)
    assert [str(label) for label, _html in shown.texts] == ["Votre texte"]
    for label, lines in shown.facts:
        assert told[str(label)] == "\n".join(lines)


def test_each_of_several_choices_stands_on_a_line_of_its_own():
    names = {"dechets": "Gaspillage, déchets", "bio": "Agriculture biologique"}
    for slug, name in names.items():
        factories.term("theme", slug, name)
    assert facts(terms_theme=["dechets", "bio"]) == {"Thème": [*names.values()]}


def test_preview_of_an_empty_form_says_so(client):
    html = client.post("/fr/se-documenter/proposer/article/", {"do": "preview"}, follow=True).text
    assert "Rien n’est encore écrit." in html
