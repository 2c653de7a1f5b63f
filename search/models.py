"""What search keeps: one narrow row a page for ranking and counting, its texts, a vocabulary.

The full-text tables are made by migration 0002, differently on each database (see `backends`).
"""

import secrets
from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel


class Document(models.Model):
    """A published page in the index; a narrow row, since thousands of them are read at once."""

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=10)
    kind = models.IntegerField(help_text="The content type of the page.")
    path = models.CharField(max_length=255, help_text="The place of the page in the tree.")
    title_key = models.CharField(max_length=255, db_index=True)
    published = models.BigIntegerField(help_text="When it first was, in seconds since 1970.")
    reviewed = models.IntegerField(help_text="The day of the last review, 0 without one.")
    rank = models.BigIntegerField(default=0, help_text="Its place in the order of its section.")
    labels = models.TextField(help_text="One character for each label: see Label.sign.")

    def __str__(self):
        return self.title_key


def _token() -> int:
    return secrets.randbits(40)


class Change(models.Model):
    """A line of the journal of the index: which pages were written, all of them when `pages` is "".

    Lines are only added, so that publications never wait for one another; `reset` empties it.
    """

    token = models.BigIntegerField(primary_key=True, default=_token)
    pages = models.TextField(help_text="Numbers of pages, with commas.")

    def __str__(self):
        return self.pages

    @classmethod
    def record(cls, page_ids: Iterable[int]) -> None:
        """Note that the transaction under way writes these pages."""
        page_ids = sorted(page_ids)
        if page_ids:
            cls.objects.create(pages=",".join(map(str, page_ids)))

    @classmethod
    def record_all(cls) -> None:
        """Note that all documents may have changed."""
        cls.objects.create(pages="")

    @classmethod
    def reset(cls) -> None:
        cls.objects.all().delete()
        cls.record_all()


class Text(models.Model):
    """What search read in a page, as people read it: for snippets, and to index it again."""

    page = models.OneToOneField(
        "wagtailcore.Page", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    title = models.TextField()
    summary = models.TextField()
    headings = models.TextField()
    body = models.TextField()
    keywords = models.TextField()
    stale = models.BooleanField(default=False, db_index=True)
    expires = models.DateTimeField(null=True, db_index=True)

    def __str__(self):
        return self.title


class Label(models.Model):
    """A value by which pages are filtered and counted, such as « theme:logistique ».

    Documents hold their labels as one character each: filtering and counting tens of thousands of
    them are then operations on strings, many times faster than rows of a join.
    """

    name = models.CharField(max_length=200, unique=True)

    def __str__(self):
        return self.name

    @property
    def sign(self) -> str:
        return sign(self.pk)


def sign(number: int) -> str:
    """The character that stands for the label of this number; surrogates are not characters."""
    code = number + 0x100
    return chr(code if code < 0xD800 else code + 0x800)


class Word(models.Model):
    """A word of the vocabulary: some page holds or held it. It may correct a misspelt one."""

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=40)
    stem = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="one_word_per_language")
        ]
        indexes = [models.Index(fields=["language", "stem"], name="word_by_stem")]

    def __str__(self):
        return self.word


class Acronym(models.Model):
    """An acronym or a clipping of the field: looking for it finds what it stands for, and back.

    Several meanings are kept apart by « ; ».
    """

    short = models.CharField(_("Sigle"), max_length=20, unique=True)
    long = models.CharField(_("Nom complet"), max_length=160)
    note = models.CharField(_("Précision"), max_length=200, blank=True)

    panels = [
        HelpPanel(
            _(
                "Chercher le sigle ou l’abréviation trouve aussi ce que cela veut dire, et "
                "l’inverse. Plusieurs sens : séparez-les par un point-virgule."
            )
        ),
        FieldRowPanel([FieldPanel("short"), FieldPanel("long")]),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = _("sigle")
        verbose_name_plural = _("sigles")
        ordering = ["short"]

    def __str__(self):
        return f"{self.short} : {self.long}"


class Gap(models.Model):
    """A query without result: its words only, and how often."""

    language = models.CharField(_("Langue"), max_length=10)
    words = models.CharField(_("Mots cherchés"), max_length=200)
    times = models.PositiveIntegerField(_("Fois"), default=1)
    first_on = models.DateField(_("Première fois"), auto_now_add=True)
    last_on = models.DateField(_("Dernière fois"), auto_now=True)

    class Meta:
        verbose_name = _("recherche sans réponse")
        verbose_name_plural = _("recherches sans réponse")
        ordering = ["-times", "-last_on"]
        constraints = [
            models.UniqueConstraint(fields=["language", "words"], name="one_gap_per_words")
        ]

    def __str__(self):
        return self.words
