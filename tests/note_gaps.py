"""Write into each fixture's about.toml where stripper is still wrong: ``python -m tests.note_gaps``.

``known_gaps`` are the blocks on the wrong side, ``kinds_right`` the share of the junk words that get their right
kind. tests/test_fixtures.py holds both, so that getting better or worse shows in a diff. Run it after a change
of the model, and read the diff.
"""

from __future__ import annotations

import json
import math
import sys

from tests.test_fixtures import FOLDERS, junk_words, wrong_side


def main() -> int:
    """Rewrite the two lines of every about.toml."""
    for folder in FOLDERS:
        file = folder / "about.toml"
        lines = [
            line for line in file.read_text("utf-8").splitlines() if not line.startswith(("known_gaps", "kinds_right"))
        ]
        gaps = wrong_side(folder)
        if gaps:
            lines.append(f"known_gaps = {json.dumps(gaps, ensure_ascii=False)}")
        right, total = junk_words(folder)
        if total:
            lines.append(f"kinds_right = {math.floor(100 * right / total) / 100}")
        file.write_text("\n".join(lines) + "\n", "utf-8")
        sys.stdout.write(f"{folder.name}: {len(gaps)} gaps, kinds {right} of {total} words\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
