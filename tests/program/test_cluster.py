"""Recorded programs on worker processes: the demo's own functions, and a worker that is killed."""

import os
import runpy
import signal
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from dask.distributed import Client

from autograd_mini.nn import MLP

[PATH] = Path(__file__).parents[2].glob("demos/*_beyond_one_machine.py")
DEMO = runpy.run_path(str(PATH))
BLOCKS = 6


@pytest.fixture(scope="module")
def client():
    """Two worker processes."""
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        yield client


@pytest.fixture(scope="module")
def program():
    """The loss of one point."""
    return DEMO["program_of"](MLP(2, [8, 1], activation="tanh", seed=1))


@pytest.fixture(scope="module")
def alone(program):
    """What one process finds in each block."""
    return [DEMO["part"](seed, program) for seed in range(BLOCKS)]


def test_workers_find_what_one_process_finds(client, program, alone):
    found = DEMO["everywhere"](client, program, 4)
    np.testing.assert_allclose(found, np.mean(alone[:4], axis=0), rtol=1e-12, atol=1e-12)


def test_workers_see_the_parameters_as_they_are_now(client, program):
    before = DEMO["everywhere"](client, program, 1)
    parameter = program.parameters[0]
    parameter.data += 1.0
    after, here = DEMO["everywhere"](client, program, 1), DEMO["part"](0, program)
    parameter.data -= 1.0
    np.testing.assert_allclose(after, here, rtol=1e-12)
    assert after[0] != before[0]


def test_a_worker_killed_in_the_middle_of_a_step_loses_nothing(client, program, alone, tmp_path):
    part, killed = DEMO["part"], tmp_path / "killed"

    def killed_once(seed, program):
        with suppress(FileExistsError):
            killed.touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
        return part(seed, program)

    workers = client.run(os.getpid)
    found = client.gather(client.map(killed_once, range(BLOCKS), program=program, pure=False))
    np.testing.assert_allclose(found, alone, rtol=1e-12, atol=1e-12)
    assert killed.exists()
    client.wait_for_workers(2, timeout=60)
    assert set(workers.values()) != set(client.run(os.getpid).values())


def test_training_learns(client):
    losses = DEMO["train"](client, steps=2)
    assert losses[-1] < losses[0]
