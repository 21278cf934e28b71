"""Laws 5 and 7: the same output whatever the order and the number of workers, and one outcome for each input."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys

import pytest

from stripper import Failure, Options, RawPage, Stripped, strip_file, strip_many
from tests.laws import pages

FIXTURES = pages.paths(pages.FIXTURES)
# Run in a process of its own, with hashes of its own: strips the pages it is given, in that order.
SCRIPT = """
import hashlib, json, sys
from stripper import strip_file
digests = {path: hashlib.sha256(json.dumps(strip_file(path).record()).encode()).hexdigest() for path in sys.argv[1:]}
print(json.dumps(digests))
"""


def digest(page):
    """A fingerprint of all that a page's record says."""
    return hashlib.sha256(json.dumps(page.record()).encode()).hexdigest()


def digests_elsewhere(paths, hash_seed):
    """The fingerprints a fresh process finds."""
    command = [sys.executable, "-c", SCRIPT, *map(str, paths)]
    environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(pages.FIXTURES.parent)}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def here():
    """The fingerprints of all fixtures, stripped one by one in this process."""
    return {str(path): digest(strip_file(path)) for path in FIXTURES}


def test_the_same_page_gives_the_same_record_again(here):
    """Nothing that a call does is left behind for the next."""
    assert {str(path): digest(strip_file(path)) for path in reversed(FIXTURES)} == here


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_another_process_gives_the_same_record(here, hash_seed):
    """No order of a set or a hash shows, nor the order of the pages."""
    order = FIXTURES if hash_seed == "0" else FIXTURES[::-1]
    assert digests_elsewhere(order, hash_seed) == here


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_any_number_of_workers_gives_the_same_outcomes_in_order(here, jobs):
    """Workers change the time a run takes, and nothing else."""
    outcomes = list(strip_many(FIXTURES, jobs=jobs))
    assert [(outcome.source.id, digest(outcome)) for outcome in outcomes if isinstance(outcome, Stripped)] == list(
        here.items()
    )


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_input_has_one_outcome(tmp_path, jobs):
    """A bad input gives one line that names it, and never stops the others."""
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "blank.txt").write_text(" \n\t\n", "utf-8")
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (tmp_path / "large.html").write_text("<p>word" * 40_000, "utf-8")
    (tmp_path / "dangling.html").symlink_to(tmp_path / "gone.html")
    good = FIXTURES[0]
    bad = {
        str(tmp_path / "missing.html"): "UnreadableInput",
        str(tmp_path): "UnreadableInput",
        str(tmp_path / "dangling.html"): "UnreadableInput",
        str(tmp_path / "empty.html"): "EmptyInput",
        str(tmp_path / "blank.txt"): "EmptyInput",
        str(tmp_path / "picture.html"): "UnsupportedInput",
        str(tmp_path / "large.html"): "TooLarge",
        "a\0b": "UnreadableInput",
    }
    sources = [good, *(source for name in bad for source in (name, good)), RawPage("raw", b"<p>A page of bytes.</p>")]
    outcomes = list(strip_many(sources, jobs=jobs, options=Options(max_bytes=100_000)))
    assert len(outcomes) == len(sources)
    for source, outcome in zip(sources, outcomes, strict=True):
        if source in bad:
            assert isinstance(outcome, Failure)
            assert (outcome.id, outcome.error) == (source, bad[source])
            assert "\n" not in outcome.message
        else:
            assert isinstance(outcome, Stripped)
