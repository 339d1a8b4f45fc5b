"""Local fields: an organisation's own values that an article's body may name in braces, {jour_number}."""

from bot.core.places import Organisation


def local_fields(organisation: Organisation) -> dict[str, str]:
    """The values of one organisation; an article that needs a field which is not here is withheld there.

    A number's id names its field: `malmo-tib` of `malmo` is `tib_number`; a jour's own number, whose id is
    the jour's, is `jour_number`.
    """
    fields: dict[str, str] = {}
    for number in organisation.numbers:
        if number.id == organisation.id:
            fields["jour_number"] = number.number
        elif number.id.startswith(f"{organisation.id}-"):
            name = number.id.removeprefix(f"{organisation.id}-").replace("-", "_")
            fields[f"{name}_number"] = number.number
    return fields
