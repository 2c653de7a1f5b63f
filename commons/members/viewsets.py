"""Members and groups in the Wagtail admin: an e-mail and a name, and nobody above oneself."""

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views import groups, users
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)

from commons.members.accounts import confirm_address
from commons.members.erasure import erase
from commons.members.forms import NameField
from commons.members.permissions import may_grant, may_manage, rights_of
from commons.pages.fields import EmailField


class MemberFields(forms.ModelForm):
    """What both forms share; an address written by an administrator counts as confirmed.

    `actor` is who fills the form in: only superusers make superusers, and groups that may more
    than the actor are not offered.
    """

    first_name = last_name = None
    password_required = False
    email = EmailField(label=_("Adresse e-mail"))
    display_name = NameField()

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        if not actor.is_superuser:
            # Shown, and what is posted for it ignored: without the field, Wagtail writes « None ».
            if "is_superuser" in self.fields:  # not in one's own
                self.fields["is_superuser"].disabled = True
            offered = [g.pk for g in Group.objects.all() if may_grant(rights_of(g), by=actor)]
            self.fields["groups"].queryset = Group.objects.filter(pk__in=offered)

    def save(self, commit=True):
        member = super().save(commit)
        if commit:
            confirm_address(member)
        return member


FIELDS = ["email", "display_name", "language", "is_superuser", "groups"]


class MemberCreationForm(MemberFields, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = FIELDS


class MemberEditForm(MemberFields, UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = [*FIELDS, "is_active"]


class ActorForm:
    """Passes the current user to the form as `actor`."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"actor": self.request.user}


class MemberCreateView(ActorForm, users.CreateView):
    """Makes an account with no more rights than one has."""


class MemberEditView(ActorForm, users.EditView):
    """Only of accounts that may no more than one may oneself."""

    def dispatch(self, request, *args, **kwargs):
        if not may_manage(self.object, by=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class MemberDeleteView(users.DeleteView):
    """Deleting from the admin erases as thoroughly as the person themself can."""

    def dispatch(self, request, *args, **kwargs):
        if not may_manage(self.get_object(), by=request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def delete_action(self):
        erase(self.object)


class Manageable:
    """An action on several members at once leaves out whom one may not manage."""

    def check_perm(self, obj):
        return super().check_perm(obj) and may_manage(obj, by=self.request.user)


class MemberDeleteBulkAction(Manageable, DeleteBulkAction):
    """The same for several at once; stands in the place of Wagtail's, which deletes rows."""

    @classmethod
    def execute_action(cls, objects, **kwargs):
        for member in objects:
            erase(member)
        return len(objects), 0


class MemberActivityBulkAction(Manageable, SetActiveStateBulkAction):
    """Opens or closes several accounts."""


class MemberRoleBulkAction(Manageable, AssignRoleBulkAction):
    """Puts several members into a group that may no more than one may oneself."""

    def get_execution_context(self):
        context = super().get_execution_context()
        if not may_grant(rights_of(context["role"]), by=self.request.user):
            raise PermissionDenied
        return context


for action in (MemberDeleteBulkAction, MemberActivityBulkAction, MemberRoleBulkAction):
    hooks.register("register_bulk_action", action, order=10)


class MemberViewSet(users.UserViewSet):
    menu_label = _("Membres")
    create_template_name = "members/admin/create.html"
    edit_template_name = "members/admin/edit.html"
    add_view_class = MemberCreateView
    copy_view_enabled = False  # what is posted there is written over the very account
    edit_view_class = MemberEditView
    delete_view_class = MemberDeleteView

    def get_form_class(self, for_update=False):
        return MemberEditForm if for_update else MemberCreationForm


class OnlyOwnRights:
    """Rolls back a change to a group that would grant permissions the user lacks."""

    def process_form(self):
        before = rights_of(self.object) if self.object.pk else set()
        with transaction.atomic():
            response = super().process_form()
            after = rights_of(self.object) if self.object.pk else set()
            refused = not may_grant(after - before, by=self.request.user)
            transaction.set_rollback(refused)
        if not refused:
            return response
        list(messages.get_messages(self.request))  # « saved », which is no longer so
        messages.error(
            self.request, gettext("Vous ne pouvez pas donner des droits que vous n’avez pas.")
        )
        return redirect(self.request.path)


class GroupCreateView(OnlyOwnRights, groups.CreateView):
    """Makes a group."""


class GroupEditView(OnlyOwnRights, groups.EditView):
    """Changes a group."""


class MemberGroupViewSet(groups.GroupViewSet):
    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
