"""What the ledger is told of devices and of what makes them trusted: the whole row, each time."""

from base64 import b64encode
from datetime import datetime

from bot.core.codec import instant_to_text, to_json
from bot.store.facts import Columns

_LONG_AGO = "1970-01-01T00:00:00Z"  # before anybody noted when


def device_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a device."""
    told = {
        "organisation": row["organisation"],
        "person": row["person"],
        "rights": row["rights"],
        "state": row["state"],
        "tier": row["tier"],
        "public": _base64(row["public"]),
        "bundle": _base64(row["bundle"]),
        "enrolled_at": instant_to_text(row["enrolled_at"]),
        "revoked_at": _maybe(row["revoked_at"]),
    }
    return row["id"].hex(), told


def approval_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an approval."""
    key = to_json([row["device"].hex(), row["approver"].hex()]).decode()
    return key, {"content": _base64(row["content"])}


def root_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an organisation's root."""
    return row["organisation"], {"public": _base64(row["public"])}


def introduction_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an introduction."""
    key = to_json([row["organisation"], row["other"]]).decode()
    return key, {"content": _base64(row["content"])}


def invitation_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of an invitation; its secret is known to nobody here."""
    told = {
        "organisation": row["organisation"],
        "person": row["person"],
        "rights": row["rights"],
        "inviter": row["inviter"],
        "expires": instant_to_text(row["expires"]),
        "redeemed_at": _maybe(row["redeemed_at"]),
        "device": None if row["device"] is None else row["device"].hex(),
    }
    return row["digest"].hex(), told


def passkey_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a passkey; how often it has signed is left out."""
    told = {
        "person": row["person"],
        "public": _base64(row["public"]),
        "made_at": instant_to_text(row["made_at"]),
    }
    return row["id"].hex(), told


def as_now(table: str, told: object) -> object:
    """What an earlier version told of a row, as it would be told of what the migrations made of that row."""
    if table != "devices" or not isinstance(told, dict) or "kind" not in told:
        return told
    bridge, active = told["kind"] == "bridge", told["active"] is True
    return {
        "organisation": told["organisation"],
        "person": told["person"],
        "rights": 16 if bridge else 2,
        "state": "pending" if active else "revoked",
        "tier": "server" if bridge else "file",
        "public": told["public"],
        "bundle": "",
        "enrolled_at": _LONG_AGO,
        "revoked_at": None if active else _LONG_AGO,
    }


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else instant_to_text(at)


def _base64(value: bytes) -> str:
    return b64encode(value).decode()
