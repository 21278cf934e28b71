"""Make a fixture out of an annotated page: ``python -m tests.make_fixture ANNOTATED [SLUG]``.

ANNOTATED is a page written by us that carries its own gold, with a TOML of the same stem beside it
(title, language, page_type, imitates, shows, traps):

- ``NAME.html``: elements carry ``data-gold="KIND"``, which holds for all text inside until another one overrides it;
- ``NAME.txt``: each line begins with ``[KIND] ``; blank lines stay blank.

Every block must get a kind. Written is ``fixtures/SLUG/`` (SLUG is the file's stem unless given): the page without
its annotation, ``expected.txt``, ``expected.json`` and ``about.toml``, which keeps what tests/note_gaps.py wrote.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

from stripper import strip_html
from stripper.datatypes import KEPT_KINDS, Kind, Mode, Page
from stripper.parse import parse_html, parse_text

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ATTRIBUTE = "data-gold"
_ATTRIBUTE = re.compile(rf'[ \t\n]+{ATTRIBUTE}="[^"]*"')
_LINE = re.compile(r"\[([a-z-]+)\] (.*)")


def read_html(annotated: str) -> tuple[str, Page, list[Kind]]:
    """Return the page's source without annotation, its blocks, and the gold kind of each block."""
    source = _ATTRIBUTE.sub("", annotated)
    stripped, marked = strip_html(source), parse_html(annotated)
    shown, data = stripped.verdicts[: len(marked.blocks)], stripped.verdicts[len(marked.blocks) :]
    if [verdict.block.text for verdict in shown] != [block.text for block in marked.blocks]:
        raise ValueError(f"the page has other blocks without its {ATTRIBUTE} attributes")
    # What stripper takes out of the page's data has no element to annotate: the diff shows whether it's right.
    kinds = [_inherited(marked, block.element, block.text) for block in marked.blocks]
    return source, stripped.page, kinds + [verdict.kind for verdict in data]


def read_text(annotated: str) -> tuple[str, Page, list[Kind]]:
    """Return the text without annotation, its blocks, and the gold kind of each block."""
    lines: list[str] = []
    kinds: list[Kind | None] = []
    for number, line in enumerate(annotated.split("\n"), 1):
        match = _LINE.fullmatch(line)
        if line.strip() and not match:
            raise ValueError(f"line {number} has no [kind] before it: {line[:60]!r}")
        lines.append(match[2] if match else line)
        kinds.append(_kind(match[1], line) if match else None)
    source = "\n".join(lines)
    page = parse_text(source)
    return source, page, [_kind_of_lines(source, kinds, block.span) for block in page.blocks]


def kept_text(page: Page, kinds: list[Kind]) -> str:
    r"""Return the clean text a perfect stripper gives.

    HTML: kept blocks joined by "\n". Text: the input without the removed blocks; what parts a removed block from
    the next goes with it, and so does what follows the last kept block where a removed one stands behind it.
    """
    keeps = [kind in KEPT_KINDS for kind in kinds]
    if page.mode is Mode.HTML:
        return "\n".join(block.text for block, keep in zip(page.blocks, keeps, strict=True) if keep)
    last = max((i for i, keep in enumerate(keeps) if keep), default=-1)
    starts = [0, *(block.span[0] for block in page.blocks[1:]), len(page.text)]
    ends = [page.blocks[i].span[1] if i == last < len(keeps) - 1 else starts[i + 1] for i in range(len(keeps))]
    return "".join(page.text[starts[i] : ends[i]] for i, keep in enumerate(keeps) if keep)


def main(argv: list[str]) -> int:
    """Write one fixture; return 0, or 1 with one line on stderr that says what is off."""
    annotated = Path(argv[0])
    try:
        about = annotated.with_suffix(".toml").read_text("utf-8").rstrip("\n") + "\n"
        read = read_html if annotated.suffix == ".html" else read_text
        source, page, kinds = read(annotated.read_bytes().decode())
        folder = FIXTURES / (argv[1] if len(argv) == 2 else annotated.stem)
        about += _noted(folder / "about.toml")
        page_type = tomllib.loads(about)["page_type"]
    except (OSError, ValueError, LookupError) as error:
        print(f"{annotated}: {error}", file=sys.stderr)
        return 1
    rows = [json.dumps([b.text, k], ensure_ascii=False) for b, k in zip(page.blocks, kinds, strict=True)]
    gold = f'{{"page_type": {json.dumps(page_type)}, "blocks": [\n' + ",\n".join(rows) + "\n]}\n"
    files = {"expected.txt": kept_text(page, kinds), "expected.json": gold, "about.toml": about}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {f"page{annotated.suffix}": source, **files}.items():
        (folder / name).write_bytes(text.encode())
    print(f"{folder.name}: {len(source.encode())} bytes, {len(kinds)} blocks", file=sys.stderr)
    return 0


def _inherited(page: Page, element: int, text: str) -> Kind:
    while element >= 0:
        if name := page.outline.attributes[element].get(ATTRIBUTE):
            return _kind(name, text)
        element = page.outline.parent[element]
    raise ValueError(f"no {ATTRIBUTE} holds for the block {text[:60]!r}")


def _kind(name: str, text: str) -> Kind:
    if name not in list(Kind):
        raise ValueError(f"{name!r} is no kind, at {text[:60]!r}")
    return Kind(name)


def _kind_of_lines(source: str, kinds: list[Kind | None], span: tuple[int, int]) -> Kind:
    first, last = source.count("\n", 0, span[0]), source.count("\n", 0, span[1])
    found = {kind for kind in kinds[first : last + 1] if kind is not None}
    if len(found) != 1:
        raise ValueError(f"lines of kinds {', '.join(sorted(found))} are one block: {source[slice(*span)][:60]!r}")
    return found.pop()


def _noted(existing: Path) -> str:
    """Return the lines that tests/note_gaps.py wrote."""
    lines = existing.read_text("utf-8").splitlines(keepends=True) if existing.exists() else []
    return "".join(line for line in lines if line.startswith(("known_gaps", "kinds_right")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) in (2, 3) else __doc__)
