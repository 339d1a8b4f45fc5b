"""The code by which two people, or one with two screens, see that they mean the same device and the same root."""

import hashlib

from bot.seal.keys import DEVICE_ID
from bot.seal.labels import Label
from bot.seal.symmetric import KEY
from bot.seal.wire import exact, lp

DIGITS = 12
ROUNDS = 200_000  # of PBKDF2; about 0.1 s here, half a second on a telephone

_GROUP = 4


def device_code(device_id: bytes, root: bytes) -> str:
    """Return twelve digits in three groups, of a device that asks to be approved and a root's id.

    The new device shows them and so does whoever is to approve it; they are compared by eye or by telephone. Each
    side computes them from what it holds itself: the new device from its own keys and the root in its
    invitation, the approver from the bundle it would approve and the root it has pinned. So neither the device nor the
    root can have been exchanged in between. Whoever wants another device to have the same code must try about 10^12
    pairs of keys, each through PBKDF2, while the device waits; six digits would take a minute.
    """
    secret = lp(Label.DEVICE_CODE, exact(device_id, DEVICE_ID), exact(root, KEY))
    drawn = hashlib.pbkdf2_hmac("sha256", secret, Label.DEVICE_CODE.encode(), ROUNDS, dklen=8)
    digits = f"{int.from_bytes(drawn, 'big') % 10**DIGITS:0{DIGITS}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, DIGITS, _GROUP))
