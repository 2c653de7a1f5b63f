"""What a load balancer is told."""

import pytest
from wagtail.models import Site

from commons.scheduled_jobs import run_due

pytestmark = pytest.mark.django_db


def test_process_is_alive(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_site_that_can_serve_is_ready(client, site, settings, tmp_path):
    settings.VAR = tmp_path
    list(run_due())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ready"] is True
    assert {check["ok"] for check in answer.json()["checks"].values()} == {True}
    assert "no-store" in answer["Cache-Control"]


def test_site_without_root_is_not_ready(client, site):
    Site.objects.all().delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["site"]["ok"] is False


def test_jobs_that_stopped_are_told_and_stop_nothing(client, site, settings, tmp_path):
    settings.VAR = tmp_path
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["jobs"]["ok"] is False


def test_dead_database_is_not_ready(client, monkeypatch):
    def dead():
        raise ConnectionError("refused")

    from commons import probes

    dead.__name__ = "database"
    monkeypatch.setattr(probes, "PROBES", [dead, *probes.PROBES[1:]])
    answer = client.get("/readyz")
    assert answer.json()["checks"]["database"] == {"ok": False, "says": "ConnectionError: refused"}
