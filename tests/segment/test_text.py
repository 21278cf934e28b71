"""Plain text: articles stay to the last character, what a theme puts around them goes."""

from __future__ import annotations

import textwrap
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripper.datatypes import KEPT_KINDS, Kind, Segmentation
from stripper.options import FAVORS, Options
from stripper.parse import parse_text
from stripper.segment import segment
from stripper.segment.rules import RULES
from tests.conftest import CORPORA
from tests.segment.texts import CLEAN, HARBOUR, LANGUAGES

BREAKS = {"blank lines": "\n\n", "single lines": "\n", "CRLF": "\r\n", "CRLF and blank lines": "\r\n\r\n"}


def wrapped(text: str) -> str:
    """The text with its paragraphs wrapped at 72 columns."""
    return "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in text.split("\n\n"))


FORM = ("Leave a Reply", "Your email address will not be published. Required fields are marked *", "Name *")


def judged(text: str, **options: str) -> Segmentation:
    """The segmentation of a plain text."""
    return segment(parse_text(text), Options(**options))  # type: ignore[arg-type]


def kept(text: str, **options: str) -> list[str]:
    """The lines that stay."""
    return [verdict.block.text for verdict in judged(text, **options).verdicts if verdict.kept]


@pytest.mark.parametrize("name", CLEAN)
def test_clean_texts_come_back_unchanged(name):
    """Poems, interviews, recipes, tables, logs and an article about comment boxes lose nothing."""
    removed = [verdict.block.text for verdict in judged(CLEAN[name]).verdicts if not verdict.kept]
    assert removed == []


@pytest.mark.parametrize("name", CLEAN)
def test_clean_texts_survive_precision_but_for_lines_a_cue_names(name):
    """`favor` shifts thresholds; prose is safe under each."""
    text = CLEAN[name]
    prose = [line for line in text.split("\n") if len(line.split()) > 11]
    assert [line for line in kept(text, favor="precision") if line in prose] == prose


@pytest.mark.parametrize("gap", BREAKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_article_stays_and_the_junk_below_it_goes(language, gap):
    """In thirteen languages, whatever the line ends: the article to the last character, nothing else."""
    sloppy = LANGUAGES[language]
    assert kept(sloppy.text(BREAKS[gap])) == list(sloppy.article)


def test_junk_is_named():
    """The record says which kind each line is: right of nine lines in ten, over thirteen languages."""
    right = [
        str(verdict.kind) == kind
        for sloppy in LANGUAGES.values()
        for verdict, (_, kind) in zip(judged(sloppy.text()).verdicts[-len(sloppy.junk) :], sloppy.junk, strict=True)
    ]
    assert sum(right) >= 0.9 * len(right)


def test_the_first_line_is_the_headline():
    """The headline has a kind of its own, so that a caller can drop it."""
    first = judged(LANGUAGES["en"].text()).verdicts[0]
    assert first.kind is Kind.TITLE
    assert first.kept


def test_prose_below_a_cue_in_the_midst_of_an_article_stays():
    """A "Related" line between paragraphs takes the link below it, not the paragraph after that."""
    lines = [*HARBOUR[:3], "Also read:", "New Timetable for the Northern Line", *HARBOUR[3:]]
    assert kept("\n\n".join([*lines, *FORM])) == [line for line in lines if line not in lines[3:5]]


def test_comments_below_an_article_go_although_they_are_prose():
    """What readers write is running text as well; names, dates and reply links around it tell whose it is."""
    remarks = [
        "I was on that boat in the seventies and it shook even then, but the coffee was the best on the whole coast.",
        "My father welded the old ramp, and he would be glad to know that it lasted for forty winters.",
        "Can anybody tell me whether bicycles are allowed on the lower deck during the rush hour now?",
    ]
    names = ["Olaf", "Grete Moen", "Sailor77"]
    thread = [
        line
        for day, (name, remark) in enumerate(zip(names, remarks, strict=True), 5)
        for line in (f"{name} says:", f"March {day}, 2024 at 10:12 am", remark, "Reply")
    ]
    assert kept("\n\n".join([*HARBOUR, "3 Comments", *thread, *FORM])) == list(HARBOUR)


def test_a_menu_above_the_headline_goes():
    """Lines of a word or two with cues among them are the site's menu; without cues they may be anything."""
    menu = ["Skip to content", "Menu", "Home", "Weather", "Harbour", "Log in", "Subscribe"]
    assert kept("\n".join([*menu, *HARBOUR])) == list(HARBOUR)


def test_date_and_author_below_the_headline_are_the_byline():
    """Short lines between headline and first paragraph."""
    byline = ["By Ines Holm", "Published: 4 March 2024"]
    verdicts = judged("\n\n".join([HARBOUR[0], *byline, *HARBOUR[1:], *FORM])).verdicts
    assert [(verdict.kind, verdict.kept) for verdict in verdicts[1:3]] == [(Kind.BYLINE, False)] * 2


def test_short_last_lines_stay_where_no_cue_stands():
    """An article may end in a signature, a place or a list: a place below the last paragraph is one signal, not two."""
    text = "\n\n".join([*HARBOUR, "Photographs by the crew", "Port of Lindholm", "- Monday 06:10", "- Monday 06:50"])
    assert kept(text) == text.split("\n\n")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "Menu", "Leave a Reply", "…", "\ufeff", "a\x00b", "\ud800"])
def test_fragments_are_judged_without_an_error(text):
    """A text may be a single line, or nothing."""
    assert len(judged(text).verdicts) == len(parse_text(text).blocks)


def test_there_are_texts():
    """A glob that finds nothing would make the tables above empty."""
    assert len(LANGUAGES) >= 13
    assert len(CLEAN) >= 7


@pytest.mark.shared
def test_the_example_of_the_brief_is_exact():
    """The article with the "Check Also" box: headline and article to the last character, nothing else."""
    path = CORPORA.parent / "examples" / "check-also-article.txt"
    text = path.read_bytes().decode("utf-8")
    lines = [line for line in text.split("\n") if line]
    article = lines[: lines.index("Check Also")]
    for variant in (text, "\n".join(lines), text.replace("\n", "\r\n")):
        assert kept(variant) == article
    assert [" ".join(block.split()) for block in kept(wrapped(text))] == article
    assert " ".join(kept(" ".join(lines))) == " ".join(article)
    kinds = [str(verdict.kind) for verdict in judged(text).verdicts if not verdict.kept]
    assert set(kinds[:4]) <= {"related", "advertisement"}
    assert kinds[0] == "related"
    assert kinds[4:] == ["comment-form", "comment-form"]


@pytest.mark.parametrize("favor", FAVORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stricter_favor_never_keeps_more(language, favor):
    """What recall removes, precision removes too; the article's paragraphs stay under each."""
    text = LANGUAGES[language].text()
    assert set(kept(text, favor="precision")) <= set(kept(text, favor=favor)) <= set(kept(text, favor="recall"))
    assert set(LANGUAGES[language].article[1:3]) <= set(kept(text, favor=favor))


def test_options_decide_what_becomes_of_a_kind():
    """A kept kind stays with its reasons; a dropped headline goes by policy."""
    text = LANGUAGES["en"].text()
    page = parse_text(text)
    stays = segment(page, Options(keep=frozenset({Kind.COMMENT_FORM}))).verdicts[-1]
    assert (stays.kind, stays.kept, bool(stays.reasons)) == (Kind.COMMENT_FORM, True, True)
    gone = segment(page, Options(drop=frozenset({Kind.TITLE}))).verdicts[0]
    assert (gone.kind, gone.kept, [reason.rule for reason in gone.reasons]) == (Kind.TITLE, False, ["policy"])


LINES = st.sampled_from(
    [*HARBOUR, "Menu", "Log in", "Share this", "3 Comments", "Related Posts", "…", "4 March 2024", "- one", "", "* * *"]
)


@given(st.lists(LINES, max_size=30), st.sampled_from(FAVORS))
def test_every_removal_has_reasons(lines, favor):
    """Whatever the order of lines: names out of the registry, confidence in its range."""
    for verdict in judged("\n".join(lines), favor=favor).verdicts:
        assert verdict.kept is (verdict.kind in KEPT_KINDS)
        assert verdict.kept or {reason.rule for reason in verdict.reasons} <= set(RULES)
        assert verdict.kept or verdict.reasons
        assert 0 <= verdict.confidence <= 1


def test_a_long_text_is_judged_in_sections(monkeypatch):
    """Each is a text of its own; verdicts are in order, and say of a line what they say of it alone."""
    texts = [sloppy.text() for sloppy in LANGUAGES.values()]
    sizes = {len(parse_text(text).blocks) for text in texts[1:2]}
    monkeypatch.setattr("stripper.segment.text._SECTION", sizes.pop())
    verdicts = judged("\n\n".join(texts[1:2] * 3)).verdicts
    assert [verdict.block.index for verdict in verdicts] == list(range(len(verdicts)))
    alone = [(verdict.kind, verdict.reasons, verdict.confidence) for verdict in judged(texts[1]).verdicts]
    assert [(verdict.kind, verdict.reasons, verdict.confidence) for verdict in verdicts] == alone * 3


def test_time_is_linear_in_the_lines():
    """Twice the text, less than three times the time (the square would be four), best of seven each, in turns."""
    texts = [sloppy.text() for sloppy in LANGUAGES.values()]
    pages = [parse_text("\n\n".join(texts * copies)) for copies in (15, 30)]
    best = [1e9, 1e9]
    for turn in range(14):
        begun = process_time()
        segment(pages[turn % 2], Options())
        best[turn % 2] = min(best[turn % 2], process_time() - begun)
    assert best[1] < 3 * best[0]
