"""What is worked out when it is first asked, and kept: like functools.cached_property, without its lock."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class Once(Generic[T]):
    """A property that stands in the instance after the first time; nothing is to be shared between threads."""

    def __init__(self, work: Callable[[Any], T]) -> None:
        self.work = work
        self.name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, found: None, owner: type) -> "Once[T]": ...
    @overload
    def __get__(self, found: object, owner: type) -> T: ...
    def __get__(self, found: object | None, owner: type) -> "Once[T] | T":
        if found is None:
            return self
        value = self.work(found)
        found.__dict__[self.name] = value
        return value
