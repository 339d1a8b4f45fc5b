"""PRETENDS: a Bot API server on loopback, with phones that a script or a person can be."""

from bot.demo.botapi.faults import Fault
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.server import BotApiServer
from bot.demo.botapi.shown import Shown

__all__ = ["BotApiServer", "Fault", "Phone", "Shown"]
