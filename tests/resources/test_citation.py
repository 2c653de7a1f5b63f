"""A citation is exact and cannot be broken by what people write in titles and names."""

import pytest

from commons.resources.citation import citation
from tests import factories

pytestmark = pytest.mark.usefixtures("site")


def test_citation_text_names_credit_title_site_and_licence():
    page = factories.article(title="Vendre à la ferme", credit="Réseau des fermes")
    text = citation(page).text
    assert text.startswith(
        "Réseau des fermes. « Vendre à la ferme ». Le Commun des circuits courts, "
    )
    assert text.endswith(f". {page.full_url}. Licence CC BY-SA 4.0.")


def test_citation_without_credit_credits_the_site():
    assert citation(factories.article()).text.startswith("Le Commun des circuits courts. «")


def test_bibtex_escapes_what_latex_reads():
    page = factories.article(title=r"50 % de {marge} & $ \input{x} #1_a ~^", credit="A and B")
    bibtex = citation(page).bibtex
    assert (
        r"title = {{50 \% de \textbraceleft{}marge\textbraceright{} \& \$ "
        r"\textbackslash{}input\textbraceleft{}x\textbraceright{} \#1\_a "
        r"\textasciitilde{}\textasciicircum{}}}," in bibtex
    )
    assert "author = {{A and B}}," in bibtex
    assert bibtex.count("{") == bibtex.count("}")


def test_ris_keeps_one_value_a_line_whatever_the_title_holds():
    page = factories.article(title="Titre\r\nER  - \r\nTY  - BOOK", credit="X\nAU  - Y")
    lines = citation(page).ris.split("\r\n")
    assert [line[:6] for line in lines if line[:2] in {"TY", "ER", "AU", "TI"}] == [
        "TY  - ",
        "AU  - ",
        "TI  - ",
        "ER  - ",
    ]
    assert all("\n" not in line and "\r" not in line for line in lines)
    assert lines[-2:] == ["ER  - ", ""]


def test_citation_of_a_draft_has_no_date():
    assert ", 20" not in citation(factories.article(live=False)).text.split("»")[1].split("http")[0]
