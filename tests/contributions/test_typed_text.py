"""What people type in a box, from the form to the preview, the published page and back."""

import html
import re

import pytest

from commons.contributions.models import Contribution
from commons.resources.models import Article
from tests import factories
from tests.contributions.form_data import act, posted

pytestmark = pytest.mark.usefixtures("library")
WRITE = "/fr/se-documenter/proposer/article/"
TYPED = [
    "1998. Naissance de l’association.\n2004. Premier magasin.",
    "Fondée le 17. 05. 2026.",
    "+ 20 % de ventes\n> 50 ha\n< 5 ha, ~ 3 km, 5 * 3 * 2",
    "# 1 des ventes\n---\nnom_de_fichier_v2 & C:\\ferme &eacute;",
    "Samedi 9 h – 12 h\r\nMercredi 14 h – 18 h\r\n12, rue du Moulin",
    "1. Labourer\n2. Semer",
]
BULLETS = "• lait\n• œufs\n• pain"


def as_read(page: str) -> str:
    """The body, a line for each line one sees, with plain spaces."""
    lines = re.sub(r"<br ?/?>|</p>", "\n", page)
    return html.unescape(re.sub("<[^>]*>", "", lines)).replace("\u00a0", " ")


@pytest.mark.parametrize("typed", TYPED)
def test_it_is_read_as_it_was_typed(client, typed):
    member = factories.member()
    client.force_login(member)
    expected = typed.replace("\r\n", "\n")
    preview = client.post(WRITE, posted(do="preview", text=typed), follow=True).content.decode()
    assert expected in as_read(preview[preview.index('class="preview"') :].split("<form")[0])
    assert html.escape(expected) in preview.split("<form")[-2] + preview.split("<form")[-1]
    answer = client.post(WRITE, posted(text=typed))
    assert answer.status_code == 302
    contribution = Contribution.objects.get(state="in_review")
    act(contribution, "accept", by=factories.member(is_superuser=True))
    page = client.get(Article.objects.get().url).content.decode()
    assert expected in as_read(page[page.index("<main") :])


def test_bullets_are_a_list(client):
    preview = client.post(WRITE, posted(do="preview", text=BULLETS), follow=True).content.decode()
    shown = preview[preview.index('class="preview"') :]
    assert re.findall("<li>(.*?)</li>", shown)[:3] == ["lait", "œufs", "pain"]


@pytest.mark.parametrize("typed", ["  retrait\n\tonglet \n\n\n## Titre\n- 20 %\n", *TYPED, BULLETS])
def test_editing_again_gives_back_what_was_typed(client, typed):
    answer = client.post(WRITE, posted(do="save", text=typed))
    page = client.get(answer.url).content.decode()
    shown = re.search(r'<textarea name="text"[^>]*>\r?\n(.*?)</textarea>', page, re.DOTALL)[1]
    assert html.unescape(shown) == typed.replace("\r\n", "\n")


def test_the_help_names_the_signs_and_they_work(client):
    page = client.get(WRITE).content.decode()
    said = html.unescape(re.search(r'id="id_text_helptext">(.*?)</p>', page)[1])
    named = re.findall(r"«\s(.*?)\s»", said)
    assert named == [
        "##\xa0Intertitre",
        "-\u2060\xa0point de liste",
        "**gras**",
        "[texte]\u2060(https://adresse)",
    ]
    preview = client.post(
        WRITE, posted(do="preview", text="\n\n".join(named)), follow=True
    ).content.decode()
    for shown in (
        "<h2>Intertitre</h2>",
        "<li>point de liste</li>",
        "<strong>gras</strong>",
        '<a href="https://adresse">texte</a>',
    ):
        assert shown in preview


def test_a_short_item_keeps_its_sign(client):
    client.force_login(factories.member())
    items = "- Trouver l’argent\n• Se mettre d’accord\n- 20 % de marge\n-5 °C\n- \n+ 3 jours"
    case = posted("etude-de-cas", difficulties=items)
    client.post(WRITE.replace("article", "etude-de-cas"), case)
    page = Contribution.objects.get().page.specific
    assert [lesson.text for lesson in page.lessons.all()] == [
        *("Trouver l’argent", "Se mettre d’accord", "- 20 % de marge", "-5 °C", "+ 3 jours"),
    ]
