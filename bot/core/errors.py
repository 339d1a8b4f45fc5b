"""The one error root: whatever Samjour refuses, it refuses with one of these."""


class SamjourError(Exception):
    """Something was refused. A leaf's docstring is its message unless a better sentence is given."""

    def __str__(self) -> str:
        """The sentence given when raising, else the docstring's first line."""
        return super().__str__() or (type(self).__doc__ or "").split("\n", 1)[0]


class NotNow(SamjourError):  # noqa: N818 - reads as what happened
    """That cannot be done at this stage."""


class Denied(SamjourError):  # noqa: N818 - reads as what happened
    """No rule allows that."""


class BadInput(SamjourError):  # noqa: N818 - reads as what happened
    """What was given cannot be used."""


class BadContent(SamjourError):  # noqa: N818 - reads as what happened
    """A file of knowledge, policy or text has a fault."""


class Tampered(SamjourError):  # noqa: N818 - reads as what happened
    """A seal, a chain or a signature does not hold."""


class Unavailable(SamjourError):  # noqa: N818 - reads as what happened
    """Something needed is out of reach just now."""
