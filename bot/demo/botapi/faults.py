"""Faults ordered beforehand: the next calls of a method go wrong in a chosen way."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.demo.botapi.refusals import Refused, flood


class Fault(StrEnum):
    """What goes wrong."""

    SERVER_ERROR = "server_error"  # 500
    BAD_GATEWAY = "bad_gateway"  # 502, and no JSON
    FLOOD = "flood"  # 429 with retry_after
    HANG = "hang"  # no answer until released, then 500
    CLOSE = "close"  # the connection closes, nothing was done
    LOST_ANSWER = "lost_answer"  # it was done, and the connection closes before the answer


@dataclass(slots=True, kw_only=True)
class Ordered:
    """So many calls yet to go wrong. `method` in lower case, empty for any; `chat_id` None for any."""

    method: str
    chat_id: int | None
    fault: Fault
    times: int
    retry_after: timedelta

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Whether that call is one of those."""
        return self.times > 0 and self.method in {"", method} and self.chat_id in {None, chat_id}


@dataclass(slots=True)
class Faults:
    """Every order, oldest first."""

    orders: list[Ordered] = field(default_factory=list)

    def order(
        self,
        method: str,
        fault: Fault,
        *,
        times: int = 1,
        chat_id: int | None = None,
        retry_after: timedelta = timedelta(seconds=1),
    ) -> None:
        """Let the next `times` calls of the method (any, when empty) go wrong."""
        made = Ordered(
            method=method.lower(), chat_id=chat_id, fault=fault, times=times, retry_after=retry_after
        )
        self.orders.append(made)

    def take(self, method: str, chat_id: int | None) -> Ordered | None:
        """The fault for this call, used up once."""
        for order in self.orders:
            if order.meets(method, chat_id):
                order.times -= 1
                return order
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.orders.clear()


def refusal(order: Ordered) -> Refused | None:
    """The answer to a call that is told plainly that it failed; None for faults of the connection."""
    match order.fault:
        case Fault.SERVER_ERROR | Fault.HANG:
            return Refused(500, "Internal Server Error")
        case Fault.FLOOD:
            return flood(int(order.retry_after.total_seconds()))
        case Fault.BAD_GATEWAY | Fault.CLOSE | Fault.LOST_ANSWER:
            return None
