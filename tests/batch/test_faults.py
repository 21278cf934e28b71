"""Killed or failing at any operation: the next run's output is that of an undisturbed one; faults.py tries all."""

from __future__ import annotations

import sys
import warnings

import pytest

from stripper.batch.forms import Form
from tests.batch import faults

pytestmark = pytest.mark.skipif(not hasattr(sys, "getswitchinterval") or sys.platform == "win32", reason="needs fork")
SAMPLE = 4  # operations of each fault and form
MORE = 25


@pytest.fixture(scope="module")
def golden(tmp_path_factory):
    """Inputs, and by form what an undisturbed run leaves and how many operations it takes."""
    folder = tmp_path_factory.mktemp("golden")
    inputs = faults.make_inputs(folder / "in", 6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of forks beside threads
        return inputs, {form: faults.golden_of(inputs, folder / form, form) for form in faults.FORMS}


def struck(golden, out, form, kind, sample):
    """Let operations spread over the run fail; return at how many the fault struck."""
    inputs, runs = golden
    expected, operations = runs[form]
    step = max(operations // sample, 1)
    start = faults.FAULTS.index(kind) * step // len(faults.FAULTS)  # other operations for each fault
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        numbers = range(start, operations, step)
        return [faults.check(inputs, out, form, faults.Fault(kind, number), expected) for number in numbers]


@pytest.mark.parametrize("kind", faults.FAULTS)
@pytest.mark.parametrize("form", faults.FORMS)
def test_a_fault_is_put_right(golden, tmp_path, form, kind):
    """A sample of all operations."""
    found = struck(golden, tmp_path / "out", form, kind, SAMPLE)
    assert sum(found) >= len(found) - 1  # the last operations may be one more or less


@pytest.mark.slow
@pytest.mark.parametrize("kind", faults.FAULTS)
def test_more_faults_are_put_right(golden, tmp_path, kind):
    """More of them, for shards, which are the harder ones."""
    found = struck(golden, tmp_path / "out", Form.JSONL, kind, MORE)
    assert sum(found) >= len(found) - 2


@pytest.mark.slow
def test_a_real_batch_is_killed(tmp_path):
    """With its worker processes, at random moments."""
    faults.kill_really(tmp_path, 4, seed=2, pages=20)
