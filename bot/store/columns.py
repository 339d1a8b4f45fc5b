"""Column types: exact instants, and bodies that cannot be anything but sealed."""

from datetime import UTC, datetime, timedelta
from typing import final

from sqlalchemy import BigInteger, Dialect, LargeBinary
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from bot.seal.plain import Sealed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@final
class WrongType(DontWrapMixin, TypeError):  # noqa: N818 - reads as what happened
    """A value of this type has no place in that column."""


@final
class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as whole microseconds since 1970 UTC: order and equality are exact everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuses a time without a zone, which is no instant."""
        if value is None:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise WrongType("an instant is an aware datetime")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


@final
class SealedBytes(TypeDecorator[Sealed]):
    """Ciphertext. Whatever is not `Sealed` is refused before it comes near the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Refuses text, bytes and `Plain`; says nothing of what they held."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise WrongType(f"this column takes Sealed, not {type(value).__name__}")
        return value.content

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:  # noqa: ARG002
        """As it was sealed."""
        return None if value is None else Sealed(content=value)
