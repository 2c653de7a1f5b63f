"""The blocks that a body is made of: few, calm, and safe to translate."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

INLINE = ["bold", "italic", "link", "document-link"]
FEATURES = ["h2", "h3", "ol", "ul", "blockquote", *INLINE]


class FigureBlock(blocks.StructBlock):
    """A picture with its caption; the alternative text belongs to the picture's block."""

    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(label=_("Légende"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Image légendée")
        template = "blocks/figure.html"
        preview_value = {"caption": _("Le marché du samedi matin")}
        description = _("Pour montrer : une photo, un schéma, et sa légende.")


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Citation"), max_length=600)
    source = blocks.CharBlock(label=_("Source"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Citation")
        template = "blocks/quote.html"
        preview_value = {
            "text": _("Ce sont les idées partagées qui poussent le mieux."),
            "source": _("Une ferme du réseau"),
        }
        description = _("Pour faire entendre quelqu’un : ses mots exacts, et qui les a dits.")


class CalloutBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        label=_("Ton"),
        choices=[("note", _("À retenir")), ("warning", _("Attention")), ("example", _("Exemple"))],
        default="note",
    )
    text = blocks.RichTextBlock(label=_("Texte"), features=[*INLINE, "ul"])

    class Meta:
        icon = "info-circle"
        label = _("Encadré")
        template = "blocks/callout.html"
        preview_value = {"tone": "note", "text": _("<p>Commencez petit, mesurez, puis ouvrez.</p>")}
        description = _("Pour ce qui ne doit pas passer inaperçu : à retenir, attention, exemple.")


class BodyBlock(blocks.StreamBlock):
    """What every long text is made of."""

    text = blocks.RichTextBlock(
        label=_("Texte"),
        features=FEATURES,
        template="blocks/text.html",
        preview_value=_("<h2>Un titre</h2><p>Un paragraphe court et clair.</p>"),
        description=_("Pour presque tout : intertitres, paragraphes, listes et liens."),
    )
    figure = FigureBlock()
    quote = QuoteBlock()
    callout = CalloutBlock()


class ChapterBlock(blocks.StructBlock):
    """A titled part of a longer text; its title feeds the table of contents."""

    title = blocks.CharBlock(label=_("Titre"), max_length=160)
    body = BodyBlock(label=_("Contenu"))

    class Meta:
        icon = "list-ol"
        label = _("Chapitre")
        template = "blocks/chapter.html"
        preview_value = {
            "title": _("Par où commencer"),
            "body": [{"type": "text", "value": _("<p>Un paragraphe court et clair.</p>")}],
        }
        description = _("Une grande étape du texte. Son titre paraît dans le sommaire.")


class ComparisonBlock(blocks.StructBlock):
    """One constraint, how it is met alone, and how the model meets it."""

    constraint = blocks.CharBlock(label=_("Contrainte"), max_length=200)
    alone = blocks.TextBlock(label=_("Chacun de son côté"), max_length=800)
    model = blocks.TextBlock(label=_("Avec le modèle"), max_length=800)

    class Meta:
        icon = "table"
        label = _("Comparaison")
        template = "blocks/comparison.html"
        preview_value = {
            "constraint": _("Livrer de petites quantités"),
            "alone": _("Chaque ferme fait sa tournée."),
            "model": _("Une tournée commune."),
        }
        description = _("Une contrainte, sans puis avec le modèle.")


class ProgrammeBlock(blocks.StructBlock):
    """One entry of a programme: when, and what."""

    when = blocks.CharBlock(
        label=_("Quand"), max_length=60, help_text=_("Par exemple : samedi, 9 h 30")
    )
    title = blocks.CharBlock(label=_("Quoi"), max_length=160)
    text = blocks.TextBlock(label=_("Détail"), required=False, rows=2, max_length=600)

    class Meta:
        icon = "time"
        label = _("Étape du programme")
        template = "blocks/programme.html"
        preview_value = {"when": _("9 h 30"), "title": _("Accueil"), "text": ""}
        description = _("Une étape du programme, avec son heure.")


class MomentBlock(blocks.StructBlock):
    """A moment of a recording, and what is said there."""

    at = blocks.RegexBlock(
        r"^([0-9]{1,2}:)?[0-5]?[0-9]:[0-5][0-9]$",
        label=_("À"),
        help_text=_("Minutes et secondes : 12:30, ou 1:02:30."),
        error_messages={"invalid": _("Écrivez les minutes et les secondes, par exemple 12:30.")},
    )
    title = blocks.CharBlock(label=_("Titre"), max_length=160)

    class Meta:
        icon = "time"
        label = _("Chapitre")
        template = "blocks/moment.html"
        preview_value = {"at": "2:30", "title": _("Le calcul, pas à pas")}
        description = _("Un moment de l’enregistrement, et de quoi l’on y parle.")


class ShortItemsBlock(blocks.StreamBlock):
    """A list of short sentences, each translated and searched by itself."""

    item = blocks.TextBlock(
        label=_("Élément"),
        rows=2,
        max_length=500,
        preview_value=_("Commencez petit, mesurez, puis ouvrez."),
        description=_("Une phrase courte, une idée à la fois."),
    )
