"""A backup is whole or refused; restored over nothing, it serves the site again."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from commons import archive, restore
from commons.backup import back_up
from commons.members.models import Member
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
MEDIA = {"images/ferme.jpg": b"\xff\xd8" + bytes(200_000), "media/été.mp3": b"ID3" * 1000}


@pytest.fixture
def backed_up(transactional_db, settings, tmp_path):
    """A small site with media, and the path of its backup."""
    factories.site()
    factories.member("nina@example.org")
    for name, content in MEDIA.items():
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    path = tmp_path / "site.zip"
    back_up(path)
    return path


def altered(path, change):
    """A second archive, made of the first by `change(members, manifest)`."""
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    manifest = json.loads(members.pop(archive.MANIFEST))
    change(members, manifest)
    other = path.with_name("altered.zip")
    with zipfile.ZipFile(other, "w") as written:
        for name, content in members.items():
            written.writestr(name, content)
        written.writestr(archive.MANIFEST, json.dumps(manifest))
    return other


def test_backup_is_for_its_owner_alone_and_leaves_nothing_beside(backed_up):
    assert stat.S_IMODE(backed_up.stat().st_mode) == 0o600
    assert [path.name for path in backed_up.parent.iterdir() if path.is_file()] == ["site.zip"]


def test_backup_does_not_hold_the_key(backed_up, settings):
    with zipfile.ZipFile(backed_up) as whole:
        assert settings.SECRET_KEY not in whole.read(archive.MANIFEST).decode()


def test_failed_backup_leaves_the_older_one(backed_up, settings):
    before = backed_up.read_bytes()
    Path(settings.MEDIA_ROOT, os.fsdecode(b"\xff.jpg")).write_bytes(b"x")
    with pytest.raises(archive.ArchiveError, match="unreadable name"):
        back_up(backed_up)
    assert backed_up.read_bytes() == before
    assert [path.name for path in backed_up.parent.iterdir() if path.is_file()] == ["site.zip"]


def test_missing_folder_is_told_in_one_line(backed_up):
    with pytest.raises(CommandError, match="does not exist"):
        call_command("backup", backed_up.parent / "none" / "site.zip")


def test_dry_run_writes_nothing(backed_up, capsys):
    call_command("backup", backed_up.with_name("other.zip"), dry_run=True)
    assert "2 media files would be written" in capsys.readouterr().out
    assert not backed_up.with_name("other.zip").exists()


@pytest.mark.parametrize("part", [0, 1, 0.1, 0.5, 0.9, 0.999])
def test_archive_cut_short_is_refused(backed_up, part):
    whole = backed_up.read_bytes()
    backed_up.write_bytes(whole[: int(part) if part in (0, 1) else int(len(whole) * part)])
    with pytest.raises(archive.ArchiveError, match="cut short"):
        restore.check(backed_up)


def test_any_damaged_byte_is_refused(backed_up):
    whole = bytearray(backed_up.read_bytes())
    for place in range(40, len(whole) - 200_000, len(whole) // 7):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        backed_up.write_bytes(damaged)
        with pytest.raises(archive.ArchiveError):
            restore.check(backed_up)


def test_archive_with_another_picture_is_refused(backed_up):
    other = altered(backed_up, lambda members, _: members.update({"media/images/ferme.jpg": b"x"}))
    with pytest.raises(archive.ArchiveError, match=r"ferme\.jpg is not what was backed up"):
        restore.check(other)


def test_archive_without_one_of_its_files_is_refused(backed_up):
    other = altered(backed_up, lambda members, _: members.pop("media/images/ferme.jpg"))
    with pytest.raises(archive.ArchiveError, match="does not hold the files"):
        restore.check(other)


@pytest.mark.parametrize("name", ["media/../../passwd", "/etc/passwd", "media\\..\\x"])
def test_archive_that_would_write_elsewhere_is_refused(backed_up, name):
    def escape(members, manifest):
        members[name] = members["media/images/ferme.jpg"]
        manifest["members"][name] = manifest["members"]["media/images/ferme.jpg"]

    with pytest.raises(archive.ArchiveError, match="unsafe name"):
        restore.check(altered(backed_up, escape))


def test_archive_of_a_newer_version_is_refused(backed_up):
    other = altered(backed_up, lambda _, m: m["migrations"].append("pages.0999_tomorrow"))
    with pytest.raises(archive.ArchiveError, match="newer version"):
        restore.check(other)


def test_archive_of_another_kind_of_database_is_refused(backed_up):
    other = altered(backed_up, lambda _, manifest: manifest.update(database="oracle"))
    with pytest.raises(archive.ArchiveError, match="of a oracle database"):
        restore.check(other)


def test_nothing_is_restored_over_a_site(backed_up, settings):
    Path(settings.MEDIA_ROOT, "images/ferme.jpg").write_bytes(b"newer")
    with pytest.raises(CommandError, match=r"not empty\. Nothing was changed"):
        call_command("restore", backed_up)
    assert Path(settings.MEDIA_ROOT, "images/ferme.jpg").read_bytes() == b"newer"
    assert Member.objects.filter(email="nina@example.org").exists()


def test_backup_taken_while_others_write_is_of_one_moment(backed_up, tmp_path):
    """Two names that are always changed together never differ in what was backed up."""
    pair = [factories.member(f"{name}@example.org") for name in "ab"]
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with transaction.atomic():
                for member in pair:
                    Member.objects.filter(pk=member.pk).update(display_name=f"nom {number}")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(3):
            back_up(backed_up)
            names = names_in(backed_up, tmp_path)
            assert names["a@example.org"] == names["b@example.org"]
    finally:
        stop.set()
        writer.join()


def names_in(path, folder):
    """{address: name} of the members in a backup."""
    if connection.vendor == "postgresql":
        with zipfile.ZipFile(path) as whole:
            whole.extract("database.pgdump", folder)
        out = subprocess.run(
            ["pg_restore", "--data-only", "--schema=public", "--table=members_member", "-f", "-",
             str(folder / "database.pgdump")],
            capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
        start = next(n for n, line in enumerate(out) if line.startswith("COPY"))
        columns = out[start].split("(")[1].split(")")[0].split(", ")
        rows = [
            dict(zip(columns, line.split("\t"), strict=True))
            for line in out[start + 1 : out.index("\\.")]
        ]
        return {row["email"]: row["display_name"] for row in rows}
    with zipfile.ZipFile(path) as whole:
        whole.extract("database.sqlite3", folder)
    with closing(sqlite3.connect(folder / "database.sqlite3")) as copied:
        return dict(copied.execute("SELECT email, display_name FROM members_member"))


class Place:
    """A site of its own on this machine, run as an operator would."""

    def __init__(self, folder):
        self.var = folder / "var"
        self.database = f"drill_{os.getpid()}"
        self.env = {**os.environ, "VAR_DIR": str(self.var), "ADMIN_PASSWORD": "une longue phrase"}
        self.env.pop("DJANGO_SETTINGS_MODULE", None)
        if connection.vendor == "postgresql":
            url = os.environ["DATABASE_URL"]
            self.env["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{self.database}"

    def wipe(self):
        shutil.rmtree(self.var, ignore_errors=True)
        self.drop_database()
        if connection.vendor == "postgresql":
            self._sql(f"CREATE DATABASE {self.database}")

    def drop_database(self):
        if connection.vendor == "postgresql":
            self._sql(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def _sql(self, statement):
        from django.db import connections

        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(statement)

    def manage(self, *arguments):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT, env=self.env, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    @contextmanager
    def served(self, port):
        server = subprocess.Popen(
            [sys.executable, "-m", "commons.server", f"127.0.0.1:{port}"],
            cwd=ROOT, env=self.env, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield lambda address: _asked(f"http://127.0.0.1:{port}{address}")
        finally:
            server.terminate()
            server.wait()


def _asked(address):
    """(status, text) of an address; the server may be starting."""
    for _ in range(300):
        try:
            with urlopen(address, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server never answered.")


@pytest.fixture
def place(db, tmp_path):
    site = Place(tmp_path)
    site.wipe()
    yield site
    site.drop_database()


def done(answer):
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="granian shares a socket on Linux")
def test_site_wiped_and_restored_serves_what_it_served(place, tmp_path):
    saved, free_port = tmp_path / "site.zip", 8_500 + os.getpid() % 1_000
    done(place.manage("migrate", "-v", "0"))
    done(place.manage("setup", "nina@example.org"))
    picture = place.var / "media" / "images" / "ferme.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(MEDIA["images/ferme.jpg"])
    done(place.manage("backup", saved))

    again = place.manage("restore", saved)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    place.wipe()
    place.var.mkdir()
    interrupted = place.var / "media" / "images" / "ferme.jpg"  # by a run that was killed
    interrupted.parent.mkdir(parents=True)
    interrupted.write_bytes(picture_bytes := MEDIA["images/ferme.jpg"])
    whole = done(place.manage("restore", saved, "--dry-run"))
    assert "is whole" in whole
    told = done(place.manage("restore", saved, "--verify"))
    assert "the site answers" in told
    assert picture.read_bytes() == picture_bytes

    place.env["SECRET_KEY"] = "another key than the one of the backup 0123456789"
    with place.served(free_port) as ask:
        status, home = ask("/fr/")
        assert status == 200
        assert "Le Commun des circuits courts" in home
        assert ask("/admin/")[0] == 200  # leads to the sign-in
        status, ready = ask("/readyz")
        assert (status, json.loads(ready)["ready"]) == (200, True)
    shutil.rmtree(place.var / "static")
    with place.served(free_port) as ask:
        status, ready = ask("/readyz")
        assert status == 503
        assert "collectstatic" not in ready
        assert json.loads(ready)["checks"]["static"]["ok"] is False
