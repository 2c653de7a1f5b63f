"""The four groups, the permissions each is granted, and a table of them."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from commons.members.models import Member

EDITOR = "Rédaction"
MODERATOR = "Modération"
COMMITTEE = "Comité d’échange"
ADMINISTRATOR = "Administration"
# Wagtail's own, made by its first migration: replaced by ours while nobody is in them.
REPLACED = ["Moderators", "Editors"]

PAGES = {
    EDITOR: ["add", "bulk_delete", "change", "lock", "publish", "unlock"],
    MODERATOR: ["change", "lock", "publish", "unlock"],
    ADMINISTRATOR: ["add", "bulk_delete", "change", "lock", "publish", "unlock"],
}
FILES = {
    EDITOR: ["add", "change", "choose"],
    MODERATOR: ["choose"],
    ADMINISTRATOR: ["add", "change", "choose"],
}
FILE_TYPES = ("wagtailimages.{}_image", "wagtaildocs.{}_document", "wagtailmedia.{}_media")
VERBS = ("add", "change", "delete", "view")
ADMIN = ["wagtailadmin.access_admin"]
EDITED_MODELS = ["taxonomy.{}_term", "wagtailredirects.{}_redirect", "search.{}_acronym"]
ADMINISTERED_MODELS = [
    "members.{}_member",
    "auth.{}_group",
    "wagtailcore.{}_collection",
    "wagtailcore.{}_locale",
    "wagtailcore.{}_site",
    "wagtailcore.{}_task",
    "wagtailcore.{}_workflow",
]
EDIT_PERMISSIONS = [
    *(label.format(verb) for label in EDITED_MODELS for verb in VERBS),
    "wagtail_localize.submit_translation",
]
MODELS = {
    EDITOR: [*ADMIN, *EDIT_PERMISSIONS],
    MODERATOR: ADMIN,
    COMMITTEE: ADMIN,
    ADMINISTRATOR: [
        *ADMIN,
        *EDIT_PERMISSIONS,
        "pages.change_sitedetails",
        *(label.format(verb) for label in ADMINISTERED_MODELS for verb in VERBS),
    ],
}


@transaction.atomic
def grant_access(**_signal) -> None:
    """Make the groups and give each what the tables above say; what an operator added stays.

    Runs after every `migrate`: Django makes the permissions of an application after its tables, so
    those of the applications that come later are asked for here.
    """
    root = Page.get_first_root_node()
    if root is None:
        return
    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0)
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, granted in MODELS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permissions[label] for label in granted))
        for verb in PAGES.get(name, []):
            GroupPagePermission.objects.get_or_create(
                group=group, page=root, permission=permissions[f"wagtailcore.{verb}_page"]
            )
        _grant_files(group, FILES.get(name, []), permissions)
    Group.objects.filter(name__in=REPLACED, user=None).delete()


def _grant_files(group: Group, verbs: list[str], permissions: dict[str, Permission]) -> None:
    root = Collection.get_first_root_node()
    for kind in FILE_TYPES:
        # Recordings have no permission to choose: whoever may add one may choose.
        for permission in filter(None, (permissions.get(kind.format(verb)) for verb in verbs)):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )


def rights_of(holder: Member | Group) -> set[tuple[str, str]]:
    """The permissions of a member or group: (name, tree path below which it holds, or "")."""
    is_group = isinstance(holder, Group)
    groups = Group.objects.filter(pk=holder.pk) if is_group else holder.groups.all()
    granted = Permission.objects.filter(group__in=groups)
    if not is_group:
        granted |= Permission.objects.filter(user=holder)
    labels = ("content_type__app_label", "codename")
    rights = {(f"{app}.{name}", "") for app, name in granted.values_list(*labels)}
    for rows, place in (
        (GroupPagePermission.objects, "page__path"),
        (GroupCollectionPermission.objects, "collection__path"),
    ):
        of_trees = rows.filter(group__in=groups)
        columns = (f"permission__{labels[0]}", f"permission__{labels[1]}", place)
        rights |= {(f"{app}.{name}", path) for app, name, path in of_trees.values_list(*columns)}
    return rights


def may_grant(rights: set[tuple[str, str]], *, by: Member) -> bool:
    """Whether `by` has all of `rights`: nobody may grant a permission that they lack."""
    if by.is_superuser:
        return True
    own = rights_of(by)
    return all(any(r == right and path.startswith(p) for r, p in own) for right, path in rights)


def may_manage(member: Member, *, by: Member) -> bool:
    """Whether `by` may change the account of `member`: whoever sets the address can sign in."""
    if by.is_superuser or by.pk == member.pk:
        return True
    return not member.is_superuser and may_grant(rights_of(member), by=by)


def access_table() -> tuple[list[str], list[tuple[str, list[bool]]]]:
    """Names of the groups, and for each permission somebody has: its name, and who has it."""
    groups = list(Group.objects.order_by("pk"))
    held: dict[str, set[int]] = {}
    for group in groups:
        for permission in group.permissions.select_related("content_type"):
            _hold(held, group, permission, "")
        for row in group.page_permissions.select_related("permission__content_type", "page"):
            _hold(held, group, row.permission, f" ({row.page.title})")
        for row in group.collection_permissions.select_related(
            "permission__content_type", "collection"
        ):
            _hold(held, group, row.permission, f" ({row.collection.name})")
    names = [group.name for group in groups]
    return names, [(key, [g.pk in who for g in groups]) for key, who in sorted(held.items())]


def _hold(held: dict, group: Group, permission: Permission, where: str) -> None:
    name = f"{permission.content_type.app_label}.{permission.codename}{where}"
    held.setdefault(name, set()).add(group.pk)
