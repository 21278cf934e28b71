"""Elements around the same blocks are one container; chains of containers say where a block stands."""

from __future__ import annotations

import pytest

from stripper.parse import parse_html
from stripper.segment.containers import INSIDE, LANDMARKS, LEVELS, containers
from stripper.segment.tokens import class_ids


def of(html):
    """The containers of a page and its blocks' texts."""
    page = parse_html(html)
    return containers(page.outline, [block.element for block in page.blocks]), page


def test_elements_around_the_same_blocks_are_one_container():
    """Three boxes around one list say together what it is."""
    boxes, _ = of("<main><div id=a><ul class=b><li>one</li><li>two</li></ul></div></main><p>three</p>")
    assert boxes.ranges.tolist() == [[0, 3], [0, 2], [0, 1], [1, 2], [2, 3]]
    merged = class_ids("main", {}) + class_ids("div", {"id": "a"}) + class_ids("ul", {"class": "b"})
    assert boxes.tokens[1] == merged
    assert boxes.chain[:, :4].tolist() == [[2, 1, 0, -1], [3, 1, 0, -1], [4, 0, -1, -1]]


def test_what_stands_on_html_and_body_is_not_read():
    """It is about the theme: the whole page's container has the same ids on every page."""
    plain, _ = of("<p>one</p><p>two</p>")
    styled, _ = of("<html class=no-js><body class='has-sidebar footer' id=nav><p>one</p><p>two</p>")
    assert plain.tokens == styled.tokens


def test_elements_without_text_count_only_as_tags():
    """An empty box is no container."""
    boxes, _ = of("<div><img><svg><path></svg></div><p>one</p><form><input></form>")
    assert boxes.ranges.tolist() == [[0, 1]]
    assert (boxes.tag_counts["form"], boxes.tag_counts["img"], boxes.tag_counts["p"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("html", "inside", "nearest"),
    [
        ("<div>x</div>", set(), None),
        ("<nav><ul><li>x</ul></nav>", {"nav", "ul", "li"}, "nav"),
        ("<div role=navigation>x</div>", {"nav"}, "nav"),
        ("<div role=contentinfo><p>x</div>", {"footer", "p"}, "footer"),
        ("<main role=presentation>x</main>", {"main"}, "main"),
        ("<article><header>x</header></article>", {"article", "header"}, "header"),
        ("<aside><section>x</section></aside>", {"aside", "section"}, "aside"),
        ("<ul role=banner><li>x</ul>", {"ul", "li", "header"}, "header"),
    ],
)
def test_what_stands_around_a_block(html, inside, nearest):
    """Tags and roles above it; the nearest landmark; a section is none."""
    boxes, _ = of(html)
    assert {tag for i, tag in enumerate(INSIDE) if boxes.bits[0] >> i & 1} == inside
    assert (None if boxes.landmark[0] < 0 else LANDMARKS[boxes.landmark[0]]) == nearest


def test_blocks_on_the_same_path_have_the_same_number():
    """The same tags and classes from the top down, whatever stands beside them."""
    boxes, page = of(
        "<ul class=menu><li class=item>1</li><li class=item>2</li><li class=last>3</li></ul><p>4</p>"
        "<ul class=menu><li class=item>5</ul>"
    )
    assert [block.text for block in page.blocks] == list("12345")
    one, two, three, four, five = boxes.path.tolist()
    assert one == two == five
    assert len({one, three, four}) == 3
    assert boxes.outer_path[0] == boxes.outer_path[2] == boxes.outer_path[4] != boxes.outer_path[3]


def test_chains_end_after_so_many_levels():
    """Deeper boxes are known by the nearest ones."""
    html = "".join(f"<div><p>{i}</p>" for i in range(30))
    boxes, _ = of(html)
    assert boxes.chain.shape == (30, LEVELS)
    assert (boxes.chain[-1] >= 0).all()
    assert boxes.chain[0].tolist() == [1, 0, *[-1] * (LEVELS - 2)]
    assert boxes.depth.tolist() == sorted(boxes.depth.tolist())


def test_a_page_without_tree_is_one_container():
    """Plain text."""
    from stripper.datatypes import Outline

    boxes = containers(Outline(), [-1, -1])
    assert boxes.ranges.tolist() == [[0, 2]]
    assert boxes.chain[:, 0].tolist() == [0, 0]
    assert (boxes.chain[:, 1:] == -1).all()
