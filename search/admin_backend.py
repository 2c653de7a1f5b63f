"""Wagtail's own search, which its admin uses, fed with the same words as the site's.

An editor then finds what a visitor finds. Two more things differ from the stock database back end:
whatever is typed is only letters and digits (a quote broke SQLite's), and saving does not read the
whole index again to refresh the lengths of titles (302 ms at 50,000 pages): a full rebuild does.
"""

import copy
import functools
from operator import or_

from django.db import connection
from django.db.models import CharField, Q, TextField
from wagtail.search.backends import database
from wagtail.search.index import AutocompleteField, RelatedFields, SearchField
from wagtail.search.query import And, Boost, Not, Or, Phrase, PlainText

from search.analyzer import clean, forms, index_text
from search.degradation import skip_if_damaged, with_fallback

LANGUAGE = "fr"  # of the admin; a query does not say which one it is in
MOST_WORDS = 12


def indexed_or_all(text: str) -> str:
    """`text` as the index stores it; stop words stay when there is nothing else."""
    words = index_text(text, LANGUAGE).split() or forms(text, LANGUAGE)
    return " ".join(words[:MOST_WORDS])


def complete_last(text: str) -> str:
    """`text` for completion: words as they are written, and without the sign of the plural."""
    words = forms(text, LANGUAGE)
    return " ".join(dict.fromkeys([*words, *map(_singular, words)]))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


class _Normalised:
    """An object as the indexer sees it: its fields give words of the index."""

    def __init__(self, instance):
        self.pk = instance.pk
        self._fields = [_normalised(field, instance) for field in instance.get_search_fields()]

    def get_search_fields(self):
        return self._fields


def _normalised(field, instance=None):
    """A copy of `field` that gives words of the index; of `instance` when it is given."""
    field, read = copy.copy(field), field.get_value

    def value(given):
        return read(given if instance is None else instance)

    if isinstance(field, RelatedFields):
        field.fields = [_normalised(child) for child in field.fields]
        field.get_value = value
    elif isinstance(field, SearchField):
        field.get_value = lambda given: index_text(_text(value(given)), LANGUAGE)
    elif isinstance(field, AutocompleteField):
        field.get_value = lambda given: complete_last(_text(value(given)))
    return field


def _text(value) -> str:
    """All the text in `value`, which may be a list or a dict of texts."""
    if isinstance(value, dict):
        value = list(value.values())
    return " ".join(map(_text, value)) if isinstance(value, list) else str(value or "")


def _query(query, words):
    """The same query, each text in it given through `analyzer`."""
    if isinstance(query, str):
        return words(clean(query))
    query = copy.copy(query)
    if isinstance(query, PlainText | Phrase):
        query.query_string = words(clean(query.query_string))
    elif isinstance(query, And | Or):
        query.subqueries = [_query(part, words) for part in query.subqueries]
    elif isinstance(query, Not | Boost):
        query.subquery = _query(query.subquery, words)
    return query


def _prefixes(text: str) -> str:
    """The words to complete, in the singular."""
    return " ".join(map(_singular, forms(text, LANGUAGE)[:MOST_WORDS]))


def _by_fields(queryset, typed: str):
    """Rows that hold each word in a plain column, for when the index is damaged."""
    indexed = {field.field_name for field in queryset.model.get_search_fields()}
    fields = [
        field.name
        for field in queryset.model._meta.concrete_fields
        if field.name in indexed and isinstance(field, CharField | TextField)
    ]
    for word in clean(typed).split()[:MOST_WORDS]:
        queryset = queryset.filter(
            functools.reduce(or_, (Q((f"{name}__icontains", word)) for name in fields), Q())
        )
    return queryset


def _with_typed(results, query):
    """`results`, which know what was typed, for when the index is damaged."""
    results.typed = query if isinstance(query, str) else getattr(query, "query_string", "")
    return results


def _index(stock: type) -> type:
    class Index(stock):
        @skip_if_damaged
        def add_items(self, model, objs):
            super().add_items(model, [_Normalised(instance) for instance in objs])

        @skip_if_damaged
        def delete_item(self, item):
            super().delete_item(item)

        def _refresh_title_norms(self, full=False):
            if full:
                super()._refresh_title_norms(full=True)

    return Index


def _results(stock: type) -> type:
    class Results(stock):
        """The results of a query; of plain columns when the index is damaged."""

        typed = ""

        def _clone(self):
            return _with_typed(super()._clone(), self.typed)

        def _plain(self):
            return _by_fields(self.query_compiler.queryset, self.typed)

        def _plain_count(self):
            return self._plain()[self.start : self.stop].count()

        def _do_search(self):
            return with_fallback(super()._do_search, lambda: self._plain()[self.start : self.stop])

        def _do_count(self):
            return with_fallback(super()._do_count, self._plain_count)

        def facet(self, field_name):
            return with_fallback(lambda: super(Results, self).facet(field_name), dict)

    return Results


@functools.cache
def _like_the_site(stock: type) -> type:
    class Backend(stock):
        index_class = _index(stock.index_class)
        results_class = _results(stock.results_class)

        def search(self, query, *args, **kwargs):
            results = super().search(_query(query, indexed_or_all), *args, **kwargs)
            return _with_typed(results, query)

        def autocomplete(self, query, *args, **kwargs):
            results = super().autocomplete(_query(query, _prefixes), *args, **kwargs)
            return _with_typed(results, query)

    return Backend


def SearchBackend(params):  # noqa: N802 (the name that Wagtail looks for)
    """The stock back end of the database in use, made to read like the site's search."""
    stock = database.SearchBackend(params)
    if connection.vendor not in ("sqlite", "postgresql"):
        return stock
    return _like_the_site(type(stock))({**params, "SEARCH_CONFIG": "simple"})
