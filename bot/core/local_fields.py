"""Local fields: an organisation's own values that an article's body may name in braces, {jour_number}."""

from bot.core.places import Organisation


def local_fields(organisation: Organisation) -> dict[str, str]:
    """The values of one organisation; an article that needs a field which is not here is withheld there.

    A number's id names its field: `malmo-tib` of `malmo` is `tib_number`; a jour's own number, whose id is
    the jour's, is `jour_number`. Other values end in their kind: `anmalan_web`, `anmalan_email`, `besok_text`. An empty
    one counts as missing (`article.readable`).
    """
    fields: dict[str, str] = {}
    for number in organisation.numbers:
        owner, name = str(organisation.id), str(number.id)
        if name == owner:
            fields["jour_number"] = number.number
        elif name.startswith(f"{owner}-"):
            word = name.removeprefix(f"{owner}-").replace("-", "_")
            fields[f"{word}_number"] = number.number
    fields.update({value.name: value.value for value in organisation.fields})
    return fields
