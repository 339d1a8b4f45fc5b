"""Settings: read once, complete by default, refused in one line that names the setting and not its value."""

from dataclasses import FrozenInstanceError
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.settings import PUBLIC_BOT_API, LogLevel, Settings, TelegramMode, read

TOKEN = "123456:AA-not_a_real_token"


def test_nothing_set_is_enough() -> None:
    """Without any setting Samjour has a file database, loopback, Swedish time and no Telegram."""
    settings = read({"PATH": "/usr/bin", "HOME": "/root"})
    assert settings == Settings()
    assert settings.database_url == "sqlite+aiosqlite:///var/samjour.db"
    assert settings.base_url == "http://localhost:8400"
    assert settings.telegram_api_url == PUBLIC_BOT_API == "https://api.telegram.org/bot"
    assert settings.telegram_token == ""
    assert settings.telegram_mode is TelegramMode.POLLING
    assert settings.log_level is LogLevel.INFO
    assert settings.timezone == ZoneInfo("Europe/Stockholm")
    assert settings.content_dir is None


def test_every_promised_name_is_read(tmp_path: Path) -> None:
    """Each name of the interface reaches its field."""
    settings = read(
        {
            "SAMJOUR_DATABASE_URL": "postgresql+asyncpg://samjour:hemligt@db/samjour",
            "SAMJOUR_BASE_URL": "https://Samjour.Example.org/",
            "SAMJOUR_KEYS_DIR": str(tmp_path / "keys"),
            "SAMJOUR_CONTENT_DIR": str(tmp_path),
            "SAMJOUR_FEED_HOSTS": "Schema.Example.org, 127.0.0.1:8081",
            "SAMJOUR_TELEGRAM_TOKEN": f" {TOKEN}\n",
            "SAMJOUR_TELEGRAM_API_URL": "http://127.0.0.1:8081/bot",
            "SAMJOUR_TELEGRAM_MODE": "webhook",
            "SAMJOUR_LOG_LEVEL": "debug",
            "SAMJOUR_TIMEZONE": "Europe/Helsinki",
        }
    )
    assert settings == Settings(
        database_url="postgresql+asyncpg://samjour:hemligt@db/samjour",
        base_url="https://samjour.example.org",
        keys_dir=tmp_path / "keys",
        content_dir=tmp_path,
        feed_hosts=frozenset({"schema.example.org", "127.0.0.1:8081"}),
        telegram_token=TOKEN,
        telegram_api_url="http://127.0.0.1:8081/bot",
        telegram_mode=TelegramMode.WEBHOOK,
        log_level=LogLevel.DEBUG,
        timezone=ZoneInfo("Europe/Helsinki"),
    )


def test_an_empty_value_is_an_absent_one() -> None:
    """A line left empty in an environment file means the default."""
    assert read({"SAMJOUR_BASE_URL": "", "SAMJOUR_TELEGRAM_TOKEN": "  "}) == Settings()


REFUSED = [
    ("DATABASE_URL", "mysql://localhost/samjour"),
    ("DATABASE_URL", "sqlite:///var/samjour.db"),
    ("DATABASE_URL", "sqlite+aiosqlite://"),
    ("DATABASE_URL", "sqlite+aiosqlite:///:memory:"),
    ("DATABASE_URL", "sqlite+aiosqlite:///file:x?mode=memory&uri=true"),
    ("DATABASE_URL", "postgresql+asyncpg://"),
    ("DATABASE_URL", "var/samjour.db"),
    ("BASE_URL", "samjour.example.org"),
    ("BASE_URL", "ftp://samjour.example.org"),
    ("BASE_URL", "https://"),
    ("BASE_URL", "https://samjour.example.org/app"),
    ("BASE_URL", "https://samjour.example.org?x=1"),
    ("BASE_URL", "https://samjour.example.org#top"),
    ("BASE_URL", "https://user:pass@samjour.example.org"),
    ("BASE_URL", "https://samjour.example.org:99999"),
    ("BASE_URL", "https://samjour example.org"),
    ("BASE_URL", "https://[::1"),
    ("KEYS_DIR", __file__),
    ("KEYS_DIR", "x" * 300),
    ("CONTENT_DIR", __file__),
    ("CONTENT_DIR", "/no/such/place"),
    ("TELEGRAM_TOKEN", "not-a-token"),
    ("TELEGRAM_TOKEN", "123456:../../getMe"),
    ("FEED_HOSTS", "schema.example.org/path"),
    ("FEED_HOSTS", "name@schema.example.org"),
    ("FEED_HOSTS", "schema.example.org:port"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("TELEGRAM_API_URL", "http://api.telegram.org/bot"),
    ("TELEGRAM_API_URL", "https://api.telegram.org/bot?x="),
    ("TELEGRAM_MODE", "both"),
    ("LOG_LEVEL", "LOUD"),
    ("TIMEZONE", "Malmö"),
    ("TIMEZONE", "Europe"),
    ("TIMEZONE", "../etc/passwd"),
    ("TIMEZONE", "Europe/Stock\nholm"),
    ("DATABASE_URL", "postgresql+asyncpg://" + "x" * 3_000),
]


@pytest.mark.parametrize(("name", "value"), REFUSED)
def test_a_bad_value_is_refused_by_name_alone(name: str, value: str) -> None:
    """One line names the setting and what it should be, and has no other cause to print."""
    with pytest.raises(BadInput) as refusal:
        read({f"SAMJOUR_{name}": value})
    sentence = str(refusal.value)
    assert sentence.startswith(f"SAMJOUR_{name} ")
    assert sentence.isprintable()
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("name", ["DATABASE_URL", "BASE_URL", "TELEGRAM_TOKEN", "TELEGRAM_API_URL"])
def test_a_refused_secret_is_not_repeated(name: str) -> None:
    """What was wrong with a token, or an address with a password in it, is told without it."""
    with pytest.raises(BadInput) as refusal:
        read({f"SAMJOUR_{name}": "mysql://samjour:hemligt@db/x"})
    assert "hemligt" not in str(refusal.value)


def test_certificates_stand_beside_the_keys_unless_told_otherwise() -> None:
    """They outlive the database, as the keys do; a folder of their own can be named."""
    assert read({"SAMJOUR_KEYS_DIR": "/var/lib/samjour/keys"}).certificates == Path(
        "/var/lib/samjour/certificates"
    )
    assert read({"SAMJOUR_CERTIFICATES_DIR": "/srv/kept"}).certificates == Path("/srv/kept")
    with pytest.raises(BadInput, match=r"^SAMJOUR_CERTIFICATES_DIR must be a directory"):
        read({"SAMJOUR_CERTIFICATES_DIR": __file__})


def test_a_misspelt_setting_is_refused() -> None:
    """A typing error does not silently switch a channel off."""
    with pytest.raises(BadInput, match=r"^SAMJOUR_TELEGRAM_TOKN is not a setting of Samjour$"):
        read({"SAMJOUR_TELEGRAM_TOKN": TOKEN})


def test_an_odd_name_is_printed_safely() -> None:
    """A name from outside cannot write its own lines or control characters."""
    with pytest.raises(BadInput) as refusal:
        read({"SAMJOUR_\n\x1b[31mÅ": "x"})
    assert str(refusal.value).isascii()
    assert str(refusal.value).isprintable()


def test_a_mode_without_a_token_is_missing_something() -> None:
    """Who chooses how Telegram is used must say which bot."""
    with pytest.raises(BadInput, match=r"^SAMJOUR_TELEGRAM_TOKEN is missing"):
        read({"SAMJOUR_TELEGRAM_MODE": "polling"})


def test_a_webhook_without_an_address_is_missing_something() -> None:
    """Telegram cannot call an address that nobody gave."""
    with pytest.raises(BadInput, match=r"^SAMJOUR_BASE_URL is missing"):
        read({"SAMJOUR_TELEGRAM_MODE": "webhook", "SAMJOUR_TELEGRAM_TOKEN": TOKEN})


def test_the_public_bot_api_calls_https_alone() -> None:
    """A webhook in clear is refused before Telegram refuses it; a server on this machine may use it."""
    environ = {
        "SAMJOUR_TELEGRAM_MODE": "webhook",
        "SAMJOUR_TELEGRAM_TOKEN": TOKEN,
        "SAMJOUR_BASE_URL": "http://localhost:8400",
    }
    with pytest.raises(BadInput, match=r"^SAMJOUR_BASE_URL must begin with https"):
        read(environ)
    assert read(environ | {"SAMJOUR_TELEGRAM_API_URL": "http://localhost:1/bot"}).base_url


def test_secrets_are_not_in_the_repr() -> None:
    """Neither the token nor a database password shows when settings are printed or logged."""
    settings = read(
        {
            "SAMJOUR_TELEGRAM_TOKEN": TOKEN,
            "SAMJOUR_DATABASE_URL": "postgresql+psycopg://samjour:hemligt@db/samjour",
        }
    )
    assert TOKEN not in repr(settings)
    assert "hemligt" not in repr(settings)


def test_settings_do_not_change() -> None:
    """What was read once stays as it was read."""
    with pytest.raises(FrozenInstanceError):
        read({}).base_url = "https://elsewhere.example.org"  # type: ignore[misc]


@given(
    st.dictionaries(
        st.sampled_from([f"SAMJOUR_{name}" for name, _ in REFUSED]), st.text(max_size=40), max_size=4
    )
)
def test_any_environment_is_read_or_refused(environ: dict[str, str]) -> None:
    """Whatever stands there, there are settings or one line: never a traceback of something else."""
    try:
        told = repr(read(environ))
    except BadInput as refusal:
        told = str(refusal)
    assert told.startswith(("Settings(", "SAMJOUR_"))
    assert "\n" not in told
