"""Form fields that every form shares: one line, and an e-mail address as people paste them."""

from django import forms
from django.db import models

from commons.pages.text import clean_email, clean_line


class LineField(forms.CharField):
    """One line; what nobody can see, such as NUL, is dropped rather than refused."""

    def to_python(self, value):
        return clean_line(super().to_python(value) or "")


class EmailField(forms.EmailField):
    """An address, without what came with it: see `clean_email`. Every form uses this field."""

    def to_python(self, value):
        return clean_email(super().to_python(value) or "")


class EmailModelField(models.EmailField):
    """The same in the forms that Django and Wagtail make of a model; a plain one for migrations."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": EmailField, **kwargs})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs
