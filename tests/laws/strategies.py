"""Pages to try the laws on: markup as browsers meet it, well-formed trees, and texts with junk behind them."""

from __future__ import annotations

from hypothesis import strategies as st

# Any character, and often those that parsers stumble over: NUL, no-break and zero-width space, line and paragraph
# separators, controls, noncharacters, right-to-left marks, astral letters; lone surrogates come from st.characters.
ODD = "\0\t\n\x0b\x0c\r\x1b\x1c\x85\xa0\xad\u200b\u2028\u202e\ufeff\ufffd\ufffe\U0001f600\U0010ffff"
SURROGATES = st.characters(categories=["Cs"])
CHARACTERS = st.one_of(st.characters(), st.sampled_from(ODD), st.sampled_from("abc .,!?-—«»&<>\"'"), SURROGATES)
ANY_TEXT = st.text(CHARACTERS, max_size=200)

_WORDS = st.sampled_from(
    "Advertisement|Check Also|Leave a Reply|Comments (3)|The council met on Tuesday and agreed, after long debate, "
    "to mend the bridge.|Read more|© 2024|Ähnliche Artikel|関連記事|اقرأ أيضا|Home|x|&amp;|&nbsp;|&lt;b&gt;|&#0;|"
    "&#x80;|&notanentity;|12:30| \n |1|→".split("|"),
)
# Text as it may stand in markup: "<" begins a tag there, so it is left to the tags; "&" may begin anything.
_MARKUP_TEXT = st.one_of(_WORDS, st.text(CHARACTERS.filter(lambda c: c not in "<>"), max_size=20))
_WELL_FORMED_TEXT = st.one_of(
    st.sampled_from(["Check Also", "The bridge is mended.", "x", "&amp;", " ", "\n", "关于", "a&nbsp;b"]),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P"], exclude_characters="<>&"), max_size=12),
)

_VOID = ["br", "hr", "img", "input", "wbr"]
_INLINE = "a abbr b bdo cite code em font i label mark q s small span strong sub sup time u".split()
_BLOCK = (
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "header li main menu nav noscript ol p pre section summary ul custom-element"
).split()
_TABLE = "table caption colgroup thead tbody tfoot tr td th".split()
# `select`, `svg` and `math` come whole, below: the rules for what stands inside changed after html5lib's release.
_CONTROLS = "button option optgroup textarea".split()
_TAGS = st.sampled_from(_INLINE + _BLOCK * 2 + _TABLE * 2 + _CONTROLS + ["html", "head", "body"])
_ATTRIBUTES = st.sampled_from([
    "", "", "", " hidden", ' style="display: none"', ' class="related-posts widget"', ' id="comments"', ' lang="de"',
    ' aria-hidden="true"', ' href="/a?b=1&c=2"', " href", ' href="javascript:x"', ' class="a\tb\n"', " <", ' x="', "/",
    ' role="navigation"', ' colspan="2"', ' type="hidden"', ' title="a > b"', ' class=""', " ONCLICK=x",
])  # fmt: skip
_COMPLETE = st.sampled_from([
    "<script>var unseen = '<p>no word</p>';</script>", "<style>p { unseen: 1 }</style>", "<!-- unseen -->", "<!-->",
    "<script type='application/ld+json'>{\"@type\": \"NewsArticle\"}</script>",
    "<noscript>enable <b>scripts</b></noscript>", "<pre>a\n  b\n\n\tc</pre>", "<svg><title>Icon</title><g/></svg>",
    "<svg><desc>a</desc><p>out of it</p>", "<math><mi>x</mi><mo>=</mo></math>", "<svg><style>unseen</style></svg>",
    "<ul><li>a<li>b<ul><li>c</ul></ul>", "<table><tr><td>a<td>b<tr><td>c</table>", "<!doctype html>", "<![CDATA[x]]>",
    "<select><option>a<option>b</select>", "<textarea>\n t <b></textarea>", "<iframe>frame</iframe>", "<?php echo 1 ?>",
    "<a href=/x>one</a><a href=/y>two</a>", "<p>a<br><br>b<br>c", "<title>t</title>", "<b><i>x</b>y</i>", "</p>",
    "</br>",
])  # fmt: skip

_TOKENS = st.one_of(
    _MARKUP_TEXT,
    st.builds(lambda tag, attributes: f"<{tag}{attributes}>", _TAGS, _ATTRIBUTES),
    st.builds(lambda tag: f"</{tag}>", _TAGS),
    st.builds(lambda tag: f"<{tag}>", st.sampled_from(_VOID)),
    _COMPLETE,
)
# Tags in any order: unclosed, misnested, closed twice, in places where the standard forbids them.
SOUP = st.lists(_TOKENS, max_size=40).map("".join)


def _element(tag: str, attributes: str, children: list[str]) -> str:
    return f"<{tag}{attributes}>{''.join(children)}</{tag}>"


_PLAIN_ATTRIBUTES = st.sampled_from(["", ' class="widget"', " hidden", ' id="a"', ' href="/x"', ' lang="de"'])
_PHRASE = st.recursive(
    st.one_of(_WELL_FORMED_TEXT, st.just("<br>"), st.just("<!-- unseen -->")),
    lambda inner: st.builds(
        _element, st.sampled_from(["b", "em", "span", "small"]), _PLAIN_ATTRIBUTES, st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)
_PHRASES = st.lists(_PHRASE, max_size=4)


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    holds_blocks = st.sampled_from("article aside blockquote div footer header main nav noscript section".split())
    item = st.builds(lambda c: _element("li", "", c), st.lists(inner, max_size=2))
    cell = st.builds(lambda tag, c: _element(tag, "", c), st.sampled_from(["td", "th"]), st.lists(inner, max_size=2))
    row = st.builds(lambda c: _element("tr", "", c), st.lists(cell, min_size=1, max_size=3))
    return st.one_of(
        st.builds(_element, holds_blocks, _PLAIN_ATTRIBUTES, st.lists(inner, max_size=4)),
        st.builds(_element, st.sampled_from(["ul", "ol"]), _PLAIN_ATTRIBUTES, st.lists(item, max_size=4)),
        st.builds(lambda rows: f"<table><tbody>{''.join(rows)}</tbody></table>", st.lists(row, min_size=1, max_size=3)),
    )


_LEAVES = st.one_of(
    st.builds(_element, st.sampled_from(["p", "h1", "h2", "h3", "pre"]), _PLAIN_ATTRIBUTES, _PHRASES),
    st.just("<script>unseen()</script>"),
    st.just("<style>unseen</style>"),
    st.just("<template>unseen <b>too</b></template>"),  # not in SOUP: html5lib knows no template
)
# Trees that every HTML parser reads the same way.
WELL_FORMED = st.lists(st.recursive(_LEAVES, _blocks, max_leaves=12), max_size=5).map(
    lambda blocks: f"<!DOCTYPE html><html><head><title>unseen</title></head><body>{''.join(blocks)}</body></html>",
)

_LINES = st.one_of(
    _WORDS,
    st.text(CHARACTERS, max_size=60),
    st.just("The first sentence of an article. It goes on, and it ends with a full stop."),
)
# Sloppy text: an article's lines, junk lines, blank lines, every kind of line end.
SLOPPY_TEXT = st.lists(
    st.tuples(_LINES, st.sampled_from(["\n", "\n\n", "\r\n", "\r", " \n\t\n", "\u2028", "\x0b", ""]))
).map(
    lambda rows: "".join(line + end for line, end in rows),
)
ANY_BYTES = st.one_of(
    st.binary(max_size=400),
    SOUP.map(lambda html: html.encode("utf-8", "replace")),
    SOUP.map(lambda html: html.encode("utf-16", "replace")),
    st.tuples(SOUP, st.sampled_from(["windows-1252", "shift_jis", "gbk", "koi8-r", "utf-8", "nonsense"])).map(
        lambda page: f'<meta charset="{page[1]}">'.encode() + page[0].encode("latin-1", "replace"),
    ),
)
