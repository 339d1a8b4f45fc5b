"""Chromium as a person's own device: a screen of its own, with a passkey or without, before the whole app."""

from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect

from bot.core.ids import OrganisationId, PersonId
from bot.seal.enrolment import Right
from tests.browser.whole import POLICE, Whole

PATIENCE = 15_000  # ms for one step on a busy machine; a step that takes longer has failed
PHONE, DESK = (390, 844), (1280, 900)
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "hasPrf": True,
    "automaticPresenceSimulation": True,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A browser of somebody's. `said`: what the console and the page complained of."""

    site: Whole
    context: BrowserContext
    page: Page
    cdp: CDPSession
    passkeys: str | None  # the virtual authenticator's id
    said: list[str]

    def complaints(self) -> list[str]:
        """What console and page complained of; that a request was refused is the page's own business."""
        return [text for text in self.said if not text.startswith("Failed to load resource")]

    async def door(self, name: str) -> None:
        """Wait until the page stands in that state."""
        await expect(self.page.locator(f'[data-door="{name}"]')).to_be_visible()

    async def is_open(self) -> None:
        """Wait until the device is open."""
        await expect(self.page.locator('[data-section="mine"]')).to_be_visible()

    async def enrol(
        self,
        person: PersonId,
        *,
        tier: str = "prf",
        rights: int = Right.MEMBER,
        organisation: OrganisationId = POLICE,
    ) -> bytes:
        """Enrol this browser by an invitation, and let the organisation's root approve it; returns the device's id."""
        before = {id_ for id_, _, _ in await self.site.devices_of(person)}
        await self.page.goto(await self.site.invite(person, rights, organisation))
        await self.page.locator(f"#enrol-{tier}").click()
        await self.door("waiting")
        (device,) = {id_ for id_, _, _ in await self.site.devices_of(person)} - before
        await self.site.certify(device)
        await self.is_open()
        return device


async def screen(
    browser: Browser,
    site: Whole,
    *,
    size: tuple[int, int] = PHONE,
    scheme: str = "light",
    authenticator: dict[str, object] | None = None,
) -> Screen:
    """Open one, on the site's clock. `authenticator`: other than one that verifies its user and gives secrets."""
    expect.set_options(timeout=PATIENCE)
    context = await browser.new_context(
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=1,
        color_scheme=scheme,  # type: ignore[arg-type]  # "light" or "dark"
    )
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.clock.set_fixed_time(site.clock.now())
    cdp = await context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    options = AUTHENTICATOR | (authenticator or {})
    made = await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return Screen(site=site, context=context, page=page, cdp=cdp, passkeys=made["authenticatorId"], said=said)
