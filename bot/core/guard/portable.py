"""What a pattern may hold so that it means the same in Python and JavaScript, on a folded text."""

import re
from typing import Final

END: Final = r"(?![\s\S])"  # nothing follows; "$" of Python also stands before a last line break
_ESCAPED: Final = re.compile(r"\\[n.()\[\]{}+*?|/\\^$-]")
_CLASS: Final = re.compile(r"\[\^?[^\[\]\\]+\]")
_STRANGE: Final = re.compile(
    r"\\|\$"  # \d, \w, \b and the like know other characters in each language
    r"|\(\?(?!:|=|!|<=|<!)"  # named groups, flags, comments, conditions
    r"|[*+?}]\+"  # possessive
    r"|\{(?![0-9]+(?:,[0-9]*)?\})|[\[\]]"  # a brace or a bracket of its own
    r"|[^\n -~åäö]"  # letters that no folded text holds
    r"|[A-ZÅÄÖ]"
)


def is_portable(pattern: str) -> bool:
    """Whether both languages read it alike: the common core of their regular expressions, without classes by a letter."""
    bare = _ESCAPED.sub("e", pattern.replace(END, ""))
    classes = _CLASS.findall(bare)
    if any(re.search(r"[^\n -~åäö]|[A-ZÅÄÖ]|--|&&|\|\||~~", each) for each in classes):
        return False
    return _STRANGE.search(_CLASS.sub("c", bare)) is None
