"""What the flow needs in order to know whether duty is covered: tests of numbers, sums of weeks, machines' tokens."""

from collections.abc import Mapping
from typing import Protocol

from bot.core.ids import OrganisationId
from bot.core.places import NumberId
from bot.flow.records import Entry
from bot.flow.records_coverage import NumberTest, Summary, Token, TokenId


class Coverage(Protocol):
    """Tests of numbers and sums of weeks. Everything changed here is on the ledger."""

    def last_tests(self) -> Mapping[NumberId, NumberTest]:
        """The last test of every number that was ever tested."""
        ...

    def put_test(self, test: NumberTest, entry: Entry) -> None:
        """Keep it beside those before; a second one of the same instant replaces the first."""
        ...

    def is_summed(self, organisation: OrganisationId, week: str) -> bool: ...
    def put_summary(self, summary: Summary, entry: Entry) -> None: ...


class Tokens(Protocol):
    """Tokens of machines. Everything changed here is on the ledger."""

    def get(self, token: TokenId) -> Token | None: ...
    def by_digest(self, digest: str) -> Token | None: ...
    def all(self) -> tuple[Token, ...]:
        """Every token, also those that are over, in the order in which they were made."""
        ...

    def put(self, token: Token, entry: Entry) -> None: ...
