"""``make labels``: our labels of other people's pages, joined with those pages: a corpus that `stripper train` reads.

``python -m tools.join_labels LABELS CORPUS... -o FOLDER``. The labels (labels/kinds.jsonl) hold no text of a page: for
each page, by the name of its corpus and its id, a mark of each block (16 bits of its text's CRC-32, base64) and the
kinds in runs. Blocks are found again by their marks, so that labels outlive a change of the parser.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from stripper.datatypes import Kind
from stripper.errors import InputError
from stripper.evaluation import open_corpus
from stripper.options import Options
from stripper.parse import decode, parse_html
from stripper.reading import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from stripper.evaluation import GoldPage


def main(argv: Sequence[str] | None = None) -> int:
    """Write the corpus; return 0, or 1 where a page is missing or fails."""
    parser = argparse.ArgumentParser(prog="python -m tools.join_labels", description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-o", dest="folder", type=Path, required=True)
    typed = parser.parse_args(argv)
    pages = {
        f"{corpus.resolve().name}/{page.id}": page for corpus in typed.corpora for page in open_corpus(corpus).pages
    }
    (typed.folder / "html").mkdir(parents=True, exist_ok=True)
    missing = 0
    with (typed.folder / "gold.jsonl").open("w", encoding="utf-8") as gold:
        for labels in read_labels(typed.labels):
            page = pages.get(labels["page"])
            row = page and joined(page, labels)
            if not page or not row:
                sys.stderr.write(f"{labels['page']}: not in the corpora, or it cannot be read (left out)\n")
                missing += 1
                continue
            gold.write(json.dumps(row, ensure_ascii=False) + "\n")
            name = "".join(page.path.suffixes[-2:])
            copy = typed.folder / "html" / f"{row['id']}{name}"
            copy.write_bytes(page.path.read_bytes())
    return 1 if missing else 0


def read_labels(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the labels of each page: its name, marks of its blocks, and their kinds."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        marks = np.frombuffer(base64.b64decode(row["marks"]), "<u2").tolist()
        kinds = [
            kind
            for run in row["kinds"].split()
            for kind, _, count in [run.partition("*")]
            for _ in range(int(count or 1))
        ]
        yield {"page": row["page"], "marks": marks, "kinds": kinds}


def joined(page: GoldPage, labels: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a line of gold.jsonl, None where the page cannot be read."""
    try:
        raw = read_file(page.path)
        blocks = parse_html(decode(raw, Options().max_bytes).text, url=page.url).blocks
    except InputError:
        return None
    texts = [block.text for block in blocks]
    found = SequenceMatcher(None, labels["marks"], [mark(text) for text in texts], autojunk=False)
    pairs = [
        [texts[there + i], str(Kind(labels["kinds"][here + i]))]
        for here, there, size in found.get_matching_blocks()
        for i in range(size)
    ]
    return {"id": labels["page"].replace("/", "."), "url": page.url, "type": page.type, "blocks": pairs}


def mark(text: str) -> int:
    """Return 16 bits that tell a block's text from its neighbours'."""
    return crc32(text.encode("utf-8", "surrogatepass")) & 0xFFFF


if __name__ == "__main__":
    sys.exit(main())
