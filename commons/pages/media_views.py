"""Pictures at their own addresses; documents are Wagtail's, which asks who may read them."""

from posixpath import normpath

from django.conf import settings
from django.http import Http404
from django.views.static import serve

PICTURES = ("images/", "original_images/", "avatar_images/")


def picture(request, path):
    path = normpath(path).lstrip("/")
    if not path.startswith(PICTURES):
        raise Http404
    return serve(request, path, settings.MEDIA_ROOT)
