"""One transaction: every noun of the store over one connection."""

from functools import cached_property

from sqlalchemy import Connection

from bot.store.audit import SqlAudit
from bot.store.cipher import FieldCipher
from bot.store.consultations import SqlConsultations
from bot.store.coverage import SqlCoverage
from bot.store.devices import SqlDevices
from bot.store.feeds import SqlFeeds
from bot.store.graves import SqlGraves
from bot.store.handovers import SqlHandovers
from bot.store.inbox import SqlInbox
from bot.store.ledger import SqlLedger
from bot.store.opening_audit import SqlOpeningAudit
from bot.store.openings import SqlOpenings
from bot.store.outbox import SqlOutbox
from bot.store.passkeys import SqlChallenges, SqlPasskeys
from bot.store.people import OpenPerson, SqlPeople
from bot.store.posts import SqlPosts
from bot.store.publishing import SqlPublishing
from bot.store.questions import SqlQuestions
from bot.store.readiness import SqlReadiness
from bot.store.registers import SqlRegisters
from bot.store.retention import SqlRetention
from bot.store.rings import SqlRings
from bot.store.rooms import SqlRooms
from bot.store.rosters import SqlRosters
from bot.store.seats import SqlSeats
from bot.store.swaps import SqlSwaps
from bot.store.talks import SqlKeyReads, SqlSendings
from bot.store.timers import SqlTimers
from bot.store.tokens import SqlTokens
from bot.store.witness import SqlCosignatures


class SqlTx:
    """Implements `Tx`; of no use once its transaction has ended."""

    def __init__(self, connection: Connection, cipher: FieldCipher, open_person: OpenPerson) -> None:
        """`connection`: in a transaction that somebody else begins and ends."""
        self._connection = connection
        self._cipher = cipher
        self._open_person = open_person

    @cached_property
    def people(self) -> SqlPeople:
        """People, their addresses and ways in."""
        return SqlPeople(self._connection, self._cipher, self._open_person)

    @cached_property
    def devices(self) -> SqlDevices:
        """Devices, and what vouches for them."""
        return SqlDevices(self._connection)

    @cached_property
    def passkeys(self) -> SqlPasskeys:
        """Passkeys."""
        return SqlPasskeys(self._connection)

    @cached_property
    def challenges(self) -> SqlChallenges:
        """Challenges that wait for an answer."""
        return SqlChallenges(self._connection)

    @cached_property
    def rosters(self) -> SqlRosters:
        """Shifts and what people changed in them."""
        return SqlRosters(self._connection)

    @cached_property
    def feeds(self) -> SqlFeeds:
        """Rosters that are fetched."""
        return SqlFeeds(self._connection, self._cipher)

    @cached_property
    def consultations(self) -> SqlConsultations:
        """Consultations and their offers."""
        return SqlConsultations(self._connection)

    @cached_property
    def rooms(self) -> SqlRooms:
        """Sealed rooms."""
        return SqlRooms(self._connection)

    @cached_property
    def key_reads(self) -> SqlKeyReads:
        """To which devices keys of rooms were handed out."""
        return SqlKeyReads(self._connection)

    @cached_property
    def sendings(self) -> SqlSendings:
        """What was sent already."""
        return SqlSendings(self._connection)

    @cached_property
    def handovers(self) -> SqlHandovers:
        """What was handed over, and what was promised."""
        return SqlHandovers(self._connection)

    @cached_property
    def openings(self) -> SqlOpenings:
        """Openings of rooms."""
        return SqlOpenings(self._connection)

    @cached_property
    def seats(self) -> SqlSeats:
        """Escrows in force, and who holds their seats."""
        return SqlSeats(self._connection)

    @cached_property
    def opening_audit(self) -> SqlOpeningAudit:
        """Every row about openings and seats."""
        return SqlOpeningAudit(self._connection)

    @cached_property
    def inbox(self) -> SqlInbox:
        """What has arrived."""
        return SqlInbox(self._connection)

    @cached_property
    def outbox(self) -> SqlOutbox:
        """What is to be said."""
        return SqlOutbox(self._connection)

    @cached_property
    def ledger(self) -> SqlLedger:
        """The record that cannot be rewritten."""
        return SqlLedger(self._connection)

    @cached_property
    def cosignatures(self) -> SqlCosignatures:
        """What witnesses said of checkpoints."""
        return SqlCosignatures(self._connection)

    @cached_property
    def readiness(self) -> SqlReadiness:
        """Checks of people before their duty, and drills."""
        return SqlReadiness(self._connection)

    @cached_property
    def retention(self) -> SqlRetention:
        """What may be erased."""
        return SqlRetention(self._connection)

    @cached_property
    def questions(self) -> SqlQuestions:
        """Questions kept for curators."""
        return SqlQuestions(self._connection)

    @cached_property
    def publishing(self) -> SqlPublishing:
        """Which content is in force."""
        return SqlPublishing(self._connection)

    @cached_property
    def posts(self) -> SqlPosts:
        """Posts of boards."""
        return SqlPosts(self._connection)

    @cached_property
    def swaps(self) -> SqlSwaps:
        """Proposals to exchange shifts."""
        return SqlSwaps(self._connection)

    @cached_property
    def tokens(self) -> SqlTokens:
        """Tokens of machines."""
        return SqlTokens(self._connection)

    @cached_property
    def coverage(self) -> SqlCoverage:
        """Tests of numbers, and sums of weeks."""
        return SqlCoverage(self._connection)

    @cached_property
    def registers(self) -> SqlRegisters:
        """The register of talks in which somebody was named."""
        return SqlRegisters(self._connection)

    @cached_property
    def graves(self) -> SqlGraves:
        """Forums' lists and notices of grave events."""
        return SqlGraves(self._connection)

    @cached_property
    def timers(self) -> SqlTimers:
        """What is to be looked at, at an instant."""
        return SqlTimers(self._connection)

    @cached_property
    def rings(self) -> SqlRings:
        """What was done to wake people."""
        return SqlRings(self._connection)

    @cached_property
    def audit(self) -> SqlAudit:
        """Everything the ledger answers for, row by row."""
        return SqlAudit(self._connection)
