"""Texts of data whose keys are public: schema.org's in JSON-LD, Discourse's in its preloaded topics."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Source in words, texts (HTML or plain), trust 0..1, headline, page type.
Found = tuple[str, list[str], float, str | None, str | None]

_MAX_VALUES = 300_000  # looked at in one page
_POSTS = frozenset(("DiscussionForumPosting", "Question", "Answer", "Comment", "SocialMediaPosting"))
_THREADS = frozenset(("DiscussionForumPosting", "QAPage"))
_GOODS = frozenset(("Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts", "Vehicle", "Book"))
_TRUST = 0.9


def of_json_ld(values: Iterable[Any]) -> Iterator[Found]:
    """Yield an article's body, a thread's posts, one product's description."""
    objects = [item for item in everything(values) if isinstance(item, dict)]
    bodies = [(item["articleBody"], item) for item in objects if _is_text(item.get("articleBody"))]
    if bodies:
        live = any("LiveBlogPosting" in _types(item) for item in objects)
        longest = max(bodies, key=lambda body: len(body[0]))
        texts = [body for body, _ in bodies] if live else [longest[0]]
        yield "articleBody in JSON-LD", texts, _TRUST, _first(longest[1], "headline", "name"), "article"
    if any(_types(item) & _THREADS for item in objects):
        posts = [item for item in objects if _types(item) & _POSTS and _is_text(item.get("text"))]
        if posts:
            title = _first(posts[0], "headline", "name")
            yield "posts in JSON-LD", [post["text"] for post in posts], _TRUST, title, "forum"
    goods = [item for item in objects if _types(item) & _GOODS and _is_text(item.get("description"))]
    # Several descriptions are a list of products: teasers, not the page's text.
    if len({item["description"] for item in goods}) == 1:
        good = goods[0]
        yield "a product's description in JSON-LD", [good["description"]], _TRUST, _first(good, "name"), "product"


def of_discourse(values: Iterable[Any]) -> Iterator[Found]:
    """Yield the posts of the preloaded topic; its value is JSON inside a string of JSON."""
    for value in values:
        stored = value.values() if isinstance(value, dict) else ()
        for topic in [_inner(text) for text in stored if isinstance(text, str) and '"cooked"' in text]:
            stream = topic.get("post_stream") if isinstance(topic, dict) else None
            posts = stream.get("posts") if isinstance(stream, dict) else None
            if isinstance(posts, list):
                texts = [post["cooked"] for post in posts if isinstance(post, dict) and _is_text(post.get("cooked"))]
                yield "posts in preloaded data", texts, _TRUST, _first(topic, "title", "fancy_title"), "forum"


def everything(values: Iterable[Any]) -> Iterator[Any]:
    """Yield all values inside `values`, in order; no recursion, and an end also of what is huge."""
    stack = [*values][::-1]
    for _ in range(_MAX_VALUES):
        if not stack:
            return
        value = stack.pop()
        yield value
        if isinstance(value, dict):
            stack.extend(reversed(value.values()))
        elif isinstance(value, list):
            stack.extend(reversed(value))


def _inner(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _types(item: dict[str, Any]) -> frozenset[str]:
    given = item.get("@type")
    names = given if isinstance(given, list) else [given]
    # "https://schema.org/Product" and "schema:Product" are "Product".
    return frozenset(name.replace(":", "/").rpartition("/")[2] for name in names if isinstance(name, str))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _first(item: dict[str, Any], *keys: str) -> str | None:
    return next((item[key] for key in keys if _is_text(item.get(key))), None)
