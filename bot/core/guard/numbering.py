"""The Swedish numbering plan as one pattern, of the metadata that `phonenumbers` carries (Apache-2.0).

The twin in the browser gets the pattern with the rules, so that both know the same numbers.
"""

import re
from typing import Final

from phonenumbers import PhoneMetadata


def _pattern() -> str:
    """A zero and a national number of any kind, with its length, as the plan has it."""
    plan = PhoneMetadata.metadata_for_region("SE")
    assert plan is not None
    kinds = (
        *(plan.fixed_line, plan.mobile, plan.toll_free, plan.premium_rate, plan.shared_cost),
        *(plan.personal_number, plan.pager, plan.uan, plan.voicemail),
    )
    numbers = [
        _figures(kind.national_number_pattern) for kind in kinds if kind and kind.national_number_pattern
    ]
    return f"0(?:{'|'.join(numbers)})"


def _figures(pattern: str) -> str:
    """The class of digits by its figures; within a class without brackets of its own."""
    return re.sub(r"\[([^\]]*)\]", lambda found: found[0].replace(r"\d", "0-9"), pattern).replace(
        r"\d", "[0-9]"
    )


SWEDISH_NUMBER: Final = _pattern()
