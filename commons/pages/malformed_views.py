"""Requests that no form of the site sends: refused here, above Django's and Wagtail's own views."""

import logging
import traceback
from pathlib import Path

from django.core.exceptions import FieldError, ValidationError
from django.db import DataError
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.http import parse_header_parameters
from modelsearch.backends.base import FieldError as SearchFieldError

logger = logging.getLogger(__name__)

HOUSE = Path(__file__).resolve().parents[2]
OURS = (str(HOUSE / "commons"), str(HOUSE / "search"))
THEIRS = ("wagtail", "modelsearch", "allauth")
LENT = ("/admin/", "/compte/")  # where most views are theirs
LARGEST = 2**31 - 1  # what a primary key of PostgreSQL holds
DIGITS = len(str(LARGEST))
# How a view of Wagtail or allauth breaks on a parameter that it did not check.
UNCHECKED = (ValueError, OverflowError, KeyError, AttributeError, TypeError, RecursionError)
UNCHECKED += (DataError, ValidationError, FieldError, SearchFieldError, NoReverseMatch)


def with_known_charset(application):
    """A WSGI application in front of another: bodies and addresses are UTF-8, whatever is said.

    Django reads a request, its address too, in any encoding that Python knows; some are no
    encoding of text, and a header that cannot be parsed breaks the request before any middleware.
    """

    def clean(environ, start_response):
        said = environ.get("CONTENT_TYPE")
        if said and ";" in said:
            environ["CONTENT_TYPE"] = _content_type(said)
        return application(environ, start_response)

    return clean


def _content_type(said: str) -> str:
    try:
        kind, options = parse_header_parameters(said)
    except (ValueError, LookupError, TypeError):
        return "application/octet-stream"
    boundary = options.get("boundary")
    return f'{kind}; boundary="{boundary}"' if boundary else kind


class MalformedRequests:
    """Answers 404 to numbers that no row has, 400 to what a view of a library cannot read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        in_admin = request.path_info.startswith("/admin/")
        if in_admin and request.resolver_match.url_name == "wagtailadmin_error_test":
            raise Http404  # a 500 on purpose
        if any(_is_too_large(value, in_admin=in_admin) for value in (*args, *kwargs.values())):
            raise Http404

    def process_exception(self, request, exception):
        if not request.path_info.startswith(LENT) or not isinstance(exception, UNCHECKED):
            return None
        if _is_ours(exception):
            return None
        logger.error("A library could not read %s", request.path, exc_info=exception)
        return render(request, "400.html", status=400)


def _is_too_large(value, *, in_admin: bool) -> bool:
    if isinstance(value, int):
        return value > LARGEST
    digits = in_admin and isinstance(value, str) and value.isdecimal()
    return digits and (len(value) > DIGITS or int(value) > LARGEST)


def _is_ours(exception: Exception) -> bool:
    """Whether the innermost code that is not Django's nor Python's is ours: then it is a fault."""
    for frame in reversed(traceback.extract_tb(exception.__traceback__)):
        if frame.filename.startswith(OURS):
            return True
        if any(name in frame.filename for name in THEIRS):
            return False
    return True
