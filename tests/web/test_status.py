from tests.web.conftest import Site
from tests.web.world import OFFICER


async def test_x(site: Site):
    """X."""
