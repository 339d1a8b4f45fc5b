"""`check` names the first minute of this year and the next that has no answer, whatever else the files say."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import content
from bot.content import checks
from bot.core.ids import OrganisationId

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
JOUR = OrganisationId("socialjour-malmo")


def test_the_first_silent_minute_is_a_fault_with_the_file_and_the_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each file may be right by itself: a jour that ends next year is told by the first minute without one."""
    whole = content.read(ROOT)
    organisations = whole.structure.organisations
    ended = replace(organisations[JOUR], valid_to=date(2027, 3, 1))
    structure = replace(whole.structure, organisations={**organisations, JOUR: ended})
    planted = replace(whole, structure=structure, articles=(), demo=None)
    monkeypatch.setattr(checks, "read", lambda *_: planted)
    _, told = content.examine(ROOT, today=TODAY)
    silent = [fault for fault in told if "asks no jour" in fault]
    assert silent
    assert silent[0].startswith("policies/organisations: 2027-03-01 00:00 lpo-malmo-1: malmo: the chain asks")
    _, before = content.examine(ROOT, today=date(2024, 1, 1))
    assert not [fault for fault in before if "asks no jour" in fault and "2027" in fault]
