"""The doctor names each fault of an installation, and its remedy."""

import datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from commons import health_checks
from commons.members.models import OutgoingMail
from commons.pages.untranslated import leave_untranslated
from commons.scheduled_jobs import run_due
from commons.taxonomy.models import COMMON
from search.embedded.backends import store
from search.models import Document
from tests import factories
from tests.pages.translating import english_library, submit, translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def well(site, settings, tmp_path):
    settings.VAR = tmp_path
    for vocabulary in COMMON:
        factories.term(vocabulary, f"un-{vocabulary}")
    list(run_due())
    return site


def ill():
    return {finding.name for finding in health_checks.findings() if not finding.ok}


def test_nothing_is_wrong_with_a_whole_site(well, capsys):
    call_command("doctor")
    assert capsys.readouterr().out.endswith("All is well.\n")


def test_each_fault_comes_with_its_remedy(well, capsys):
    Site.objects.all().delete()
    with pytest.raises(CommandError, match="1 to mend"):
        call_command("doctor")
    assert "mend: manage.py setup" in capsys.readouterr().out


def test_mail_that_waits_for_an_hour_is_told(well):
    OutgoingMail.objects.create(to=["a@example.org"], subject="Bonjour", content={})
    assert ill() == set()
    OutgoingMail.objects.update(created_at=timezone.now() - datetime.timedelta(hours=2))
    assert ill() == {"mails"}


def test_jobs_that_stopped_are_told(well, settings, tmp_path):
    settings.VAR = tmp_path / "elsewhere"
    assert ill() == {"jobs"}


def test_page_unknown_to_the_index_is_told(well):
    page = factories.article()
    Document.objects.filter(pk=page.pk).delete()
    assert ill() == {"search"}


def test_damaged_index_is_told(well):
    store().drop()
    assert ill() == {"search"}


def test_empty_vocabulary_is_told(well):
    factories.Term.objects.filter(vocabulary="need").delete()
    assert ill() == {"classification"}


def test_misplaced_page_is_told(well):
    Page.objects.filter(slug="se-documenter").update(numchild=7)
    assert ill() == {"tree"}


def test_page_online_with_the_text_of_its_source_is_told(well, capsys):
    library = english_library()
    page = factories.article(title="Vendre au marché")
    submit(page)
    copy = translated(page)
    assert "translations" not in ill()
    Page.objects.filter(pk=copy.pk).update(live=True)  # as before it was refused
    finding = health_checks.translations()
    assert not finding.ok
    assert f"« Vendre au marché » ({library.url}{copy.slug}/)" in finding.says
    assert f"/admin/pages-non-traduites/{copy.pk}/" in finding.mend
    leave_untranslated(copy, by=factories.member(is_superuser=True))
    assert health_checks.translations().ok


def test_media_that_cannot_be_written_are_told(well, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file"
    found = {finding.name: finding for finding in health_checks.findings()}
    assert not found["media"].ok
    assert "writable" in found["media"].mend


def test_static_files_never_collected_are_told(well, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "commons.pages.static.ModuleManifestStorage"},
    }
    settings.STATIC_ROOT = tmp_path / "static"
    settings.WHITENOISE_USE_FINDERS = False
    assert ill() == {"static"}
    call_command("collectstatic", verbosity=0, interactive=False)
    assert ill() == set()
    next((tmp_path / "static" / "css").glob("main.*.css")).unlink()
    assert ill() == {"static"}


def test_lost_files_are_counted(well):
    for name in ("a", "b"):
        document = get_document_model()(title=name, file=ContentFile(b"texte", name=f"{name}.txt"))
        document.save()
        document.get_file_size()
    assert ill() == set()
    Path(document.file.path).unlink()
    found = {finding.name: finding for finding in health_checks.findings()}["files"]
    assert not found.ok
    assert found.says == f"1 documents are missing or damaged, such as {document.file.name}"
    assert "backup" in found.mend
    Path(document.file.path).write_bytes(b"te")
    assert ill() == {"files"}, "half of it is not it"
