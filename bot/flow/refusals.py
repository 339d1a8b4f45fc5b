"""Refusals that have a name, so that a device knows what to do next without understanding a sentence."""

from enum import StrEnum

from bot.core.errors import NotNow
from bot.flow.records import Room


class Code(StrEnum):
    """Why it was refused. The values are a promise to every client: add, never rename."""

    BAD_SEAL = "bad_seal"  # what was sealed or signed is not of the form, or does not hold
    NOT_YOURS = "not_yours"  # unknown, or of people among whom you are not
    DEVICE_NEEDED = "device_needed"  # takes an approved device of one's own
    STALE_HEAD = "stale_head"  # the room has moved on: read on, seal again
    PLAN_STALE = "plan_stale"  # who must be in the room has changed: plan again
    REKEY_NEEDED = "rekey_needed"  # begin a new epoch first
    REKEY_UNNEEDED = "rekey_unneeded"  # everybody who must be in the room is
    BRIDGE_IN_ROOM = "bridge_in_room"  # a bridge holds the key
    DEVICE_MISSING = "device_missing"  # somebody has no approved device
    NOT_IDENTIFIED = "not_identified"  # nobody was named yet
    NO_SUCH_GROUND = "no_such_ground"  # nothing is disclosed on that ground, in that direction, there
    TAKEN = "taken"  # the offer is no longer open
    LIST_EMPTY = "list_empty"  # nobody is on that forum's list
    NOTICES_ENOUGH = "notices_enough"  # of this sender within the hour
    ALREADY = "already"  # a request is under way
    NOT_OPEN = "not_open"  # nobody is in a talk here now
    TALKS_CHANGED = "talks_changed"  # what you hold is not what you hand over: look again
    NOT_ELIGIBLE = "not_eligible"  # that person cannot be given it
    HISTORY_GIVEN = "history_given"  # that device has these keys of you
    RECEIPTS_ENOUGH = "receipts_enough"  # nothing was said since your last ones
    KEY_REUSED = "key_reused"  # the Idempotency-Key stands for something else
    KEY_MISSING = "key_missing"  # there is no Idempotency-Key, or it is none
    OPENING_UNDER_WAY = "opening_under_way"  # somebody is opening that room, or has used that id
    OPENING_OVER = "opening_over"  # its time is over, or it was ended
    OPENING_INCOMPLETE = "opening_incomplete"  # too few have passed their shares on
    NO_ESCROW = "no_escrow"  # your organisation keeps no key of that room
    SHARE_WRONG_PLACE = "share_wrong_place"  # of another escrow, seat, use or device, or not signed by yours
    SHARE_PASSED = "share_passed"  # that seat's share was passed on already
    SEAT_NOT_YOURS = "seat_not_yours"  # you do not hold that seat
    SEAT_DOUBLE = "seat_double"  # whoever is to have it holds another seat there, or cannot hold any
    ESCROW_STALE = "escrow_stale"  # another escrow is in force, or the seats must be others
    LAST_HOLDERS = "last_holders"  # too few could open what the organisation keeps
    NO_ROOT = "no_root"  # the organisation has none yet
    OTHER_ROOT = "other_root"  # the organisation has another
    DEVICE_KNOWN = "device_known"  # enrolled already, or revoked
    DEVICES_ENOUGH = "devices_enough"  # of that person or organisation
    NOT_WAITING = "not_waiting"  # active already, or revoked
    NOT_COUNTED = "not_counted"  # that device's word counts for nothing here
    WORD_GIVEN = "word_given"  # by that person, with this device or another
    OTHER_TIME = "other_time"  # signed long ago or ahead: look at the device's clock
    NOT_POSTED = "not_posted"  # that person cannot have such rights there
    INVITATION_OLD = "invitation_old"  # redeemed, and then left lying
    PASSKEY_KNOWN = "passkey_known"  # or there are enough


class Refused(NotNow):
    """Refused for a reason with a name; nothing has changed."""

    def __init__(self, code: Code, room: Room | None = None, told: str = "") -> None:
        """`room`: where the room stands, for whoever must read on; `told`: the reason as a sentence, for a terminal."""
        super().__init__(told or code.value)
        self.code, self.room = code, room
