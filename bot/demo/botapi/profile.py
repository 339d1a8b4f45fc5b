"""What the bot has told of itself: commands, descriptions, the button beside the text field."""

from dataclasses import dataclass, field

from bot.demo.botapi.shapes import Shape

Scope = tuple[str, int | str]  # kind of scope, and its chat (0 where it has none)
EVERYONE: Scope = ("default", 0)
PRIVATE: Scope = ("all_private_chats", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One line of the command menu."""

    name: str
    description: str


@dataclass(slots=True)
class Profile:
    """What was set, by scope and language; an empty language is everybody's."""

    commands: dict[tuple[Scope, str], tuple[Command, ...]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Shape] = field(default_factory=dict)  # by private chat; 0 is the default

    def commands_for(self, chat_id: int, language: str) -> tuple[Command, ...]:
        """What one person sees in a private chat: the narrowest scope, their own language first."""
        for scope in (("chat", chat_id), PRIVATE, EVERYONE):
            for wanted in (language, ""):
                if found := self.commands.get((scope, wanted)):
                    return found
        return ()
