"""The rules of the identity guard, as the page where people write asks for them."""

import json
from typing import Final

from aiohttp import web

from bot.core.guard.document import document
from bot.core.text import Language
from bot.flow.deps import Content
from bot.web.asking import content_of, language_of
from bot.web.assets import Asset, asset_of
from bot.web.reading import answer_asset

# What people are told: the kinds of identity, and why each rule stops.
_TEXTS: Final = ("guard.", "guard_why.")


class GuardDocuments:
    """The document in each language, made when it is first asked for, and anew when the content has changed."""

    def __init__(self) -> None:
        self._digest = ""
        self._made: dict[Language, Asset] = {}

    def of(self, content: Content, language: Language) -> Asset:
        """The document of this content in this language, packed once."""
        if content.digest != self._digest:
            self._digest, self._made = content.digest, {}
        if language not in self._made:
            self._made[language] = asset_of("application/json", _body(content, language))
        return self._made[language]


GUARD_DOCUMENTS: web.AppKey[GuardDocuments] = web.AppKey("guard_documents", GuardDocuments)


async def guard(request: web.Request) -> web.Response:
    """The rules, the word lists and their sentences; like the scripts that read them they are nobody's secret."""
    content = content_of(request)
    asset = request.app[GUARD_DOCUMENTS].of(content, language_of(request))
    return answer_asset(request, asset, cache="no-cache")


def _body(content: Content, language: Language) -> bytes:
    sentences = content.texts.sentences[language]
    texts = {key: text for key, text in sentences.items() if key.startswith(_TEXTS)}
    told = {**document(content.guard), "digest": content.digest, "texts": texts}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
