"""Mail that survives a dead mail server (being written)."""

from django.core.mail.backends.locmem import EmailBackend as QueueBackend  # noqa: F401
