"""The accounts of the demo, one for each way of using the site; opened with DEMO=1 only."""

from commons.members.accounts import open_account
from commons.members.permissions import ADMINISTRATOR, COMMITTEE, EDITOR, MODERATOR

PASSWORD = "commun-demo"  # noqa: S105 - it is printed at every start of the demo
ACCOUNTS = {
    "admin@example.org": ("Administration", [ADMINISTRATOR]),
    "editrice@example.org": ("Rédaction", [EDITOR]),
    "moderation@example.org": ("Modération", [MODERATOR]),
    "comite@example.org": ("Comité d’échange", [COMMITTEE]),
    "membre@example.org": ("Camille", []),
    "ferme-a@example.org": ("La ferme du Ruisseau", []),
    "ferme-b@example.org": ("La ferme des Trois Chemins", []),
    "ferme-c@example.org": ("La ferme du Haut Pré", []),
}


def open_demo_accounts() -> None:
    """Open the demo accounts, or give them back their name, groups and password."""
    for email, (name, groups) in ACCOUNTS.items():
        member = open_account(email, display_name=name, groups=groups, password=PASSWORD)
        if ADMINISTRATOR in groups and not member.is_superuser:
            member.is_staff = member.is_superuser = True
            member.save()
