"""What is too long or comes too often is refused with a sentence, and nothing typed is lost."""

import html

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import OperationalError, connection

from commons.contributions import rate_limits
from commons.contributions.models import Contribution
from commons.pages.disk_full import HonestDatabaseCache, is_disk_full
from tests.contributions.form_data import posted

pytestmark = pytest.mark.usefixtures("library")
WRITE = "/fr/se-documenter/proposer/article/"
CASE = "/fr/se-documenter/proposer/etude-de-cas/"


def body_of(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("do", ["save", "preview", "send"])
def test_a_text_too_long_is_refused_and_shown_again_whole(client, do):
    text = "é" * rate_limits.VALUE_LENGTH + " fin"
    answer = client.post(WRITE, posted(do=do, text=text))
    assert answer.status_code == 200
    assert "l’un de vos textes compte 60004 caractères" in body_of(answer)
    assert text in body_of(answer)
    assert Contribution.objects.count() == 0


def test_saving_by_itself_says_why_not(client):
    answer = client.post(WRITE, posted(do="autosave", text="a" * 60_001))
    assert answer.status_code == 409
    assert "Rien n’est enregistré" in answer.json()["text"]


def test_a_draft_too_long_is_refused(client):
    names = ("context", "actions", "results", "difficulties")
    answer = client.post(
        CASE, posted("etude-de-cas", do="save", **dict.fromkeys(names, "a" * 59_000))
    )
    assert "votre proposition compte 236" in body_of(answer)
    assert Contribution.objects.count() == 0


def test_one_network_fills_no_disk(client):
    """Thirty drafts of 2.4 MB an hour were kept, 71 MB from one address."""
    names = ("context", "actions", "results")
    for _ in range(40):
        answer = client.post(
            CASE, posted("etude-de-cas", do="save", **dict.fromkeys(names, "é" * 60_000))
        )
    assert "trop de brouillons viennent de votre connexion" in body_of(answer)
    stored = sum(rate_limits.length_of(found.data) for found in Contribution.objects.all())
    assert stored <= rate_limits.DRAFTED_AN_HOUR
    # Somebody at home goes on.
    answer = client.post(WRITE, posted(do="save"), REMOTE_ADDR="192.0.2.77")
    assert answer.status_code == 302


def test_a_draft_grows_and_shrinks_for_an_hour(client):
    """Saved every three seconds by itself, it counts what is added and no more."""
    draft = client.post(WRITE, posted(do="save", text="")).url
    for length in range(1, 60):
        client.post(draft, posted(do="autosave", text="a" * length * 1000))
    assert client.post(draft, posted(do="autosave", text="a" * 60_000)).status_code == 200


def test_the_same_draft_is_not_previewed_for_ever(client):
    draft = client.post(WRITE, posted(do="save")).url
    for number in range(1, 41):
        answer = client.post(draft, posted(do="preview", text=f"Version {number}"), follow=True)
        assert answer.status_code == 200
        limited = number > rate_limits.PREVIEWS_AN_HOUR
        assert ("Vous avez demandé beaucoup d’aperçus" in body_of(answer)) == limited
        assert ('class="preview"' in body_of(answer)) != limited
        assert f"Version {number}" in body_of(answer)
        assert Contribution.objects.get().data["text"] == [f"Version {number}"]


def test_one_network_previews_so_much(client, monkeypatch):
    monkeypatch.setattr(rate_limits, "SOURCE_PREVIEWS_AN_HOUR", 3)
    answers = [client.post(WRITE, posted(do="preview"), follow=True) for _ in range(4)]
    said = ["beaucoup d’aperçus" in body_of(answer) for answer in answers]
    assert said == [False, False, False, True]


def test_a_link_counts_once():
    text = "[a](https://a.fr) [b](www.b.fr) https://www.c.fr www.d.fr"
    assert len(rate_limits.LINK.findall(text)) == 4


class TestDiskFull:
    @pytest.fixture
    def cache_table(self, db):
        call_command("createcachetable", "cache_entries")

    @pytest.fixture
    def full(self, client, cache_table):
        """A database that answers as SQLite does when nothing can be written any more."""
        client.get(WRITE)  # the first page of a site writes its details

        def refuse(execute, sql, params, many, context):
            if sql.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
                raise OperationalError("database or disk is full")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(refuse):
            yield

    @pytest.mark.parametrize("do", ["save", "preview", "send"])
    def test_refusal_is_shown_with_what_was_typed(self, client, full, do):
        answer = client.post(WRITE, posted(do=do, text="Deux ans de travail"))
        assert answer.status_code == 503
        assert "ce n’est pas de votre fait" in body_of(answer)
        assert "Deux ans de travail</textarea>" in body_of(answer)

    def test_autosave_reports_the_refusal(self, client, full):
        answer = client.post(WRITE, posted(do="autosave"))
        assert answer.status_code == 503
        assert "ne peut rien enregistrer" in answer.json()["text"]

    def test_is_no_limit_of_tries(self, client, full, monkeypatch):
        ours = HonestDatabaseCache("cache_entries", {})
        monkeypatch.setattr("allauth.core.internal.ratelimit.cache", ours)
        answer = client.post("/compte/login/", {"login": "a@b.fr", "password": "x" * 12})
        assert answer.status_code == 503
        assert "Trop d’essais" not in body_of(answer)
        assert "ce n’est pas de votre fait" in body_of(answer)

    def test_a_key_that_another_holds_is_no_full_disk(self, cache_table):
        ours = HonestDatabaseCache("cache_entries", {})
        assert ours.add("a", 1)
        assert not ours.add("a", 2)
        cache.clear()

    def test_what_a_full_disk_says(self):
        assert is_disk_full(OSError(28, "No space left on device"))
        assert is_disk_full(OperationalError("database or disk is full"))
        assert not is_disk_full(OSError(2, "No such file"))
        assert not is_disk_full(OperationalError("database is locked"))
        assert not is_disk_full(ValueError("disk is full"))
