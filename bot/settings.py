"""Environment -> one frozen Settings, read once; what is missing or bad stops the start in one line."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from bot.core.errors import BadInput

PREFIX = "SAMJOUR_"
PUBLIC_BOT_API = "https://api.telegram.org/bot"
LONGEST = 2_000  # characters of one setting
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{3,100}")  # it becomes part of a URL's path
_SECRET = re.compile(r"[!-~]{1,200}")
_SENDER_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_SENDER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{2,10}")
_SOUND = re.compile(r"sound/[a-z0-9/]{1,60}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class TelegramMode(StrEnum):
    """How updates come: Telegram calls us, or we ask."""

    WEBHOOK = "webhook"
    POLLING = "polling"


class LogLevel(StrEnum):
    """How much is logged; never content, whatever the level."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the surroundings decide. `telegram_token` is empty where Telegram is not used."""

    database_url: str = field(default="sqlite+aiosqlite:///var/samjour.db", repr=False)
    base_url: str = "http://localhost:8400"  # without a path and without a slash at the end
    keys_dir: Path = Path("var/keys")
    certificates_dir: Path | None = None  # None: beside the keys, so that both outlive the database
    content_dir: Path | None = None  # None: bot.content looks for it
    feed_hosts: frozenset[str] = frozenset()  # of rosters: these may lie in a network of one's own
    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = PUBLIC_BOT_API
    telegram_mode: TelegramMode = TelegramMode.POLLING
    gateway_url: str = ""  # to telephones, without a slash at the end; empty: no telephone is called
    gateway_user: str = field(default="", repr=False)
    gateway_secret: str = field(default="", repr=False)
    gateway_from: str = ""  # a number (E.164), or for SMS alone a name
    gateway_recording: str = ""  # what a call plays; empty: SMS alone
    log_level: LogLevel = LogLevel.INFO
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Stockholm"))

    @property
    def certificates(self) -> Path:
        """Where certificates of erasure are kept."""
        return self.certificates_dir or self.keys_dir.parent / "certificates"


def read(environ: Mapping[str, str]) -> Settings:
    """The settings in `environ`; an empty value counts as absent. Raises BadInput naming the first fault.

    A message names the setting and what it should be, never the value: it may be a secret.
    """
    given = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX)}
    unknown = sorted(given.keys() - {PREFIX + name for name in _PARSERS})
    if unknown:
        raise BadInput(f"{_shown(unknown[0])} is not a setting of Samjour")
    values = {
        name.lower(): _parse(PREFIX + name, given[PREFIX + name], parse)
        for name, parse in _PARSERS.items()
        if given.get(PREFIX + name)
    }
    # Each value has the type its own parser returns; a mapping of mixed types cannot say so.
    settings = Settings(**values)  # type: ignore[arg-type]
    _agree(settings, given)
    return settings


def _parse(name: str, value: str, parse: Callable[[str], T]) -> T:
    if len(value) > LONGEST or not value.isprintable():
        raise BadInput(f"{name} must be one line of at most {LONGEST} characters")
    try:
        return parse(value)
    except BadInput as error:
        raise BadInput(f"{name} {error}") from None


def _agree(settings: Settings, given: Mapping[str, str]) -> None:
    """What only shows when settings are seen together."""
    if given.get("SAMJOUR_TELEGRAM_MODE") and not settings.telegram_token:
        raise BadInput("SAMJOUR_TELEGRAM_TOKEN is missing: SAMJOUR_TELEGRAM_MODE is set")
    _agree_gateway(settings, given)
    if settings.telegram_mode is not TelegramMode.WEBHOOK:
        return
    if not given.get("SAMJOUR_BASE_URL"):
        raise BadInput("SAMJOUR_BASE_URL is missing: a webhook needs the address that Telegram calls")
    public = settings.telegram_api_url == PUBLIC_BOT_API
    if public and not settings.base_url.startswith("https://"):
        raise BadInput("SAMJOUR_BASE_URL must begin with https: Telegram calls no other webhook")


def _agree_gateway(settings: Settings, given: Mapping[str, str]) -> None:
    """All of a gateway or nothing of it: half of one would be found out at night."""
    parts = [PREFIX + part for part in ("GATEWAY_URL", "GATEWAY_USER", "GATEWAY_SECRET", "GATEWAY_FROM")]
    optional = f"{PREFIX}GATEWAY_RECORDING"
    there = [part for part in (*parts, optional) if given.get(part)]
    missing = [part for part in parts if not given.get(part)]
    if there and missing:
        raise BadInput(f"{missing[0]} is missing: {there[0]} is set")
    if settings.gateway_recording and not settings.gateway_from.startswith("+"):
        raise BadInput(f"SAMJOUR_GATEWAY_FROM must be a number, as +46701740605: {optional} is set")


def _database(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme == "sqlite+aiosqlite":
        if not rest.startswith("/") or len(rest) < 2 or ":memory:" in rest or "?" in rest:
            raise BadInput("must name a file: sqlite+aiosqlite:///var/samjour.db")
    elif scheme not in ("postgresql+asyncpg", "postgresql+psycopg") or not rest.strip("/"):
        raise BadInput("must begin with sqlite+aiosqlite, postgresql+asyncpg or postgresql+psycopg")
    return value


def _base_url(value: str) -> str:
    url = _split(value)
    if url.path not in ("", "/") or "?" in value or "#" in value:
        raise BadInput("must be an address without a path")
    return f"{url.scheme.lower()}://{url.netloc.lower()}"


def _api_url(value: str) -> str:
    url = _split(value)
    if "?" in value or "#" in value:
        raise BadInput("must end where the token follows, as in https://example.org/bot")
    if url.scheme.lower() == "http" and not _loopback(url.hostname or ""):
        raise BadInput("must begin with https, except on this machine: the token is part of the address")
    return value


def _gateway_url(value: str) -> str:
    url = _split(value)
    if "?" in value or "#" in value:
        raise BadInput("must be an address such as https://api.46elks.com/a1")
    if url.scheme.lower() == "http" and not _loopback(url.hostname or ""):
        raise BadInput("must begin with https, except on this machine: a secret is sent there")
    return value.rstrip("/")


def _secret(value: str) -> str:
    if not _SECRET.fullmatch(value):
        raise BadInput("must be at most 200 letters, digits and signs of ASCII, without a blank")
    return value


def _user(value: str) -> str:
    if ":" in value:  # it ends the name in Basic auth (RFC 7617)
        raise BadInput("must have no colon")
    return _secret(value)


def _sender(value: str) -> str:
    if not (_SENDER_NUMBER.fullmatch(value) or _SENDER_NAME.fullmatch(value)):
        raise BadInput("must be a number, as +46701740605, or a name of 3 to 11 letters and digits")
    return value


def _recording(value: str) -> str:
    if _SOUND.fullmatch(value):
        return value
    url = _split(value)
    if url.scheme.lower() != "https" or "?" in value or "#" in value:
        raise BadInput(
            "must be an address that begins with https, or a sound of the gateway's, as sound/beep"
        )
    return value


def _split(value: str) -> SplitResult:
    try:
        url = urlsplit(value)
        url.port  # noqa: B018 - reading it is the check
    except ValueError:
        raise BadInput("is not an address") from None
    if url.scheme.lower() not in ("http", "https"):
        raise BadInput("must begin with http:// or https://")
    if "@" in url.netloc or not _is_host(url.hostname or ""):
        raise BadInput("must be a host, with a port if needed, without a user name")
    return url


def _is_host(host: str) -> bool:
    return bool(_HOST.fullmatch(host)) or _address(host) is not None


def _loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _directory(value: str) -> Path:
    """A directory that is made when it is needed."""
    try:
        taken = Path(value).exists() and not Path(value).is_dir()
    except OSError:  # a name too long, or out of reach
        taken = True
    if taken:
        raise BadInput("must be a directory")
    return Path(value)


def _existing_directory(value: str) -> Path:
    path = _directory(value)
    if not path.is_dir():
        raise BadInput("must be a directory that exists")
    return path


def _hosts(value: str) -> frozenset[str]:
    """Hosts, with a port where it is not 443, with commas between."""
    hosts = frozenset(host.strip().lower() for host in value.split(",") if host.strip())
    for host in hosts:
        _split(f"https://{host}")
        if set(host) & set("/?#"):
            raise BadInput("must be hosts, with a port if needed, with commas between")
    return hosts


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise BadInput("must look like the token BotFather gives: digits, a colon, letters")
    return value


def _mode(value: str) -> TelegramMode:
    return _one_of(TelegramMode, value)


def _log_level(value: str) -> LogLevel:
    return _one_of(LogLevel, value.upper())


def _one_of(kind: type[E], value: str) -> E:
    try:
        return kind(value)
    except ValueError:
        raise BadInput(f"must be one of {', '.join(kind)}") from None


def _timezone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, outside the zone files, a folder of them
        raise BadInput("must be a time zone such as Europe/Stockholm") from None


def _shown(name: str) -> str:
    """An unknown setting's name, made safe to print: it comes from outside."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "_") else "?" for c in name[:60])


# Every setting there is: the name after the prefix, and how it is read.
_PARSERS: dict[str, Callable[[str], object]] = {
    "DATABASE_URL": _database,
    "BASE_URL": _base_url,
    "KEYS_DIR": _directory,
    "CERTIFICATES_DIR": _directory,
    "CONTENT_DIR": _existing_directory,
    "FEED_HOSTS": _hosts,
    "TELEGRAM_TOKEN": _token,
    "TELEGRAM_API_URL": _api_url,
    "TELEGRAM_MODE": _mode,
    "GATEWAY_URL": _gateway_url,
    "GATEWAY_USER": _user,
    "GATEWAY_SECRET": _secret,
    "GATEWAY_FROM": _sender,
    "GATEWAY_RECORDING": _recording,
    "LOG_LEVEL": _log_level,
    "TIMEZONE": _timezone,
}
