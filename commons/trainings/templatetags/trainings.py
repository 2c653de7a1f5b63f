"""Template tags of trainings and series, also for the pages that they prepare or accompany."""

from django import template
from django.urls import reverse
from django.utils.translation import get_language, override

from commons.pages.addresses import path_of
from commons.trainings import browsing, curriculum, json_ld, replays

register = template.Library()
register.simple_tag(json_ld.json_ld, name="training_data")
register.simple_tag(json_ld.series_json_ld, name="series_data")


@register.simple_tag
def next_trainings(section, user, count):
    return browsing.next_trainings(section, user=user, count=count)


@register.simple_tag
def guide_of(series, user):
    """The guide that a series is tied to, in its language if it exists there."""
    return browsing.guide_of(series, user=user)


@register.simple_tag
def series_register(series):
    """The address where one signs up for all of a series, in its language."""
    language = series.locale.language_code
    section, slug = path_of(series).split("/")
    with override(language):
        return reverse("series_register", args=[section, slug])


@register.simple_tag
def series_about(page, user):
    """The series that hold a training or prepare a guide, each with one's progress."""
    return curriculum.progress_in(browsing.series_about(page, user=user), user=user)


@register.simple_tag
def my_series(user):
    """The series of which a member signed up for a training, with their progress."""
    series = curriculum.series_joined_by(user, language=get_language())
    return curriculum.progress_in(series, user=user)


@register.simple_tag
def replays_of(training, user):
    """The recordings of a training."""
    return replays.replays_of([training], user=user)


@register.simple_tag
def replays_in(progresses, user):
    """The recordings of all the trainings of some series, as `series_about` gives them."""
    trainings = [page for progress in progresses for page in progress.trainings]
    return replays.replays_of(trainings, user=user)


@register.simple_tag
def recorded(sessions, user):
    """Who speaks in a recording of these sessions, and what it belongs to."""
    return replays.recorded(sessions, user=user)
