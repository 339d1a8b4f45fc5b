"""The one error root of what protects: seal knows nothing of core, so flow translates these at its edge."""


class SealError(Exception):
    """A seal was refused. A leaf's docstring is its message unless a better sentence is given."""

    def __str__(self) -> str:
        """The sentence given when raising, else the docstring's first line."""
        return super().__str__() or (type(self).__doc__ or "").split("\n", 1)[0]


class Malformed(SealError):  # noqa: N818 - reads as what happened
    """These bytes do not have the form that FORMAT.md prescribes."""


class Tampered(SealError):  # noqa: N818 - reads as what happened
    """A seal, a chain or a signature does not hold."""


class StaleHead(SealError):  # noqa: N818 - reads as what happened
    """The room has moved on: seal again on its newest event, with a new nonce."""


class WrongShare(SealError):  # noqa: N818 - reads as what happened
    """A share is not the one that was dealt."""

    def __init__(self, *people: str) -> None:
        """`people`: ids of those whose shares do not hold."""
        super().__init__(f"Not the share that was dealt: {', '.join(people)}.")
        self.people = people
