"""`manage.py show_access`: who may do what, as a table read from the database."""

from django.core.management.base import BaseCommand

from commons.members.permissions import access_table


class Command(BaseCommand):
    help = (
        "Print who may do what: one line a permission, one column a group. "
        "Superusers may do everything and are not shown."
    )

    def handle(self, *args, **options):
        groups, rows = access_table()
        first = max((len(name) for name, _ in rows), default=0)
        self.stdout.write("  ".join([" " * first, *groups]))
        for name, held in rows:
            marks = (
                "x".center(len(g)) if h else "·".center(len(g))
                for g, h in zip(groups, held, strict=True)
            )
            self.stdout.write("  ".join([name.ljust(first), *marks]).rstrip())
