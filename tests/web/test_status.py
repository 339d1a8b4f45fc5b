import pytest
from tests.web.conftest import Site
from tests.web.world import *

async def test_x(site: Site):
    """x"""
    async with site.client.get("/") as a:
        print(a.status, (await a.text())[:3000]); print(a.headers)
    for who in (OFFICER, OFFICER_2, OFFICER_3, OFFICER_STHLM, OFFICER_STHLM_2, EVENING, JOUR_STHLM, DAY_WORKER, CHIEF):
        await site.sign_in(who)
        async with site.client.get("/api/v1/me/status") as a:
            import json
            print(who, json.dumps(await a.json(), ensure_ascii=False, indent=1)[:6000])
