"""The subtitles of a film are shown by the player, and can be turned off and on."""

import base64

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtailmedia.models import Media

from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CUE = "WEBVTT\n\n00:00.000 --> 00:09.000\nÀ table\n"
# Two seconds of a grey square, which the browser itself films.
FILM = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  for (let turn = 0; turn < 20; turn += 1) {
    pen.fillStyle = turn % 2 ? "grey" : "silver";
    pen.fillRect(0, 0, 64, 64);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""


def test_subtitles_are_shown_and_can_be_chosen(open_page, site):
    captions = Document.objects.create(
        title="Sous-titres", file=ContentFile(CUE.encode(), "atelier.vtt")
    )
    film = Media.objects.create(
        title="Atelier", type="video", file=ContentFile(b"\0", "atelier.webm")
    )
    address = factories.recording(file=film, captions=captions).get_url()
    page = open_page("/fr/se-documenter/")
    film.file.save("atelier.webm", ContentFile(base64.b64decode(page.evaluate(FILM))))
    page = open_page(address, width=360)
    player = page.locator("video")
    player.evaluate("async (film) => { film.muted = true; await film.play(); }")
    page.wait_for_function(
        "document.querySelector('video').textTracks[0].activeCues?.length === 1", timeout=10_000
    )
    track = player.evaluate(
        "(film) => { const one = film.textTracks[0];"
        " return [one.mode, one.label, one.language, one.activeCues[0].text]; }"
    )
    assert track == ["showing", "Sous-titres", "fr", "À table"]
    player.evaluate("(film) => { film.textTracks[0].mode = 'disabled'; }")
    assert player.evaluate("(film) => film.textTracks[0].mode") == "disabled"
