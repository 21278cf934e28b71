"""`stripper batch`: what is typed, what is said, signals, exit codes."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import PAGE

PAGES = 6


def pages(folder="in", count=PAGES):
    """Write that many pages, each its own."""
    Path(folder).mkdir()
    for number in range(count):
        Path(folder, f"{number}.html").write_text(PAGE.replace("forty", f"{number} hundred"), "utf-8")


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder(here, call):
    """Texts and records, a manifest, a table at the end; 0 all well."""
    pages()
    result = call("batch", "in", "-o", "out", "--jobs", "2")
    assert result.code == 0
    assert result.out == ""
    assert "6 inputs: 6 ok, 0 failed, 0 skipped" in result.err
    assert len((here / "out/manifest.jsonl").read_text("utf-8").splitlines()) == PAGES
    assert "forty" not in (here / "out/0.txt").read_text("utf-8")
    assert json.loads((here / "out/3.json").read_text("utf-8"))["schema"] == "stripper.record/1"


def test_a_failed_input_is_told_at_once_and_in_the_end(here, call):
    """One line with its name; exit 1."""
    pages()
    (here / "in/empty.html").write_bytes(b"")
    result = call("batch", "in", "-o", "out", "--format", "jsonl", "--no-templates")
    assert result.code == 1
    assert "stripper: in/empty.html: is empty: nothing to strip" in result.err
    assert "1 failed" in result.err


def test_names_that_drive_a_terminal_are_spelled(here, call):
    """In messages and in the table."""
    pages()
    (here / "in/\x1b[2Jx.html").write_bytes(b"")
    result = call("batch", "in", "-o", "out", "--no-templates")
    assert "\x1b" not in result.err
    assert "\\x1b[2Jx.html" in result.err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["in"], "-o"),
        (["-o", "out"], "INPUT"),
        (["in", "-o", "out", "--jobs", "0"], "--jobs"),
        (["in", "-o", "out", "--format", "pdf"], "--format"),
        (["in", "-o", "out", "--columns", "html"], "--columns"),
        (["in", "-o", "out", "--columns", "xml=x"], "--columns"),
        (["-", "@-", "-o", "out"], "standard input"),
        (["in", "-o", "out", "--page-seconds", "0"], "page_seconds"),
    ],
)
def test_wrong_usage(here, call, typed, said):
    """Exit 2, and nothing is made."""
    result = call("batch", *typed)
    assert result.code == 2
    assert said in result.err
    assert not (here / "out").exists()


def test_standard_input_lists_and_tables(command):
    """A page, a list with a comment, a table with columns of other names."""
    pages()
    Path("list.txt").write_text("# mine\n\nin/1.html\nin/2.html\nmissing.html\n", "utf-8")
    Path("t.jsonl").write_text(json.dumps({"link": "https://a.example/x", "body": PAGE}) + "\n", "utf-8")
    process = command(
        "batch", "-", "@list.txt", "t.jsonl", "--columns", "url=link,html=body", "-o", "out", "--jobs", "1"
    )
    process.communicate(PAGE.encode())
    assert process.returncode == 1
    rows = [json.loads(line) for line in Path("out/manifest.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["error"]) for row in rows] == [
        *(
            ("-", None),
            ("in/1.html", None),
            ("in/2.html", None),
            ("missing.html", "UnreadableInput"),
            ("t.jsonl#1", None),
        )
    ]
    assert Path("out/stdin.txt").is_file()


def test_urls_are_fetched_once(call):
    """The same URL twice: one request, and a row that says so; addresses that are not public are refused."""
    url = "http://127.0.0.1:9/x"
    result = call("batch", url, url, "-o", "out", "--jobs", "1")
    assert result.code == 1
    rows = [json.loads(line) for line in Path("out/manifest.jsonl").read_text("utf-8").splitlines()]
    assert [(row["id"], row["error"]) for row in rows] == [(url, "AddressDenied"), (f"{url} (2)", "Duplicate")]


@pytest.mark.parametrize("form", ["txt", "jsonl"])
def test_a_full_disk_is_one_line_and_the_next_run_goes_on(command, form):
    """A limit on the size of files stands for the disk: exit code 1, no traceback, and the same command goes on."""
    pages()

    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    asked = ("batch", "in", "-o", "out", "--jobs", "1", "--format", form, "--no-templates")
    process = command(*asked, preexec_fn=small_files)
    _, err = process.communicate()
    assert process.returncode == 1
    assert err.count(b"stripper: cannot ") == 1
    assert b"Traceback" not in err
    process = command(*asked)
    process.communicate()
    assert process.returncode == 0
    assert json.loads(Path("out/summary.json").read_text("utf-8"))["ok"] == PAGES


def test_a_device_is_no_output_folder(command):
    """One line that names it."""
    pages()
    process = command("batch", "in", "-o", "/dev/full")
    _, err = process.communicate()
    assert (process.returncode, err) == (1, b"stripper: cannot write /dev/full/.stripper: Not a directory\n")


def test_a_closed_terminal_side_does_no_harm(command):
    """Nobody reads the messages: the batch is done all the same."""
    pages()
    process = command("batch", "in", "-o", "out", "--jobs", "1")
    for side in (process.stdin, process.stdout, process.stderr):
        side.close()
    assert process.wait() == 0
    assert len(list(Path("out").glob("?.txt"))) == PAGES


def test_progress_on_a_terminal():
    """Rich's bar, wiped in the end; the table stays."""
    pages()
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "stripper", "batch", "in", "-o", "out", "--jobs", "1"],
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    told = b""
    with suppress(OSError):  # the terminal is closed
        while chunk := os.read(ours, 1000):
            told += chunk
    os.close(ours)
    assert process.wait() == 0
    assert b"6 inputs: 6 ok" in told
    assert b"stripping" in told


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_batch_cleanly(command, number, code):
    """What is under way is finished, no process is left, and the same command goes on."""
    pages(count=400)
    process = command("batch", "in", "-o", "out", "--jobs", "1", "--no-templates", "--no-metadata")
    while not list(Path("out").glob("*.txt")):
        assert process.poll() is None
        time.sleep(0.01)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == code
    assert b"the same command goes on" in err
    gone, alive = psutil.wait_procs(family, timeout=30)
    assert gone
    assert not alive
    rows = [json.loads(line) for line in Path("out/manifest.jsonl").read_text("utf-8").splitlines()]
    assert 0 < len(rows) < 400
    assert {row["status"] for row in rows} == {"ok"}
    assert len(list(Path("out").glob("*.txt"))) == len(rows)


def test_the_second_signal_ends_it_at_once(command):
    """Without waiting for the page under way."""
    pages(count=400)
    process = command("batch", "in", "-o", "out", "--jobs", "1", "--no-templates", "--no-metadata")
    while not list(Path("out").glob("*.txt")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130


def test_a_killed_batch_leaves_no_worker(command):
    """Its workers see that it is gone."""
    pages(count=400)
    process = command("batch", "in", "-o", "out", "--jobs", "2", "--no-templates", "--no-metadata")
    while not list(Path("out").glob("*.txt")):
        assert process.poll() is None
        time.sleep(0.01)
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(family, timeout=30)
    assert not alive


def test_records_without_texts_are_restored_with_them(call):
    """`restore --blocks`; without it, or with another folder, one line says what is missing."""
    pages()
    assert call("batch", "in", "-o", "out", "--blocks", "--jobs", "1").code == 0
    result = call("restore", "out/1.txt", "out/1.json", "--blocks", "out")
    assert result.code == 0
    assert "Copyright 2026 Harbour News" in result.out
    assert call("restore", "out/1.txt", "out/1.json").code == 1
    assert "blocks.jsonl" in call("restore", "out/1.txt", "out/1.json", "--blocks", "in").err


def test_profiles_serve_single_pages(call):
    """Learned by a batch, used by `strip --profiles`."""
    own = "<link rel=canonical href=https://harbour.example/{}></head>"
    tail = "</article><div><p>Tea is served above the chandlery on most afternoons of the week.</p></div>"
    Path("in").mkdir()
    for number in range(8):
        page = PAGE.replace("</head>", own.format(number)).replace("</article>", tail)
        Path(f"in/{number}.html").write_text(
            page.replace("forty", f"{number} hundred").replace("third", str(number)), "utf-8"
        )
    assert call("batch", "in", "-o", "out", "--profiles", "sites", "--jobs", "1").code == 0
    assert Path("sites/harbour.example.json").is_file()
    assert "chandlery" in call("strip", "in/3.html").out
    assert "chandlery" not in call("strip", "in/3.html", "--profiles", "sites").out


@pytest.mark.slow
def test_a_signal_while_a_server_keeps_silent(command):
    """Ends after the grace, not after the server's time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        process = command("batch", url, "-o", "out", "--allow-private", "--ignore-robots", "--timeout", "300")
        line, _ = server.accept()
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate()
        line.close()
        assert process.returncode == 143
        assert time.monotonic() - begun < 60
