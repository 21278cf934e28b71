"""Plain text to blocks: every offset exact, hard-wrapped paragraphs joined and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given

from stripper.datatypes import Mode, Role
from stripper.parse import parse_text
from tests.laws.strategies import SLOPPY_TEXT

WRAPPED = (
    "The council met on Tuesday and agreed, after a\n"
    "long debate, to mend the bridge before winter\n"
    "comes and the river rises."
)


def texts(text):
    """The blocks' texts."""
    return [block.text for block in parse_text(text).blocks]


class TestLinesStayLines:
    """Lines that somebody broke on purpose are blocks of their own."""

    @pytest.mark.parametrize(
        "text",
        [
            "- apples and pears from the market in town\n- milk\n- bread of the day before, if there is any left",
            "1. the first step takes longer than all others\n2. the second\n3. the third and last of these steps",
            "Shall I compare thee\nTo another day\nWith longer lines\nAnd shorter ones",
            "Tomorrow the long road turns towards the sea,\nand I\nwill walk it to the end, whatever others may say.",
            "Check Also\nThe bridge that nobody wanted to have mended\nLeave a Reply",
            "word " * 30 + "\n" + "word " * 30,
            "one",
        ],
    )
    def test_lists_poems_and_headings(self, text):
        """Where the next word would have fitted, no program broke the line."""
        assert texts(text) == [line.strip() for line in text.split("\n")]

    def test_a_blank_line_parts_paragraphs(self):
        """However full the lines are."""
        first, second, third = WRAPPED.split("\n")
        assert texts(f"{first}\n\n{second}\n \t \n{third}") == [first, second, third]


class TestWrapped:
    """Lines that a program broke are one paragraph."""

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_a_hard_wrapped_paragraph_is_one_block(self, end):
        """Each line is full: the next word did not fit. The block is the slice of the input, line ends included."""
        text = WRAPPED.replace("\n", end)
        assert texts(f"Title{end}{end}{text}{end}{end}Check Also{end}") == ["Title", text, "Check Also"]

    @pytest.mark.parametrize(
        "text",
        [
            "The council met on Tuesday and agreed to\nmend the bridge before the winter comes up",
            "The council met on Tuesday and agreed to mend\nthe bridge before winter.",
        ],
    )
    def test_two_lines_are_joined_too(self, text):
        """Whichever is the longer one."""
        assert texts(text) == [text]

    def test_indented_lines_are_joined_too(self):
        """White space before a line is inside the block but for the first line's."""
        text = WRAPPED.replace("\n", "\n  ")
        assert texts(f"  {text}") == [text]


class TestOffsets:
    """A block is the slice between its first and last visible character."""

    @pytest.mark.parametrize(
        ("text", "spans"),
        [
            ("a\r\n\r\n\tb \r c", [(0, 1), (6, 7), (10, 11)]),
            ("\ta\tb\t\n", [(1, 4)]),
            ("\x0ca\x0c\nb\x0b", [(1, 2), (4, 5)]),
            ("a\u2028b\u2029c\x85d\ne", [(0, 7), (8, 9)]),
            ("\u2028a\u2028\nb", [(1, 2), (4, 5)]),
            ("a\0b", [(0, 3)]),
            ("\ud800", [(0, 1)]),
            ("\ufeffa", [(0, 2)]),
            ("🙂 a\nb", [(0, 3), (4, 5)]),
            ("a\n\rb", [(0, 1), (3, 4)]),
            ("", []),
            (" \n\t\r\n\x0c", []),
        ],
    )
    def test_spans(self, text, spans):
        """Lines end at CR, LF and CRLF only; offsets count code points."""
        page = parse_text(text)
        assert [block.span for block in page.blocks] == spans
        assert page.text == text

    @given(SLOPPY_TEXT)
    def test_every_visible_character_is_in_one_block(self, text):
        """Blocks are in order, apart, without white space at their ends, and only white space lies between them."""
        page = parse_text(text)
        at = 0
        for index, block in enumerate(page.blocks):
            start, end = block.span
            assert (block.index, block.text) == (index, text[start:end])
            assert block.text == block.text.strip() != ""
            assert text[at:start].strip() == ""
            at = end
        assert text[at:].strip() == ""

    def test_a_text_has_no_elements(self):
        """Mode, role and the empty outline."""
        page = parse_text("a")
        assert (page.mode, page.outline.tag, page.title, page.warnings) == (Mode.TEXT, (), None, ())
        assert (page.blocks[0].element, page.blocks[0].role, page.blocks[0].links) == (-1, Role.TEXT, ())


class TestEndlessLines:
    """A text that has lost its line ends is cut at the ends of its sentences."""

    def test_a_text_in_one_line(self):
        """Blocks are sentences; the spaces between belong to none."""
        text = " ".join(f"Sentence number {n} of a long text stands here." for n in range(9))
        assert texts(text) == [f"Sentence number {n} of a long text stands here." for n in range(9)]

    @pytest.mark.parametrize("marks", [".", "!", "?", "…", "...", '."', ".”", "?!", "!)"])
    def test_what_ends_a_sentence(self, marks):
        """Marks with closing quotes and brackets, before a space and no small letter."""
        text = f"{'Some words of text ' * 20}end{marks} Another begins"
        assert texts(text)[-1] == "Another begins"

    @pytest.mark.parametrize(
        "end", ["U.S. President", "Mr. Holm", "3.5 metres", "e.g. This", "and so on. but then", "a.b Two"]
    )
    def test_what_does_not(self, end):
        """Abbreviations, numbers, a small letter behind."""
        assert texts(f"{'Some words of text ' * 20}{end}")[-1].endswith(end)

    def test_scripts_without_spaces(self):
        """A full stop of their own is enough."""
        assert texts("船は正午に出た。" * 60) == ["船は正午に出た。"] * 60

    def test_a_paragraph_among_others_stays_whole(self):
        """However many sentences it has: line ends are there."""
        paragraph = "A sentence of a paragraph. " * 30
        assert texts(f"{paragraph.strip()}\n\n{paragraph.strip()}") == [paragraph.strip()] * 2

    def test_wrapped_paragraphs_without_blank_lines_part_where_a_line_is_short(self):
        """The last line of a paragraph is not full."""
        first = "The council met on Tuesday and agreed to mend the old bridge before the winter comes"
        lines = [first, first, first, "and the herons leave."] * 4
        assert texts("\n".join(lines)) == ["\n".join(lines[:4])] * 4
