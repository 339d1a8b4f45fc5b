"""The evening's scenes about what is kept of it: the status page, the erasing with certificates, the ledger."""

import aiohttp

from bot.core.consultation import State
from bot.demo.night_cast import OFFICER
from bot.demo.run import Demo
from bot.flow import verify
from bot.flow.retention_run import run as run_retention
from bot.flow.sign_in import issue_link
from bot.flow.upkeep import sign_heads, signers


class Records:
    """What stands on the page, in the files, and in the ledger."""

    def __init__(self, shown: Demo) -> None:
        """Of this demo."""
        self.deps = shown.samjour.deps

    async def web(self) -> None:
        """The officer signs in by a link, once, and finds a number on the page."""
        deps = self.deps
        link = await issue_link(deps, OFFICER)
        page, _, token = link.partition("#")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            async with session.get(page) as response:
                assert response.status == 200, "the sign-in page is not there"
            headers = {"Origin": deps.base_url}
            url = f"{deps.base_url}/api/v1/sessions"
            async with session.post(url, json={"token": token}, headers=headers) as response:
                assert response.status < 300, "the link does not sign in"
            async with session.get(f"{deps.base_url}/") as response:
                assert "Ring" in await response.text(), "no number on the page"
            async with session.post(url, json={"token": token}, headers=headers) as response:
                assert response.status >= 400, "the link works twice"

    async def erased(self) -> None:
        """What was closed a week ago is erased; a certificate names each, in the database and outside it."""
        deps = self.deps
        before = await deps.store.read(lambda tx: tx.consultations.of_officer(OFFICER, 10))
        closed = {c.id for c in before if c.state is State.CLOSED}
        assert closed, "nothing was closed"
        await run_retention(deps, "demo")
        states = await deps.store.read(
            lambda tx: {getattr(tx.consultations.get(id_), "state", None) for id_ in closed}
        )
        assert states == {State.ERASED}, "something was not erased"
        inside = await deps.store.read(lambda tx: tx.retention.certificates())
        notes = await deps.store.read(lambda tx: [tx.retention.certificate(id_) or "" for id_ in inside])
        named = {line for note in notes for line in note.splitlines()}
        assert closed <= named, "something was erased that no certificate names"
        assert await deps.certificates.finished() == inside, (
            "a certificate does not stand outside the database"
        )

    async def ledger(self) -> None:
        """Everything that is left holds."""
        deps = self.deps
        await sign_heads(deps)
        found = await deps.store.read(lambda tx: verify.verify(tx, signers(deps)))
        assert found.entries > 0, "the ledger is empty"
        assert not found.faults, "; ".join(f"{fault.where}: {fault.what}" for fault in found.faults[:3])
