"""Keys in a real browser: enrolled, kept, unlocked, approved, lost; and nothing of them where it must not be."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, Request, Route, expect

from bot.client import talks
from bot.seal.enrolment import Right
from tests.browser.screens import Screen, screen
from tests.browser.test_screenshots import SMALL
from tests.browser.whole import CHIEFS, EVENING, MALMO, OFFICER, Whole, python_device

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Everything that the page keeps, with bytes as hexadecimal and keys by what can be done with them.
KEPT = """async () => {
    const asked = request => new Promise((yes, no) => {
        request.onsuccess = () => yes(request.result);
        request.onerror = () => no(request.error);
    });
    const shown = value => {
        if (value instanceof CryptoKey) return { key: value.algorithm.name, type: value.type, out: value.extractable };
        if (value instanceof Uint8Array) return [...value].map(byte => byte.toString(16).padStart(2, "0")).join("");
        if (value instanceof Map) return [...value].map(shown);
        if (value === null || typeof value !== "object") return value;
        if (Array.isArray(value)) return value.map(shown);
        return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(inner)]));
    };
    const database = await asked(indexedDB.open("samjour"));
    const found = {};
    for (const name of database.objectStoreNames) {
        found[name] = (await asked(database.transaction(name).objectStore(name).getAll())).map(shown);
    }
    database.close();
    return { ...found, local: { ...localStorage }, session: { ...sessionStorage } };
}"""
SECRET = """async () => {
    const [{ Store }, { keptDevices }, { askSecret }] =
        await Promise.all(["store", "keys", "passkey"].map(name => import(`/static/${name}.js`)));
    const [{ passkey: { id, salt } }] = await keptDevices(await Store.open());
    return [...(await askSecret({ ids: [id], salt })).secret];
}"""
# A browser that cannot keep one kind of key, and says nothing: what Chromium does with its hybrid one.
FORGETS = """
const { get } = IDBObjectStore.prototype;
IDBObjectStore.prototype.get = function (id) {
    const request = get.call(this, id);
    if (this.name === "devices") {
        Object.defineProperty(request, "result", { get() {
            const found = Object.getOwnPropertyDescriptor(IDBRequest.prototype, "result").get.call(request);
            return found && { ...found, keys: { ...found.keys, mlkem: null } };
        } });
    }
    return request;
};
"""
WITHOUT_PRF: dict[str, object] = {"hasPrf": False}
WITHOUT_USER: dict[str, object] = {"isUserVerified": False}

WISH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}

Open = Callable[..., Awaitable[Screen]]


@pytest.fixture
def opened(browser: Browser, town: Whole) -> Open:
    """Opens a screen of somebody's in the town."""

    async def open_one(**how: object) -> Screen:
        return await screen(browser, town, **how)  # type: ignore[arg-type]  # as `screen` takes it

    return open_one


def posts(page: Page) -> list[tuple[str, str]]:
    """What the page writes to the server from now on: path and body."""
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append((request.url.split("?")[0].partition("/api/v1")[2], request.post_data or ""))

    page.on("request", note)
    return sent


async def kept(page: Page) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = await page.evaluate(KEPT)
    return found


# ---- at rest -----------------------------------------------------------------------------------------


async def test_with_a_passkey_keys_lie_wrapped_and_its_secret_goes_nowhere(town: Whole, opened: Open) -> None:
    """Tier A: what is kept is wrapped bytes; no posted body and nothing stored holds what the passkey gave."""
    one = await opened()
    sent = posts(one.page)
    device = await one.enrol(OFFICER)
    assert await town.devices_of(OFFICER) == [(device, "active", "prf")]
    (record,) = (await kept(one.page))["devices"]
    keys = record["keys"]
    assert isinstance(keys, dict)
    assert {name: len(wrapped) // 2 for name, wrapped in keys.items()} == {  # nonce, key, tag
        "ed25519": 12 + 48 + 16,
        "mlkem": 12 + 64 + 16,
        "x25519": 12 + 48 + 16,
    }
    secret = bytes(await one.page.evaluate(SECRET))
    forms = {secret.hex(), urlsafe_b64encode(secret).decode().rstrip("="), json.dumps(list(secret))}
    stored = json.dumps(await kept(one.page))
    assert [path for path, _ in sent][:5] == [
        "/invitations/redemption",
        "/passkeys/options",
        "/passkeys",
        "/challenges",
        "/devices",
    ]
    for form in forms:
        assert form not in stored
        assert not any(form in body for _, body in sent)
    credential = json.loads(dict(sent)["/passkeys"])["credential"]
    assert credential["clientExtensionResults"] == {}
    assert json.loads(dict(sent)["/devices"]).keys() == {"bundle", "tier", "challenge", "answer"}
    assert one.complaints() == []


async def test_after_a_reload_a_passkey_opens_the_same_device(opened: Open) -> None:
    """The keys stay; the page asks for the passkey when somebody presses, and not before."""
    one = await opened()
    await one.enrol(OFFICER)
    before = await kept(one.page)
    await one.page.reload()
    await one.door("locked")
    await expect(one.page.get_by_role("heading", name="Lås upp enheten")).to_be_focused()
    await one.page.get_by_role("button", name="Lås upp").click()
    await one.is_open()
    assert (await kept(one.page))["devices"] == before["devices"]
    await one.page.get_by_role("button", name="Lås", exact=True).click()
    await one.door("locked")
    assert await one.context.cookies() == []


async def test_without_a_passkey_keys_lie_where_no_script_reads_them(town: Whole, opened: Open) -> None:
    """Tier B: three keys that cannot be taken out; the page says what that means, and opens by itself after a reload."""
    one = await opened()
    device = await one.enrol(OFFICER, tier="storage")
    assert await town.devices_of(OFFICER) == [(device, "active", "storage")]
    (record,) = (await kept(one.page))["devices"]
    assert record["keys"] == {
        "ed25519": {"key": "Ed25519", "type": "private", "out": False},
        "mlkem": {"key": "ML-KEM-768", "type": "private", "out": False},
        "x25519": {"key": "X25519", "type": "private", "out": False},
    }
    here = one.page.locator('[data-section="here"]')
    await expect(here).to_contain_text("den som kan använda webbläsaren kan använda dem")
    await one.page.reload()
    await one.is_open()
    await expect(one.page.get_by_role("button", name="Lås", exact=True)).to_have_count(0)
    assert one.complaints() == []


@pytest.mark.parametrize("tier", ["prf", "storage"])
async def test_keys_that_the_browser_loses_are_never_told_of(town: Whole, opened: Open, tier: str) -> None:
    """They are read back and tried first: when that fails nobody hears of the device, and nothing is left of it."""
    one = await opened()
    await one.page.add_init_script(FORGETS)
    sent = posts(one.page)
    await one.page.goto(await town.invite(OFFICER))
    await one.page.locator(f"#enrol-{tier}").click()
    await expect(one.page.get_by_role("alert")).to_contain_text("kunde inte spara nycklarna")
    assert "/devices" not in dict(sent)
    assert (await kept(one.page))["devices"] == []
    assert await town.devices_of(OFFICER) == []


async def test_keys_that_are_lost_later_are_said_to_be_gone(opened: Open) -> None:
    """A browser that cleared part of them is told from one that has a passkey to ask."""
    one = await opened()
    await one.enrol(OFFICER, tier="storage")
    await one.page.evaluate("""async () => {
        const { Store } = await import("/static/store.js");
        const [store, lose] = [await Store.open(), record => ({ ...record, keys: { ...record.keys, x25519: null } })];
        await store.put("devices", lose((await store.all("devices"))[0]));
    }""")
    await one.page.reload()
    await one.door("gone")
    await one.page.get_by_role("button", name="Glöm nycklarna här").click()
    await one.door("none")
    assert (await kept(one.page))["devices"] == []


# ---- passkeys that will not do -----------------------------------------------------------------------


async def test_a_passkey_that_gives_no_secret_is_said_to_and_there_is_another_way(
    town: Whole, opened: Open
) -> None:
    """Without PRF nothing is enrolled as if it were locked; the same invitation serves without a passkey."""
    one = await opened(authenticator=WITHOUT_PRF)
    sent = posts(one.page)
    await one.page.goto(await town.invite(OFFICER))
    await one.page.locator("#enrol-prf").click()
    await expect(one.page.get_by_role("alert")).to_contain_text("går inte att använda här")
    await one.page.locator("#enrol-prf").click()  # the authenticator has one of this person's by now
    await expect(one.page.get_by_role("alert")).to_contain_text("går inte att använda här")
    assert "/devices" not in dict(sent)
    await one.page.locator("#enrol-storage").click()
    await one.door("waiting")
    assert [tier for _, _, tier in await town.devices_of(OFFICER)] == ["storage"]


async def test_a_passkey_that_does_not_verify_its_user_is_not_taken(town: Whole, opened: Open) -> None:
    """Whoever only holds the telephone gets no further."""
    one = await opened(authenticator=WITHOUT_USER)
    await one.page.goto(await town.invite(OFFICER))
    await one.page.locator("#enrol-prf").click()
    await expect(one.page.get_by_role("alert")).to_contain_text("Det avbröts")
    assert (await kept(one.page))["devices"] == []
    assert await town.devices_of(OFFICER) == []


async def test_nobody_who_is_not_verified_unlocks(opened: Open) -> None:
    """The keys stay locked, and the page says that it did not work."""
    one = await opened()
    await one.enrol(OFFICER)
    await one.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": one.passkeys, "isUserVerified": False})
    await one.page.reload()
    await one.page.get_by_role("button", name="Lås upp").click()
    await one.door("trouble")
    await expect(one.page.locator('[data-section="mine"]')).to_be_hidden()


# ---- invitations -------------------------------------------------------------------------------------


async def test_an_enrolment_that_was_not_heard_goes_on_with_the_same_keys(town: Whole, opened: Open) -> None:
    """An invitation is good for one device: when the answer is lost, the next try is not another one."""
    one = await opened()
    await one.page.goto(await town.invite(OFFICER))

    async def lose(route: Route) -> None:
        await route.fetch()  # the server hears it, the page does not hear the server
        await route.abort()

    await one.page.route("**/api/v1/devices?*", lose)
    await one.page.locator("#enrol-prf").click()
    await expect(one.page.get_by_role("alert")).to_contain_text("Ingen kontakt")
    (device,) = await town.devices_of(OFFICER)
    await one.page.unroute("**/api/v1/devices?*")
    await one.page.reload()  # as if the page had been closed meanwhile
    await one.page.locator("#enrol-prf").click()
    await one.door("waiting")
    assert await town.devices_of(OFFICER) == [device]
    assert len((await kept(one.page))["devices"]) == 1


async def test_an_invitation_works_once_and_only_where_it_belongs(town: Whole, opened: Open) -> None:
    """A used one, half of one, and one that pins another server's ledger each say what to do; nothing is kept."""
    one, other = await opened(), await opened()
    link = await town.invite(OFFICER)
    await one.page.goto(link)
    await one.door("invited")
    assert "#" not in one.page.url
    await other.page.goto(link)
    await expect(other.page.locator('[data-door="trouble"]')).to_contain_text("En inbjudan gäller en gång")
    fresh = await town.invite(OFFICER)
    for changed, told in (
        (fresh[:-5], "inte en hel inbjudan"),
        (re.sub(r"(root=)[A-Za-z0-9_-]{10}", r"\1AAAAAAAAAA", fresh), ""),
        (
            fresh.replace("localhost%2Fmalmo", "x").replace("localhost%2Fpolisen", "evil.example%2Fpolisen"),
            "",
        ),
    ):
        stranger = await opened()
        sent = posts(stranger.page)
        await stranger.page.goto(changed)
        await expect(stranger.page.locator("[data-door]")).to_contain_text(told)
        if told:
            await stranger.door("trouble")
            assert sent == []


async def test_whoever_is_not_signed_in_is_told_where_to_begin(town: Whole, opened: Open) -> None:
    """Without session and keys, and with a session alone, the page says what comes next."""
    one = await opened()
    await one.page.goto(f"{town.address}/device")
    await one.door("outside")
    await one.page.goto(await town.sign_in_link(OFFICER))
    await one.page.wait_for_url(f"{town.address}/")
    await one.page.goto(f"{town.address}/device")
    await one.door("none")
    await one.page.goto(f"{town.address}/device?lang=en")
    await expect(one.page.get_by_role("heading", name="This browser is not a device yet")).to_be_visible()


async def test_keys_of_somebody_else_are_not_used(town: Whole, opened: Open) -> None:
    """Who is signed in as another person is told whose keys these are; without a passkey there is no way past."""
    one, two = await opened(), await opened()
    for each, tier in ((one, "storage"), (two, "prf")):
        await each.enrol(OFFICER, tier=tier)
        await each.page.goto(await town.sign_in_link(EVENING))
        await each.page.wait_for_url(f"{town.address}/")
        await each.page.goto(f"{town.address}/device")
        await each.door("other")
        await expect(each.page.locator("[data-door]")).to_contain_text(OFFICER)
    await expect(one.page.locator("#unlock")).to_have_count(0)
    await two.page.locator("#unlock").click()  # the passkey says who is there
    await two.is_open()
    await expect(two.page.locator('[data-section="here"]')).to_contain_text("Polis i yttre tjänst Malmö 1")


# ---- approving and losing ----------------------------------------------------------------------------


async def add_device(first: Screen, page: Page) -> None:
    """Invite a second device from the first, and bring it to where it waits."""
    await first.page.get_by_role("button", name="Bjud in en enhet till").click()
    link = await first.page.get_by_label("Länk till den nya enheten").input_value()
    await page.goto(link)
    await page.locator("#enrol-storage").click()


async def test_one_s_other_device_is_approved_by_the_code_and_revoked_when_lost(
    town: Whole, opened: Open
) -> None:
    """Both show the same sixteen digits; approved, the second opens; revoked from the first, it is out."""
    first, second = await opened(), await opened()
    await first.enrol(OFFICER)
    await add_device(first, second.page)
    await second.door("waiting")
    digits = await second.page.locator(".digits").inner_text()
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", digits)
    waiting = first.page.locator('[data-section="approve"] article')
    await expect(waiting).to_contain_text(digits)
    await expect(waiting).to_contain_text("din egen")
    await waiting.get_by_role("button").click()
    await second.is_open()
    lost = next(id_ for id_, _, tier in await town.devices_of(OFFICER) if tier == "storage")
    row = first.page.locator('[data-section="mine"] li', has_text="utan lås")
    await row.get_by_role("button", name="Spärra").click()
    await expect(first.page.get_by_role("button", name="Nej, tillbaka")).to_be_focused()
    await first.page.get_by_role("button", name="Ja, spärra").click()
    await expect(row).to_contain_text("Spärrad")
    assert (lost, "revoked", "storage") in await town.devices_of(OFFICER)
    await second.door("refused")  # its session ended with it
    await second.page.goto(await town.sign_in_link(OFFICER))
    await second.page.wait_for_url(f"{town.address}/")
    await second.page.goto(f"{town.address}/device")
    await second.door("revoked")
    await second.page.get_by_role("button", name="Glöm nycklarna här").click()
    await second.door("none")
    assert (await kept(second.page))["devices"] == []


async def test_a_supervisor_s_device_takes_two_others(town: Whole, opened: Open) -> None:
    """One word is counted and not enough; with the second the device holds shares. Nobody approves their own."""
    chief, deputy, new = await opened(), await opened(), await opened()
    rights = Right.SHARES | Right.APPROVE
    await chief.enrol(CHIEFS[0], rights=rights, organisation=MALMO)
    await deputy.enrol(CHIEFS[1], rights=rights, organisation=MALMO)
    await new.page.goto(await town.invite(CHIEFS[2], rights, MALMO))
    await new.page.locator("#enrol-prf").click()
    await new.door("waiting")
    await expect(new.page.locator("[data-door]")).to_contain_text("Två personer ska godkänna")
    digits = await new.page.locator(".digits").inner_text()
    for each in (chief, deputy):
        waiting = each.page.locator('[data-section="approve"] article', has_text=digits)
        await expect(waiting).to_contain_text("av 2 har godkänt")
        await waiting.get_by_role("button").click()
        await expect(waiting).to_contain_text("Godkänd.")
    await new.is_open()
    await expect(new.page.locator('[data-section="openings"]')).to_be_visible()
    for each in (chief, deputy, new):
        assert each.complaints() == []


async def test_a_server_that_shows_another_device_shows_another_code(opened: Open) -> None:
    """Each side computes the digits of what it holds itself: a device that was exchanged on the way is seen."""
    first, second, stranger = await opened(), await opened(), await opened()
    await first.enrol(OFFICER)
    await add_device(first, second.page)
    await second.door("waiting")
    await stranger.enrol(EVENING, organisation=MALMO)
    digits = await second.page.locator(".digits").inner_text()
    theirs = await second.page.evaluate("""async () => {
        const [{ codeOf }, { Store }, { readPins }, { draw }] =
            await Promise.all(["enrol", "store", "pins", "here"].map(name => import(`/static/${name}.js`)));
        return codeOf(draw(32), (await readPins(await Store.open(), "polisen")).root);
    }""")
    assert theirs != digits
    waiting = first.page.locator('[data-section="approve"] article')
    await expect(waiting).to_have_count(1)
    await expect(waiting).to_contain_text(digits)


# ---- talks -------------------------------------------------------------------------------------------


async def test_a_device_that_was_approved_a_moment_ago_is_no_fault_of_the_talk(
    town: Whole, opened: Open
) -> None:
    """Both sides follow it into the next key, though they read the directory before: no alarm, and words go on."""
    officer, worker, third = await opened(), await opened(), await opened()
    await officer.enrol(OFFICER, tier="storage")
    await worker.enrol(EVENING, tier="storage", organisation=MALMO)
    async with python_device(town, OFFICER) as (api, _):
        await talks.request(api, town.deps.entropy.draw, **WISH)
    await worker.page.get_by_role("button", name="Jag tar den").click()
    await officer.page.locator("[id^=room-]").click()
    await say(officer.page, "Hej, är du där?")
    await expect(worker.page.locator(".bubble", has_text="Hej, är du där?")).to_be_visible()
    await third.enrol(OFFICER, tier="storage")
    for each in (officer, worker):
        await expect(each.page.locator(".present")).to_contain_text("Polisen (enheter: 3)")
    await say(worker.page, "Ja, jag är här.")
    await expect(officer.page.locator(".bubble", has_text="Ja, jag är här.")).to_be_visible()
    for each in (officer, worker):
        await expect(each.page.locator(".silence:visible")).to_have_count(0)
        await each.page.set_viewport_size({"width": 320, "height": 640})
        assert await each.page.evaluate("document.documentElement.scrollWidth") <= 320
        assert await each.page.evaluate(SMALL) == []
        assert each.complaints() == []


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Skriv till den andra").fill(text)
    await page.get_by_role("button", name="Skicka").click()
