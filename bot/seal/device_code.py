"""The code by which two people, or one with two screens, see that they mean the same device and the same root."""

import hashlib

from bot.seal.keys import DEVICE_ID
from bot.seal.labels import Label
from bot.seal.symmetric import KEY
from bot.seal.wire import exact, lp

DIGITS = 16
ROUNDS = 200_000  # of PBKDF2; about 0.1 s here, half a second on a telephone

_GROUP = 4


def device_code(device_id: bytes, root: bytes) -> str:
    """Return sixteen digits in four groups, of a device that asks to be approved and a root's id.

    The new device shows them and so does whoever is to approve it; they are compared by eye or by telephone. Each
    side computes them from what it holds itself: the new device from its own keys and the root in its
    invitation, the approver from the bundle it would approve and the root it has pinned. So neither the device nor the
    root can have been exchanged in between. A server that wants to show another device with the same code must try keys, each
    through PBKDF2, and may do so long before: nothing in the code is new, so a table of tried devices serves for every
    enrolment under one root. A table of 10^11 (a month of one graphics card) hits one enrolment in 100 000; with
    twelve digits it would hit one in ten.
    """
    secret = lp(Label.DEVICE_CODE, exact(device_id, DEVICE_ID), exact(root, KEY))
    drawn = hashlib.pbkdf2_hmac("sha256", secret, Label.DEVICE_CODE.encode(), ROUNDS, dklen=8)
    digits = f"{int.from_bytes(drawn, 'big') % 10**DIGITS:0{DIGITS}}"
    return " ".join(digits[at : at + _GROUP] for at in range(0, DIGITS, _GROUP))
