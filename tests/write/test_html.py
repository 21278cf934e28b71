"""The HTML form: nothing of the page's own markup gets through, its shape does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import html5lib
import pytest
from hypothesis import given

from stripper.datatypes import Kind, Link, Role, Verdict
from stripper.write.html import html_document
from tests.write.handmade import html_pages, link, verdict

if TYPE_CHECKING:
    from stripper.write import Stripped

_OURS = {"html", "head", "meta", "title", "body", "p", "ul", "ol", "li", "table", "tbody", "tr", "td"}
_OURS |= {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "a", "br"}


def body(kept: list[Verdict]) -> str:
    """Return what stands between the body's tags."""
    document = html_document(kept)
    return document.partition('<body dir="auto">\n')[2].removesuffix("\n</body>\n</html>\n")


@given(html_pages())
def test_only_our_own_elements(page: Stripped) -> None:
    """Whatever a page holds, the document has only elements and attributes that the writer made."""
    tree = html5lib.parse(html_document(page.kept, title=page.text, language=page.text), namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag in _OURS
        assert set(element.attrib) <= {"lang", "charset", "dir", "href", "value"}
        assert not element.attrib.get("href", "").strip("\x00- ").lower().startswith(("javascript:", "data:"))


@pytest.mark.parametrize(
    "text", ["</p><script>alert(1)</script>", "<!-- x", "a & b &lt; c", "\"'><img src=x>", "</pre>", "</title>"]
)
@pytest.mark.parametrize("role", list(Role))
def test_markup_in_text_is_text(text: str, role: Role) -> None:
    """Text that looks like markup is read back as the same text."""
    tree = html5lib.parse(html_document([verdict(text, role=role, level=1)], title=text), namespaceHTMLElements=False)
    assert "".join(tree[1].itertext()).strip() == text
    assert tree.findtext("head/title") == text


def _item(text: str, level: int = 1, ordinal: int = 0) -> Verdict:
    return verdict(text, role=Role.LIST_ITEM, level=level, ordinal=ordinal)


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([verdict("T", kind=Kind.TITLE), verdict("P", role=Role.PARAGRAPH)], "<h1>T</h1>\n<p>P</p>"),
        ([verdict("a\r\nb")], "<p>a<br>\nb</p>"),
        ([verdict("a\tb", role=Role.ROW), verdict("c", role=Role.ROW)],
         "<table>\n<tr><td>a</td><td>b</td></tr>\n<tr><td>c</td></tr>\n</table>"),
        ([verdict("x\n y", role=Role.CODE)], "<pre>\nx\n y</pre>"),
        ([verdict("q", role=Role.QUOTE)], "<blockquote>\n<p>q</p>\n</blockquote>"),
        ([_item("a"), _item("b", 2, 1), _item("c", 2, 3), _item("d")],
         '<ul>\n<li>a\n<ol>\n<li>b\n</li>\n<li value="3">c\n</li></ol>\n</li>\n<li>d\n</li></ul>'),
        ([_item("a"), _item("b", ordinal=1)], "<ul>\n<li>a\n</li></ul>\n<ol>\n<li>b\n</li></ol>"),
        ([_item("a"), verdict("more", level=1)], "<ul>\n<li>a\n<p>more</p>\n</li></ul>"),
    ],
)  # fmt: skip
def test_shapes(kept: list[Verdict], expected: str) -> None:
    """Each role has its element."""
    assert body(kept) == expected


def test_links() -> None:
    """Safe links are kept with their target escaped, unsafe ones leave their words."""
    text = "one two"
    links = (link(text, "one", 'https://x.example/?a="b"&c'), Link(4, 7, "javascript:x"))
    assert body([verdict(text, links=links)]) == '<p><a href="https://x.example/?a=&quot;b&quot;&amp;c">one</a> two</p>'


def test_head() -> None:
    """Title, language and the start of relative links are the page's, escaped."""
    document = html_document([], title="A & B", language='en"x', url='https://x.example/"a')
    assert "<title>A &amp; B</title>" in document
    assert '<html lang="en&quot;x">' in document
    assert '<base href="https://x.example/&quot;a">' in document
    assert "<base" not in html_document([], url="javascript:x")
