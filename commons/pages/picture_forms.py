"""The form by which the team uploads a picture: one that cannot be read is said so, no more."""

from django.core.exceptions import ValidationError
from PIL import Image as Pillow
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """Wagtail looks at the first bytes, then measures; a broken or a huge picture broke that."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.check_image_pixel_size = careful(field.check_image_pixel_size, field)

    def clean(self):
        cleaned = super().clean()
        if self._keeps_its_file():
            cleaned.pop("file", None)
        return cleaned

    def _get_validation_exclusions(self):
        kept = {"file"} if self._keeps_its_file() else set()
        return super()._get_validation_exclusions() | kept

    def _keeps_its_file(self) -> bool:
        """A new title does not measure again a file that may be broken, or gone."""
        return bool(self.instance.pk) and "file" not in self.changed_data


def careful(measure, field):
    def measured(file):
        try:
            measure(file)
        except (OSError, SyntaxError, ValueError, Pillow.DecompressionBombError) as error:
            said = field.error_messages["invalid_image"]
            raise ValidationError(said, code="invalid_image") from error

    return measured
