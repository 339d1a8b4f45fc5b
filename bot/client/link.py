"""Reads an invitation's link: the secret, and what the new device pins before it has spoken with anybody."""

from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from bot.core.errors import BadInput
from bot.seal.errors import SealError
from bot.seal.note import verifier_from_text
from bot.seal.signing import PUBLIC, check_public
from bot.seal.trust import Pins
from bot.seal.wire import exact, from_base64url, name

MAX_LINK = 2_000  # characters
_FIELDS = {"v", "organisation", "secret", "root", "ledger"}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An invitation as its link has it."""

    origin: str  # of the site
    secret: bytes = field(repr=False)  # 32 bytes
    pins: Pins

    @property
    def digest(self) -> bytes:
        """By which the bundle names the invitation."""
        return sha256(self.secret).digest()


def read_link(link: str) -> Invite:
    """Read the link that was handed over. Raises BadInput for anything else."""
    if len(link) > MAX_LINK:
        raise BadInput("that is no invitation's link")
    try:
        url = urlsplit(link.strip())
        told = dict(parse_qsl(url.fragment, keep_blank_values=True, strict_parsing=bool(url.fragment)))
    except ValueError as error:
        raise BadInput("that is no invitation's link") from error
    if url.scheme not in _PORTS or not url.hostname or told.keys() != _FIELDS or told["v"] != "1":
        raise BadInput("that is no invitation's link")
    try:
        verifier = verifier_from_text(told["ledger"])
        root = exact(from_base64url(told["root"]), PUBLIC)
        check_public(root)
        pins = Pins(
            organisation=name(told["organisation"]),
            root=root,
            origin=verifier.name,
            ledger=verifier.public,
        )
        secret = exact(from_base64url(told["secret"]), 32)
    except SealError as error:
        raise BadInput("that is no invitation's link") from error
    return Invite(origin=origin_of(link), secret=secret, pins=pins)


def origin_of(address: str) -> str:
    """The origin of an address, as browsers write it. Raises BadInput for one that is none."""
    try:
        url = urlsplit(address)
        port = "" if url.port in (None, _PORTS.get(url.scheme)) else f":{url.port}"
    except ValueError as error:
        raise BadInput("that is no address") from error
    if url.scheme not in _PORTS or not url.hostname:
        raise BadInput("that is no address")
    return f"{url.scheme}://{url.hostname}{port}"
