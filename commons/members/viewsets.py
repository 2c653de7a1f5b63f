"""Members in the Wagtail admin: an e-mail and a name, no user name, no first and last name."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions import DeleteBulkAction
from wagtail.users.views.users import DeleteView, UserViewSet

from commons.members.accounts import confirm_address
from commons.members.erasure import erase
from commons.members.forms import NameField
from commons.pages.fields import EmailField


class MemberFields(forms.ModelForm):
    """What both forms share; an address written by an administrator counts as confirmed."""

    first_name = last_name = None
    password_required = False
    email = EmailField(label=_("Adresse e-mail"))
    display_name = NameField()

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


class MemberDeleteView(DeleteView):
    """Deleting from the admin erases as thoroughly as the person themself can."""

    def delete_action(self):
        erase(self.object)


class MemberDeleteBulkAction(DeleteBulkAction):
    """The same for several at once; stands in the place of Wagtail's, which deletes rows."""

    @classmethod
    def execute_action(cls, objects, **kwargs):
        for member in objects:
            erase(member)
        return len(objects), 0


hooks.register("register_bulk_action", MemberDeleteBulkAction, order=10)


class MemberViewSet(UserViewSet):
    menu_label = _("Membres")
    create_template_name = "members/admin/create.html"
    edit_template_name = "members/admin/edit.html"
    delete_view_class = MemberDeleteView

    def get_form_class(self, for_update=False):
        return MemberEditForm if for_update else MemberCreationForm
