"""Site templates: repeated junk that one page alone does not show is found, and no content is lost by repetition."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from stripper import Options, strip_file, strip_html, strip_text
from stripper.datatypes import Decoded, Mode, RawPage
from stripper.errors import UnreadableInput
from stripper.parse import parse_html, parse_text
from stripper.pipeline import strip_decoded
from stripper.segment.profile import fingerprints, load_profile, profile_path
from stripper.sites import SiteProfile
from tests.batch.site import SERIES, UNITS, site

PROFILES = ".stripper/profiles"


@pytest.fixture
def made(place):
    """The made site in a folder, and the batch over it."""
    pages = site()
    for page in pages:
        place.write(f"in/{page.name}", page.html)
    return pages


def outputs(place):
    """Each page's clean text by its name."""
    return {path.stem: path.read_text("utf-8") for path in place.out.glob("*.txt")}


def test_junk_goes_from_missed_to_found(place, made):
    """All of it, on all 40 pages; the intro of the series, the units and every paragraph stay."""
    place.run("in", templates=False)
    before = outputs(place)
    place.run("in", out=place.root / "with", templates=True)
    place.out = place.root / "with"
    after = outputs(place)
    for page in made:
        name = page.name.removesuffix(".html")
        assert all(text in before[name] for text in page.junk)
        assert not any(text in after[name] for text in page.junk)
        assert all(text in after[name] for text in page.kept)
        assert all(f"{left}\t{right}" in after[name] for left, right in UNITS)


def test_the_record_tells_the_evidence(place, made):
    """Site, pages, counts, the second signal, the profile."""
    place.run("in", templates=True)
    record = json.loads((place.out / "part-03.json").read_text("utf-8"))
    told = {item["text"]: [reason["evidence"] for reason in item["reasons"]] for item in record["removed"]}
    assert told[made[3].junk[0]] == ["stands on 40 of 40 pages of the site", "apart from the page's own text"]
    assert record["stripper"]["profile"]["site"] == "canal.example"
    assert place.manifest()[3]["page"]["template_blocks"] == 3
    summary = json.loads((place.out / "summary.json").read_text("utf-8"))
    assert summary["templates"] == {"sites": 1, "pages": 40, "removed_blocks": 120}


def test_the_order_of_the_inputs_does_not_matter(place, made):
    """Law 5, with what was learned."""
    names = [f"in/{page.name}" for page in made]
    place.run(*names, templates=True)
    first = outputs(place)
    random.Random(1).shuffle(names)  # noqa: S311 - one other order
    place.out = place.root / "other"
    place.run(*names, templates=True)
    assert outputs(place) == first
    profiles = [(place.root / out / PROFILES / "canal.example.json").read_bytes() for out in ("out", "other")]
    assert profiles[0] == profiles[1]


def test_copies_do_not_make_a_template(place):
    """Ten copies of one page say nothing of the site."""
    page = site()[0]
    for number in range(10):
        place.write(f"in/{number}.html", page.html)
    place.run("in", templates=True)
    assert all(text in outputs(place)["0"] for text in page.junk)


def test_a_profile_serves_single_pages(place, made):
    """Saved by a batch, used by one call, by a later batch of one page, by another machine."""
    place.run("in", templates=True, profiles="profiles")
    page = made[7]
    kept = strip_html(page.html, "https://www.canal.example/x", options=Options(profiles="profiles")).text
    assert page.junk[0] not in kept
    assert SERIES in kept
    assert page.junk[0] not in strip_file(f"in/{page.name}", options=Options(profiles="profiles")).text
    assert page.junk[0] in strip_html(page.html).text
    place.out = place.root / "later"
    place.run(f"in/{page.name}", templates=True, profiles="profiles")
    assert page.junk[0] not in outputs(place)["part-07"]
    place.run(f"in/{page.name}", templates=False, profiles="profiles", out=place.root / "only")
    assert page.junk[0] not in (place.root / "only" / "part-07.txt").read_text("utf-8")


def test_a_profile_can_be_read_by_people(place, made):
    """What repeats, how often, with the beginning of its text."""
    place.run("in", templates=True, profiles="profiles")
    profile = json.loads(Path("profiles/canal.example.json").read_text("utf-8"))
    assert (profile["schema"], profile["site"], profile["pages"]) == ("stripper.profile/1", "canal.example", 40)
    shown = {block["text"]: block["pages"] for block in profile["blocks"]}
    assert shown[made[0].junk[0][:100]] == 40
    assert "Valley" in shown


def test_few_pages_say_nothing(place, made):
    """Three of a site."""
    place.run(*[f"in/{page.name}" for page in made[:3]], templates=True)
    assert made[0].junk[0] in outputs(place)["part-00"]


def test_new_pages_of_a_site_do_not_wait_for_all_to_be_learned_again(place, made):
    """What an earlier run learned of a page is kept."""
    place.run(*[f"in/{page.name}" for page in made[:20]], templates=True)
    assert Counter(place.worked).most_common(1)[0][1] == 2  # learned from, and stripped
    place.run("in", templates=True)
    assert {name for name, count in Counter(place.worked).items() if count == 2} == {f"in/{p.name}" for p in made[20:]}


def test_text_pages_learn_too():
    """Lines that repeat go where the text of their own has ended; a line within it stays."""
    own = "The wardens wrote down where number {0} had stood that night, since nobody else would have noticed it."
    shared = "Ask at the green door for the key to the garden"
    within = "To be read aloud."
    texts = [f"Day {n}\n\n{own.format(n)}\n\n{within}\n\n{own.format(n + 100)}\n\n{shared}\n" for n in range(9)]
    counts = Counter(print_ for text in texts for print_ in set(fingerprints(parse_text(text))))
    profile = SiteProfile("x", 9, counts, "0" * 64)
    raw = RawPage("x", texts[0].encode())
    page = strip_decoded(raw, Decoded(texts[0], "utf-8", "str", 0), Options(), Mode.TEXT, profile)
    assert shared in strip_text(texts[0]).text
    assert shared not in page.text
    assert within in page.text


def test_fingerprints_know_place_and_text():
    """Letters are folded and spaces squashed; another path is another block."""
    prints = fingerprints(
        parse_html("<div><p>Ask  at the DOOR</p></div><div><p>ask at the door</p></div><p>ask at the door</p>")
    )
    assert prints[0] == prints[1] != prints[2]


def test_a_broken_profile_is_told(tmp_path):
    """By its name; one of another site is not used."""
    profile_path(str(tmp_path), "a.example").write_text("{", "utf-8")
    with pytest.raises(UnreadableInput, match=r"a\.example\.json"):
        load_profile(str(tmp_path), "a.example")
    assert load_profile(str(tmp_path), "b.example") is None
    assert load_profile(str(tmp_path), None) is None


@pytest.mark.parametrize("site_", ["a.example", "../up", "a:8080", "pages/", "x" * 300, "Ä.example", "con"])
def test_profiles_lie_in_their_folder(site_):
    """Whatever the site is called."""
    assert profile_path("profiles", site_).parent == Path("profiles")
