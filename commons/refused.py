"""The one way in which a rule says no."""


class Refused(Exception):  # noqa: N818 - it is an answer, not an error
    """A rule's refusal; its message is one sentence in the reader's language, fit to be shown."""

    def __init__(self, message, **details):
        super().__init__(str(message))
        self.message = message
        self.details = details
