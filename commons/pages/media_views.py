"""Pictures and recordings at their addresses; documents are Wagtail's, which asks who reads."""

from mimetypes import guess_type
from posixpath import normpath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404
from django.utils._os import safe_join
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import NotARegularFileError, StaticFile

# A new picture has a new name, a new size too: what a browser has, it may keep.
DAYS_KEPT = {"images/": 365, "original_images/": 365, "avatar_images/": 1, "media/": 365}


def picture(request, path):
    """A picture, whole or the bytes asked for, as WhiteNoise answers for static files."""
    path = normpath(path).lstrip("/")
    days = next((DAYS_KEPT[folder] for folder in DAYS_KEPT if path.startswith(folder)), None)
    if days is None:
        raise Http404
    headers = [
        ("Content-Type", guess_type(path)[0] or "application/octet-stream"),
        ("Cache-Control", f"public, max-age={days * 86_400}"),
    ]
    try:
        found = StaticFile(safe_join(settings.MEDIA_ROOT, path), headers)
    except (NotARegularFileError, SuspiciousFileOperation, ValueError, OSError):
        raise Http404 from None
    return WhiteNoiseMiddleware.serve(found, request)
