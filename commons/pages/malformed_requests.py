"""Requests that no form of the site sends: refused here, above Django's and Wagtail's own views."""

import logging
import traceback
from pathlib import Path

from django.core.exceptions import FieldError, ValidationError
from django.db import DataError
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.http import parse_header_parameters, url_has_allowed_host_and_scheme
from modelsearch.backends.base import FieldError as SearchFieldError

logger = logging.getLogger(__name__)
faults = logging.getLogger("django.request")

HOUSE = Path(__file__).resolve().parents[2]
OURS = (str(HOUSE / "commons"), str(HOUSE / "search"))
THEIRS = ("wagtail", "modelsearch", "allauth")
LENT = ("/admin/", "/compte/")  # where most views are theirs
LARGEST = 2**31 - 1  # what a primary key of PostgreSQL holds
DIGITS = len(str(LARGEST))
PLAIN = {"GET", "HEAD"}
# What reading a value that is none raises: the request is at fault.
UNREADABLE = (ValueError, OverflowError, MultiValueDictKeyError, RecursionError)
UNREADABLE += (DataError, ValidationError, FieldError, SearchFieldError)
# What a view raises that took a value for another, or that is wrong: nothing tells which.
DOUBTFUL = (KeyError, AttributeError, TypeError, NoReverseMatch)


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
    """Answers 404 to numbers that no row has, 400 to what a view of a library cannot read.

    Wagtail's and allauth's views check few of their parameters, and a missing, repeated or
    misplaced one ends in the same exceptions as a fault of theirs. Three things keep such faults
    in sight. A request that asks for nothing (no query, no form, no value in its address) cannot
    be malformed: it fails as ever. What is raised in our own code fails as ever. And an exception
    that may be a fault is logged with its traceback where Django logs a 500, at the same level,
    so that whoever runs the site hears of it; only the reader gets a sentence instead.
    """

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
        if in_admin:
            _forget_wrong_next(request)

    def process_exception(self, request, exception):
        if not request.path_info.startswith(LENT) or not _asks_for_something(request):
            return None
        if not isinstance(exception, UNREADABLE + DOUBTFUL) or _is_ours(exception):
            return None
        if isinstance(exception, UNREADABLE):
            logger.warning("Unreadable request: %s", request.path, exc_info=exception)
        else:
            doubt = "Unreadable request, or a fault of a library: %s"
            faults.error(doubt, request.path, exc_info=exception, extra={"request": request})
        return render(request, "400.html", status=400)


def _asks_for_something(request) -> bool:
    match = request.resolver_match
    values = match and (match.args or match.kwargs)
    return bool(values or request.META.get("QUERY_STRING") or request.method not in PLAIN)


def _forget_wrong_next(request) -> None:
    """Drop a `next` that is no address of this site: views lead there once they have acted.

    Wagtail checks the host, then takes a word without a slash for the name of a view.
    """
    for name in ("GET", "POST"):
        asked = getattr(request, name)
        if all(_leads_back(request, value) for value in asked.getlist("next")):
            continue
        kept = asked.copy()
        del kept["next"]
        setattr(request, name, kept)


def _leads_back(request, address: str) -> bool:
    if not address:
        return True
    hosts = {request.get_host()}
    return "/" in address and url_has_allowed_host_and_scheme(address, allowed_hosts=hosts)


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
