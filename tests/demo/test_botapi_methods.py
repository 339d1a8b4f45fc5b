"""The other methods: what the bot tells of itself, chats, files."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
    MenuButtonDefault,
)
from telegram.error import BadRequest, Forbidden

from bot.demo.botapi import BotApiServer, Phone


async def test_commands_are_kept_by_scope_and_language(bot: Bot, botapi: BotApiServer, phone: Phone) -> None:
    """What was set for one scope and language is given for that one, and a person sees the narrowest."""
    own, private = BotCommandScopeChat(phone.user_id), BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("help", "Help")])
    await bot.set_my_commands([BotCommand("fraga", "Ställ en fråga")], scope=private, language_code="sv")
    assert await bot.get_my_commands() == (BotCommand("help", "Help"),)
    assert await bot.get_my_commands(scope=private, language_code="sv") == (
        BotCommand("fraga", "Ställ en fråga"),
    )
    assert await bot.get_my_commands(scope=private) == ()
    profile = botapi.state.profile
    assert [c.name for c in profile.commands_for(phone.user_id, "sv")] == ["fraga"]
    assert [c.name for c in profile.commands_for(phone.user_id, "en")] == ["help"]
    await bot.set_my_commands([("jour", "På jour")], scope=own)
    assert [c.name for c in profile.commands_for(phone.user_id, "sv")] == ["jour"]
    await bot.delete_my_commands(scope=own)
    await bot.delete_my_commands()
    assert profile.commands_for(phone.user_id, "en") == ()


@pytest.mark.parametrize(
    ("commands", "fault"),
    [
        ([("Stor", "x")], "bot_command_invalid"),
        ([("x" * 33, "x")], "bot_command_invalid"),
        ([("ok", "")], "bot_command_description_invalid"),
        ([("ok", "x" * 257)], "bot_command_description_invalid"),
        ([(f"c{n}", "x") for n in range(101)], "bot_commands_too_much"),
    ],
)
async def test_bad_commands_are_refused(bot: Bot, commands: list[tuple[str, str]], fault: str) -> None:
    """Lower case, at most 32 letters, a hundred commands, each with a description."""
    with pytest.raises(BadRequest, match=rf"(?i){fault}"):
        await bot.set_my_commands(commands)
    assert await bot.get_my_commands() == ()


async def test_descriptions_are_kept_by_language(bot: Bot) -> None:
    """A language without its own text gets everybody's; too long a text is refused."""
    await bot.set_my_description("Everybody")
    await bot.set_my_description("Alla", language_code="sv")
    await bot.set_my_short_description("Kort")
    assert (await bot.get_my_description("sv")).description == "Alla"
    assert (await bot.get_my_description("fi")).description == "Everybody"
    assert (await bot.get_my_short_description()).short_description == "Kort"
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_description("x" * 513)
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_short_description("x" * 121)


async def test_the_menu_button_is_set_for_one_or_all(bot: Bot, phone: Phone) -> None:
    """A chat without its own button shows the default one."""
    assert await bot.get_chat_menu_button(phone.user_id) == MenuButtonDefault()
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert await bot.get_chat_menu_button(phone.user_id) == MenuButtonCommands()
    await bot.set_chat_menu_button(phone.user_id, MenuButtonDefault())
    assert await bot.get_chat_menu_button(phone.user_id) == MenuButtonDefault()


async def test_an_action_is_one_of_telegrams(bot: Bot, phone: Phone) -> None:
    """Typing is shown nowhere, but a wrong action or chat is refused."""
    assert await bot.send_chat_action(phone.user_id, "typing")
    with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
        await bot.send_chat_action(phone.user_id, "dancing")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_chat_action(1, "typing")


async def test_a_chat_is_told_of(bot: Bot, phone: Phone) -> None:
    """A private chat has its person's name."""
    chat = await bot.get_chat(phone.user_id)
    assert (chat.type, chat.first_name, chat.username) == ("private", "Polis Ett", "polis_ett")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(1)


async def test_a_group_can_be_left(bot: Bot, botapi: BotApiServer, phone: Phone) -> None:
    """The bot hears a group from when it was brought in until it leaves; then it may not write there."""
    await phone.in_group("Skiftlaget", "hej alla")
    joined, welcome, said = (await bot.get_updates())[1:]
    assert joined.my_chat_member is not None
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert welcome.message is not None
    assert [user.id for user in welcome.message.new_chat_members] == [bot.id]
    assert said.message is not None
    group = said.message.chat
    assert (group.type, group.title, said.message.text) == ("supergroup", "Skiftlaget", "hej alla")
    await group.send_message("Jag talar bara i enskilda chattar.")
    assert phone.messages_in("Skiftlaget")[-1].from_bot
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await said.message.delete()
    assert await group.leave()
    with pytest.raises(Forbidden, match="not a member"):
        await group.send_message("hej")
    await botapi.phone(7002, "Jour").in_group("Skiftlaget", "hör ingen?")
    left = (await bot.get_updates())[-1]
    assert left.my_chat_member is not None
    assert left.my_chat_member.new_chat_member.status == "left"
    assert phone.messages_in("Andra laget") == ()
    with pytest.raises(BadRequest, match="private chats"):
        await bot.leave_chat(phone.user_id)


async def test_a_file_can_be_fetched(bot: Bot, phone: Phone) -> None:
    """What a phone sent can be downloaded; it is synthetic."""
    await phone.photo("bild")
    message = (await bot.get_updates())[-1].message
    assert message is not None
    file = await message.photo[0].get_file()
    assert len(await file.download_as_bytearray()) == message.photo[0].file_size
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id"):
        await bot.get_file("../etc/passwd")
