"""Every label in one place: no two purposes share one, so no bytes made for one are ever taken for another."""

from enum import StrEnum


class Label(StrEnum):
    """The first field of every LP string; ASCII. Changing what follows a label takes a new version of it."""

    DEVICE = "samjour/device/v1"
    DEVICE_PUBLIC = "samjour/device-public/v1"
    DEVICE_SECRET = "samjour/device-secret/v1"  # noqa: S105 - names a secret, is none
    SIGNING_SECRET = "samjour/signing-secret/v1"  # noqa: S105 - likewise

    ROOM = "samjour/room/v1"
    ROOM_KEY = "samjour/room-key/v1"
    ROOM_KEY_HASH = "samjour/room-key-hash/v1"
    ROOM_COMMIT = "samjour/room-commit/v1"
    EPOCH = "samjour/epoch/v1"

    EVENT = "samjour/event/v1"
    EVENT_SIG = "samjour/event-sig/v1"
    EVENT_HASH = "samjour/event-hash/v1"
    EVENT_BYTES = "samjour/event-bytes/v1"
    MESSAGE_KEY = "samjour/msg-key/v1"

    ESCROW = "samjour/escrow/v1"
    ESCROW_BYTES = "samjour/escrow-bytes/v1"
    ESCROW_HASH = "samjour/escrow-hash/v1"
    SHAMIR = "samjour/shamir/v1"
    SHARE = "samjour/share/v1"
    SHARE_COMMIT = "samjour/share-commit/v1"

    INBOX = "samjour/inbox/v1"
    FIELD = "samjour/field/v1"
    FIELD_KEY = "samjour/field-key/v1"
    LOOKUP = "samjour/lookup/v1"
    LOOKUP_KEY = "samjour/lookup-key/v1"

    ENTRY = "samjour/entry/v1"
