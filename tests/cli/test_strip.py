"""`stripper strip`: what goes where."""

from __future__ import annotations

import gzip
import json
import os
from typing import TYPE_CHECKING

import pytest

from stripper import restore, strip_file
from tests.cli.conftest import PAGE, SENTENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Result


def test_clean_text_goes_to_standard_output(page: str, call: Callable[..., Result]) -> None:
    """The article is printed, its menu and footer are not, and nothing is said."""
    result = call("strip", page)
    assert result.code == 0
    assert SENTENCE in result.out
    assert "About us" not in result.out
    assert result.out == strip_file(page).text + "\n"
    assert result.err == ""


@pytest.mark.parametrize(
    ("form", "start"), [("txt", "The keeper"), ("md", "# The keeper"), ("html", "<!DOCTYPE html>"), ("json", "{")]
)
def test_formats(page: str, call: Callable[..., Result], form: str, start: str) -> None:
    """Each format begins as it should and holds the article."""
    result = call("strip", page, "--format", form)
    assert result.out.startswith(start)
    assert SENTENCE in result.out
    assert result.out.endswith("\n")


def test_json_holds_text_and_record(page: str, call: Callable[..., Result]) -> None:
    """One line, out of which the page text can be restored."""
    line = call("strip", page, "--format", "json").out
    assert line.count("\n") == 1
    both = json.loads(line)
    assert "About us" in restore(both["text"], both["record"])


def test_standard_input(call: Callable[..., Result], page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads standard input."""
    with open(page, "rb") as stream:  # noqa: PTH123  a stand-in for the process' own stream
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream}))
        assert SENTENCE in call("strip", "-").out


def test_gzipped_files(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """A gzipped page is read as the page, whatever its name."""
    (tmp_path / "packed.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "packed").write_bytes(gzip.compress(PAGE.encode()))
    expected = call("strip", page).out
    assert call("strip", "packed.html.gz").out == expected
    assert call("strip", "packed").out == expected


def test_kinds_can_be_kept_and_dropped(call: Callable[..., Result], page: str) -> None:
    """`--keep` and `--drop` take kinds by commas and may be given again."""
    plain = call("strip", page).out
    assert plain.startswith("The keeper")
    assert "About us" in call("strip", page, "--keep", "byline,navigation").out
    assert "About us" in call("strip", page, "--keep", "byline", "--keep=navigation").out
    assert call("strip", page, "--drop", "title").out == plain.partition("\n")[2]


def test_a_dropped_kind_is_in_the_record(call: Callable[..., Result], page: str) -> None:
    """What goes by option is recorded like everything else."""
    record = json.loads(call("strip", page, "--drop", "title", "--record", "-").out)
    (title,) = [item for item in record["removed"] if item["kind"] == "title"]
    assert title["reasons"][0]["rule"] == "policy"
    assert record["stripper"]["options"] == {"drop": ["title"], "metadata": True}


def test_as_text(call: Callable[..., Result], page: str) -> None:
    """`--as text` reads markup as the words it is made of."""
    record = json.loads(call("strip", page, "--as", "text", "--record", "-").out)
    assert record["text"]["mode"] == "text"


def test_several_inputs_are_told_apart(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """Each text stands under its input's name; a blank line parts them."""
    (tmp_path / "b.html").write_text(PAGE)
    text = strip_file(page).text
    assert call("strip", page, "b.html").out == f"==> page.html <==\n{text}\n\n==> b.html <==\n{text}\n"
    markdown = strip_file(page).markdown
    expected = f"<!-- page.html -->\n\n{markdown}\n<!-- b.html -->\n\n{markdown}"
    assert call("strip", page, "b.html", "--format", "md").out == expected


def test_several_inputs_as_json_lines(call: Callable[..., Result], page: str) -> None:
    """One line for each input, failures included, in order."""
    result = call("strip", "missing.html", page, "--format", "json")
    missing, good = map(json.loads, result.out.splitlines())
    assert (missing["text"], missing["record"]["schema"]) == (None, "stripper.failure/1")
    assert good["record"]["source"]["id"] == page
    assert result.code == 1


def test_records_in_a_file(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """`--record PATH` writes a line for each input beside the texts on standard output."""
    result = call("strip", page, "missing.html", "--record", "records.jsonl")
    good, missing = map(json.loads, (tmp_path / "records.jsonl").read_text("utf-8").splitlines())
    assert restore(result.out.partition("\n")[2], good).startswith("Home")
    assert missing == {
        "schema": "stripper.failure/1",
        "source": {"id": "missing.html", "url": None},
        "error": "UnreadableInput",
        "message": "no such file",
    }


def test_records_on_standard_output(call: Callable[..., Result], page: str) -> None:
    """`--record -` prints records in place of texts: a stream holds one kind of thing."""
    result = call("strip", page, "--record", "-")
    assert json.loads(result.out)["schema"] == "stripper.record/1"


def test_the_record_goes_through_a_link_and_leaves_devices_alone(
    call: Callable[..., Result], page: str, tmp_path: Path
) -> None:
    """A link named as --record leads to the file that is written; /dev/null stays a device."""
    (tmp_path / "link").symlink_to("target")
    (tmp_path / "target").write_text("")
    call("strip", page, "--record", "link")
    assert (tmp_path / "link").is_symlink()
    assert json.loads((tmp_path / "target").read_text("utf-8"))
    assert call("strip", page, "--record", os.devnull).code == 0
    assert os.path.exists(os.devnull)  # noqa: PTH110
    assert not os.path.isfile(os.devnull)  # noqa: PTH113


def test_metadata_is_on_and_can_be_left_out(call: Callable[..., Result], tmp_path: Path, page: str) -> None:
    """The command line looks for author and date; `--no-metadata` does not."""
    head = '<head><meta name="author" content="Ida Strand"><title>T</title>'
    (tmp_path / page).write_text(PAGE.replace("<head>", head), "utf-8")
    assert json.loads(call("strip", page, "--record", "-").out)["page"]["author"] == "Ida Strand"
    assert json.loads(call("strip", page, "--record", "-", "--no-metadata").out)["page"]["author"] is None


def test_no_links_in_markdown(call: Callable[..., Result], tmp_path: Path, page: str) -> None:
    """`--no-links` leaves the words of a link alone."""
    linked = PAGE.replace("the town", '<a href="https://town.example/">the town</a>')
    (tmp_path / page).write_text(linked, "utf-8")
    assert "[the town](https://town.example/)" in call("strip", page, "--format", "md").out
    assert "[the town]" not in call("strip", page, "--format", "md", "--no-links").out


# A folder of outputs


def written(folder: Path) -> list[str]:
    """Return the names in a folder, hidden ones included."""
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_gets_text_and_record(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """`-o DIR` makes the folder and writes NAME.txt and NAME.json; nothing is printed."""
    result = call("strip", page, "-o", "out/deep")
    assert result == (0, "", "")
    out = tmp_path / "out" / "deep"
    assert written(out) == ["page.json", "page.txt"]
    record = json.loads((out / "page.json").read_text("utf-8"))
    text = (out / "page.txt").read_text("utf-8")
    assert restore(text, record).startswith("Home\n")
    assert text == strip_file(page).text + "\n"


@pytest.mark.parametrize(
    ("form", "names"),
    [("md", ["page.json", "page.md"]), ("html", ["page.html", "page.json"]), ("json", ["page.json"])],
)
def test_a_folder_in_other_formats(
    call: Callable[..., Result], page: str, tmp_path: Path, form: str, names: list[str]
) -> None:
    """The format is the suffix; in JSON the record is in the same file."""
    call("strip", page, "-o", "out", "--format", form)
    assert written(tmp_path / "out") == names


def test_same_base_names_do_not_meet(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """Inputs of one name in several folders have outputs of their own, in one run and over several."""
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / page).write_text(PAGE.replace("forty books", f"{name} books"), "utf-8")
    call("strip", "a/page.html", "b/page.html", "-o", "out")
    call("strip", "c/page.html", "-o", "out")
    first = written(tmp_path / "out")
    texts = [(tmp_path / "out" / name).read_text("utf-8") for name in first if name.endswith(".txt")]
    assert sorted(text.partition(" books")[0][-1] for text in texts) == ["a", "b", "c"]
    call("strip", "b/page.html", "c/page.html", "a/page.html", "-o", "out")
    assert written(tmp_path / "out") == first


def test_a_file_of_somebody_else_is_not_written_over(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """A text in the folder without a record that says it is ours stays."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "page.txt").write_text("notes")
    assert call("strip", page, "-o", "out").code == 0
    assert (tmp_path / "out" / "page.txt").read_text() == "notes"
    assert len(written(tmp_path / "out")) == 3


def test_an_input_is_not_written_over(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """An output that would take an input's place is refused before anything is written."""
    result = call("strip", page, "--record", page)
    assert result.code == 2
    assert "page.html is an input" in result.err
    call("strip", page, "-o", ".")
    assert call("strip", page, "-o", ".", "--format", "html").code == 2
    assert (tmp_path / page).read_text("utf-8") == PAGE


def test_the_record_of_records_is_not_written_over(call: Callable[..., Result], page: str) -> None:
    """`--record` cannot take the place of an output of `-o`."""
    assert call("strip", page, "-o", "out", "--record", "out/page.json").code == 2
    assert call("strip", page, "-o", "out", "--record", "out/all.jsonl").code == 0


def test_a_failure_leaves_what_was_there(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """An input that fails later is told in NAME.failure.json; the good outputs stay, and the next success tidies up."""
    call("strip", page, "-o", "out")
    text = (tmp_path / "out" / "page.txt").read_text("utf-8")
    (tmp_path / page).unlink()
    assert call("strip", page, "-o", "out").code == 1
    assert written(tmp_path / "out") == ["page.failure.json", "page.json", "page.txt"]
    assert json.loads((tmp_path / "out" / "page.failure.json").read_text("utf-8"))["error"] == "UnreadableInput"
    assert (tmp_path / "out" / "page.txt").read_text("utf-8") == text
    (tmp_path / page).write_text(PAGE, "utf-8")
    assert call("strip", page, "-o", "out").code == 0
    assert written(tmp_path / "out") == ["page.json", "page.txt"]


@pytest.mark.parametrize("name", ["a\x1b[2Jb.html", "..html", "con.html", "a b.html", "-x.html", "é\u202e.html"])
def test_odd_names(call: Callable[..., Result], page: str, tmp_path: Path, name: str) -> None:
    """Whatever a file is called, its outputs are in the folder, and messages about it are safe to print."""
    (tmp_path / page).rename(tmp_path / name)
    assert call("strip", "-o", "out", "--", name).code == 0
    text, record = sorted(written(tmp_path / "out"), reverse=True)
    assert text.isprintable()
    assert json.loads((tmp_path / "out" / record).read_text("utf-8"))["source"]["id"] == name
    (tmp_path / name).unlink()
    err = call("strip", "--", name).err
    assert err.rstrip("\n").isprintable()


def test_a_name_that_is_no_utf8(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """The bytes of a file's name survive in the record and are spelled out in messages."""
    name = os.fsdecode(b"caf\xe9.html")
    (tmp_path / page).rename(tmp_path / name)
    assert json.loads(call("strip", name, "--record", "-").out)["source"]["id"] == name
    (tmp_path / name).unlink()
    assert call("strip", name).err == "stripper: caf\\xe9.html: no such file\n"


# Bad input


def test_one_bad_input_does_not_stop_the_others(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """One line for each bad input, in order; the good ones are printed; exit code 1."""
    (tmp_path / "dangling.html").symlink_to("nowhere")
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "broken.gz").write_bytes(gzip.compress(PAGE.encode())[:-20])
    bad = ["missing.html", ".", "dangling.html", "empty.html", "picture.html", "broken.gz", "a\0b"]
    result = call("strip", *bad[:3], page, *bad[3:])
    assert result.code == 1
    assert SENTENCE in result.out
    lines = result.err.splitlines()
    assert [line.split(": ")[1] for line in lines] == [*bad[:-1], "a\\x00b"]
    assert all(line.startswith("stripper: ") for line in lines)


def test_an_unknown_host_is_one_line(call: Callable[..., Result]) -> None:
    """A URL that cannot be fetched is named with what went wrong."""
    result = call("strip", "http://127.0.0.1:1/")
    assert result.code == 1
    assert result.err.startswith("stripper: http://127.0.0.1:1/: ")
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        ([], "INPUT"),
        (["a.html", "--format", "pdf"], "--format"),
        (["a.html", "--keep", "navigation,menus"], "menus"),
        (["a.html", "--keep", "content"], "--keep: content"),
        (["a.html", "--drop", "legal"], "--drop: legal"),
        (["a.html", "--as", "pdf"], "--as"),
        (["a.html", "--no-such-option"], "--no-such-option"),
        (["-", "-"], "once"),
        (["a.html", "--record", "-", "--format", "md"], "-o DIR"),
        (["a.html", "b.html", "--format", "html"], "-o DIR"),
        (["a.html", "--favor", "speed"], "--favor"),
        (["a.html", "--form", "md"], "--form"),
    ],
)
def test_wrong_usage(call: Callable[..., Result], args: list[str], hint: str) -> None:
    """Exit code 2 and one line that says what is off; nothing is read or written."""
    result = call("strip", *args)
    assert (result.code, result.out) == (2, "")
    assert hint in result.err
    assert result.err.count("\n") == 1


def test_an_output_that_cannot_be_written(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """A place where nothing can be made is one line and exit code 1; one of the wrong sort is wrong usage."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "out" / "page.txt").mkdir(parents=True)
    for args, code, line in (
        (["-o", "file"], 2, "-o: file is no folder"),
        (["-o", "file/below"], 1, "cannot write file/below: "),
        (["--record", "missing/records.jsonl"], 1, "cannot write missing/records.jsonl: "),
        (["--record", "out"], 2, "--record: out is a folder"),
    ):
        result = call("strip", page, *args)
        assert result.code == code
        assert result.err.startswith(f"stripper: {line}")
        assert result.err.count("\n") == 1


def test_a_warning_is_said(call: Callable[..., Result], page: str, tmp_path: Path) -> None:
    """What the parser had to change is told on the side of messages, and the page is good."""
    deep = "<div>" * 5000 + "x" + "</div>" * 5000
    (tmp_path / page).write_text(PAGE.replace("</main>", deep + "</main>"), "utf-8")
    result = call("strip", page)
    assert result.code == 0
    assert SENTENCE in result.out
    assert result.err.startswith("stripper: page.html: flattened")


def test_a_model_that_is_none_is_one_line_that_names_it(call: Callable[..., Result], tmp_path: Path) -> None:
    """`--model` with a wrong file is wrong usage, told once for all inputs: which file, and what to do."""
    wrong = tmp_path / "mine.model"
    wrong.write_bytes(b"no model")
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>T</title><p>Some words that make a page.", "utf-8")
    result = call("strip", str(page), str(page), "--model", str(wrong))
    assert result.code == 2
    assert result.out == ""
    assert "mine.model is no stripper model" in result.err
    assert result.err.count("\n") == 1
