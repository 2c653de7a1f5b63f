"""Characters that nobody sees: they hide in what is pasted, and cut words and addresses in two.

Unicode's « default ignorable » code points, with the interlinear marks: soft hyphens, zero-width
spaces and joiners, direction marks, fillers, variation selectors, tags.
https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
"""

import re

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_EVERY = re.compile(f"[{INVISIBLE}]+")


def strip_invisible(text: str) -> str:
    """`text` without a single one: for what is compared, such as addresses and searches."""
    return text if text.isascii() else _EVERY.sub("", text)
