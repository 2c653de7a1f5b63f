"""The form by which the team uploads a document: subtitles that no player reads are refused."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm

# https://www.w3.org/TR/webvtt1/#file-structure
SIGNATURE = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)")


class DocumentForm(BaseDocumentForm):
    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and "file" in self.changed_data and file.name.lower().endswith(".vtt"):
            check_subtitles(file)
        return file


def check_subtitles(file) -> None:
    """Raise ValidationError when the content of a `.vtt` file is not what its name says."""
    file.seek(0)
    content = file.read()
    file.seek(0)
    if not SIGNATURE.match(content):
        raise ValidationError(
            _(
                "Ce ne sont pas des sous-titres WebVTT : leur première ligne est « WEBVTT ». "
                "Un fichier .srt doit être converti : le renommer ne suffit pas."
            )
        )
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("Enregistrez ces sous-titres en UTF-8 : sinon, les accents seraient illisibles.")
        ) from error
