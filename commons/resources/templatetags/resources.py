"""Template tags of the pages of resources and of the home page."""

from urllib.parse import urlsplit

from django import template
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import override

from commons.agenda.models import Session
from commons.pages.addresses import path_of
from commons.pages.browsing import first
from commons.pages.covers import with_covers
from commons.pages.page_rows import LISTED, listed, with_roots
from commons.pages.presentation import filed_under
from commons.pages.visibility import visible_pages
from commons.resources import citation as citing
from commons.resources import json_ld, presentation, reading_time, recording
from commons.resources.listing import LIBRARY
from commons.resources.models import Question
from commons.taxonomy.models import GRID

register = template.Library()
HOME_QUESTIONS = 6


@register.simple_tag(takes_context=True)
def home_questions(context, home):
    """The questions that editors offer on the home page, in the language of that page."""
    offered = Question.objects.filter(on_home=True).values_list("pk", flat=True)
    pages = visible_pages(context["request"].user).descendant_of(home)
    questions = listed(pages.filter(pk__in=list(offered))).order_by("path")
    return with_roots(questions[:HOME_QUESTIONS])


@register.simple_tag(takes_context=True)
def newest_resources(context, library, count):
    """The last `count` resources that one may see, with their covers."""
    return with_covers(first(library, LIBRARY, user=context["request"].user, count=count))


@register.simple_tag
def grid(page):
    return filed_under(page, GRID)


@register.simple_tag(takes_context=True)
def lineage(context, case):
    """The visible case studies that inspired `case`, and those that it inspired."""
    sources = [row.source_id for row in case.inspirations.all()]
    heirs = case.inspired.values("case_study")
    pages = visible_pages(context["request"].user).filter(Q(pk__in=sources) | Q(pk__in=heirs))
    # Asked again of the few pages found; as a filter it would be asked of each page of the site.
    pages = pages.annotate(heir=Exists(heirs.filter(case_study=OuterRef("pk"))))
    family = with_roots(pages.only(*LISTED).order_by("pk"))
    by_id = {page.pk: page for page in family}
    return {
        "sources": [by_id[pk] for pk in sources if pk in by_id],
        "heirs": [page for page in family if page.heir],
    }


register.simple_tag(presentation.narrative)
register.simple_tag(presentation.lessons)
register.simple_tag(presentation.started)
register.simple_tag(reading_time.reading_time)
register.simple_tag(citing.citation)
register.simple_tag(json_ld.json_ld)


@register.simple_tag
def cite_address(page):
    """Where one reads how to cite `page`, in its language."""
    with override(page.locale.language_code):
        return reverse("cite", kwargs={"path": path_of(page)})


@register.simple_tag
def recorded_at(page, user):
    """The sessions whose page one may see and that this recording is of."""
    recorded = Session.objects.filter(replay__translation_key=page.translation_key)
    pages = visible_pages(user).values("pk")
    return recorded.filter(page__in=pages).select_related("page").order_by("starts_at")


register.filter(recording.seconds)


@register.filter
def host(address):
    """The name of the site that an address leads to."""
    return urlsplit(address).hostname or ""
