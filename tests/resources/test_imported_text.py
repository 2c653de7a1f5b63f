"""A cell of an imported file says what was typed in it, as a box of the site does."""

import pytest
from django.core.management import call_command

from commons.resources.case_study import CaseStudy
from tests.contributions.test_typed_text import BULLETS, TYPED, as_read

pytestmark = pytest.mark.usefixtures("library")


def imported(tmp_path, cell: str) -> str:
    """The story of a file of one line, as HTML."""
    path = tmp_path / "grille.csv"
    quoted = cell.replace('"', '""')
    path.write_text(f'title;context\nLe casier;"{quoted}"\n', encoding="utf-8", newline="")
    call_command("import_resources", str(path))
    return CaseStudy.objects.get().context


@pytest.mark.parametrize("typed", [typed for typed in TYPED if "&eacute;" not in typed])
def test_it_is_read_as_it_was_typed(tmp_path, typed):
    assert typed.replace("\r\n", "\n") in as_read(imported(tmp_path, typed))


def test_bullets_are_a_list(tmp_path):
    assert imported(tmp_path, BULLETS).count("<li>") == 3


@pytest.mark.parametrize(
    "link",
    [
        '<a linktype="page" id="1">ici</a>',
        '<a linktype="document" id="1">ici</a>',
        '<a id="1" linktype="page" href="javascript:alert(1)">ici</a>',
        '<a name="haut">ici</a>',
    ],
)
def test_a_link_names_nothing_of_the_site_by_its_number(tmp_path, link):
    assert imported(tmp_path, f"<p>Voir {link}.</p>") == "<p>Voir ici.</p>"


def test_a_link_keeps_its_address_and_nothing_else(tmp_path):
    link = '<a linktype="page" id="1" class="x" href="https://a.example/">ici</a>'
    assert imported(tmp_path, link) == '<p><a href="https://a.example/">ici</a></p>'
