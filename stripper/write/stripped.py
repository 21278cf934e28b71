"""A stripped page: the value that every call of the library gives back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stripper.collector import collector_paused
from stripper.datatypes import Kind, Mode, Outline
from stripper.write.html import html_document
from stripper.write.markdown import markdown
from stripper.write.record import build_record

if TYPE_CHECKING:
    from stripper.datatypes import Metadata, Page, Segmentation, Source, Verdict
    from stripper.options import Options


@dataclass(frozen=True, slots=True, repr=False)
class Stripped:
    """Clean text, and everything needed to account for what is not in it. Pickles; made by `strip_*`."""

    text: str  # clean text
    source: Source
    page: Page  # its blocks and their tree, without the elements' attributes
    segmentation: Segmentation
    metadata: Metadata
    options: Options
    model: str  # sha256 of the model file, or "rules"

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every block with its verdict, in reading order."""
        return self.segmentation.verdicts

    @property
    def kept(self) -> tuple[Verdict, ...]:
        """The verdicts whose blocks make up `text`."""
        return tuple(v for v in self.verdicts if v.kept)

    @property
    def removed(self) -> tuple[Verdict, ...]:
        """The verdicts whose blocks are not in `text`."""
        return tuple(v for v in self.verdicts if not v.kept)

    @property
    def title(self) -> str | None:
        """The page's title: by its metadata, else its headline, else the head's <title>; one line."""
        headline = next((v.block.text for v in self.verdicts if v.kind is Kind.TITLE), None)
        title = self.metadata.title or headline or self.page.title
        return " ".join(title.split()) if title else None

    @property
    def page_type(self) -> str | None:
        """The page's type, e.g. "article" or "forum"; None where unknown."""
        return self.segmentation.page_type

    @property
    def confidence(self) -> float:
        """How sure we are of the whole page, 0..1."""
        return self.segmentation.confidence

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at the split."""
        return self.segmentation.needs_review

    @property
    def warnings(self) -> tuple[str, ...]:
        """What went wrong on the way without stopping it, one line each."""
        return self.page.warnings

    @property
    def markdown(self) -> str:
        """The kept blocks as Markdown."""
        breaks = self.page.mode is Mode.HTML
        return markdown(self.kept, links=self.options.markdown_links, breaks=breaks)

    @property
    def html(self) -> str:
        """The kept blocks as a plain HTML document, everything escaped."""
        return html_document(self.kept, title=self.title, language=self.metadata.language, url=self.page.url)

    def record(self) -> dict[str, Any]:
        """Return the record: JSON-ready, keys in fixed order; `restore(text, record)` gives the page text back."""
        with collector_paused():
            return build_record(self)

    def __repr__(self) -> str:
        kept = len(self.kept)
        return f"<Stripped {self.source.id!r}: {kept} blocks kept, {len(self.verdicts) - kept} removed>"


def without_attributes(page: Page) -> Page:
    """Return `page` without its elements' attributes: most of its weight, which no writer asks for."""
    return replace(page, outline=Outline(page.outline.parent, page.outline.tag))
