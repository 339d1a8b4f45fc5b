"""Keeps the posts of boards, and shows them over time: by the coordinator of each authority, for their own alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.core import guard
from bot.core.errors import BadInput, Denied, NotNow
from bot.core.facts import facts_about
from bot.core.guard import SpanType
from bot.core.ids import OrganisationId
from bot.core.places import GroupId, Organisation, Structure, organisation
from bot.core.policy import Act, decide
from bot.core.staffing import (
    MOST_POSTS,
    Level,
    Post,
    PostId,
    is_constant,
    levels,
    post_faults,
    post_to_dict,
    posts_on,
)
from bot.flow.deps import Content, Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.speaker import Speaker

KIND: Final = "post"
CHANNEL: Final = "web"  # by whose rules the guard judges what is written of a post


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """The posts of one organisation, and how many there were over time."""

    organisation: Organisation
    posts: tuple[Post, ...]
    levels: tuple[Level, ...]
    constant: bool


def staffing_of(tx: Tx, own: Organisation) -> Staffing:
    """All posts of one organisation, those that have ended among them."""
    posts = tx.posts.of(own.id)
    return Staffing(organisation=own, posts=posts, levels=levels(posts), constant=is_constant(posts))


def keep(tx: Tx, deps: Deps, post: Post, by: str) -> None:
    """Keep a post, new or changed. Raises BadInput for one that does not hold, and NotNow when there are too many."""
    content = deps.content()
    faults = [*post_faults(content.structure, post), *_named(content, post)]
    if faults:
        raise BadInput("; ".join(faults))
    known = tx.posts.get(post.id)
    if known is not None and known.organisation != post.organisation:
        raise BadInput("id: another organisation has a post with that id")
    if known is None and len(tx.posts.of(post.organisation)) >= MOST_POSTS:
        raise NotNow(f"an organisation has at most {MOST_POSTS} posts")
    tx.posts.put(post, fact(deps, post.organisation, KIND, deps.clock.now(), by=by))


def remove(tx: Tx, deps: Deps, own: OrganisationId, post: PostId, by: str) -> None:
    """Take away a post that was entered by mistake; one that has ended is kept, with its last day. BadInput for none."""
    known = tx.posts.get(post)
    if known is None or known.organisation != own:
        raise BadInput("there is no post with that id")
    tx.posts.drop(post, fact(deps, own, KIND, deps.clock.now(), by=by))


def may_at(deps: Deps, who: Speaker, act: Act, own: OrganisationId) -> None:
    """Raises Denied where no rule lets this person do it for that organisation."""
    content = deps.content()
    facts = facts_about(content.structure, who.person, who.now, concerns=(own,))
    if not decide(content.policy, who.roles, act, facts).allowed:
        raise Denied("no rule lets this person see or keep the posts of that organisation")


def those_of(structure: Structure, name: str) -> tuple[Organisation, ...]:
    """An organisation, or every board that is or was a member of a group, by id. BadInput for an unknown one."""
    _, group = structure.groups.get(GroupId(name), (None, None))
    if group is None:
        return (organisation(structure, name),)
    return tuple(structure.organisations[member] for member in group.members)


def told(found: Iterable[Staffing], on: date | None = None) -> dict[str, object]:
    """The JSON of `samjour staffing` (docs: staffing). `on`: only the posts that exist on that day."""
    listed = tuple(found)
    return {
        "posts": [
            post_to_dict(post)
            for one in listed
            for post in (one.posts if on is None else posts_on(one.posts, on))
        ],
        "organisations": [
            {
                "organisation": one.organisation.id,
                "constant": one.constant,
                "levels": [_level(level) for level in one.levels],
            }
            for one in listed
        ],
    }


def _level(level: Level) -> dict[str, object]:
    return {"since": level.since.isoformat(), "posts": level.posts, "percent": level.percent}


def _named(content: Content, post: Post) -> Iterable[str]:
    """Nobody's name or number stands in a post: it is about a function."""
    numbered = frozenset({SpanType.CASE_NUMBER})  # what a decision has, and a basis is
    for field, text, meant in (("placement", post.placement, frozenset()), ("basis", post.basis, numbered)):
        verdict = guard.judge(content.guard, text, channel=CHANNEL, phase=guard.Phase.QUESTION)
        if verdict.blocked and not {span.type for span in verdict.spans} <= meant:
            yield f"{field}: names or points out somebody"
