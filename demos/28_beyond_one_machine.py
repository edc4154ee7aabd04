"""What if the data does not fit in one machine?

The mean loss of all points is the mean of the means of blocks of points, and so is its gradient. So
the loss of one point, recorded once, is sent to where the blocks are; only gradients come back.

Two worker processes on this machine: python demos/28_beyond_one_machine.py
A cluster of yours: python demos/28_beyond_one_machine.py tcp://scheduler:8786
"""

# %% A block of points: labelled 1 inside a ring, -1 outside; made where it is needed
import sys

import numpy as np

from autograd_mini import Value, record
from autograd_mini.losses import hinge
from autograd_mini.nn import MLP
from autograd_mini.view.progress import progress

BLOCKS, POINTS = 16, 50_000


def block(seed):
    """Return the coordinates and the sides of the points of a block."""
    x, y = np.random.default_rng(seed).normal(size=(2, POINTS))
    return x, y, np.where(x**2 + y**2 < 1.4, 1.0, -1.0)


# %% The loss of one point, as a program
def program_of(model):
    """Record the hinge loss of one point."""
    x, y, side = Value(0.5, "x"), Value(-0.5, "y"), Value(1.0, "side")
    return record(hinge(model([x, y]), side), inputs=[x, y, side])


def part(seed, program):
    """Return loss and gradient on one block; a worker runs this."""
    result = program.value_and_gradients(*block(seed))
    return np.array([result.value, *result.parameters])


# %% Gradients of all blocks, from the workers
def everywhere(client, program, blocks=BLOCKS):
    """Return the mean loss and gradient of all blocks; what a lost worker did is done again."""
    futures = client.map(part, range(blocks), program=program, pure=False)
    return np.mean(client.gather(futures), axis=0)


def train(client, steps=30, rate=1.0):
    """Train a network, and return the losses."""
    model = MLP(2, [8, 1], activation="tanh", seed=1)
    program, losses = program_of(model), []
    for _ in progress(range(steps), "step"):
        loss, *gradients = everywhere(client, program)
        for parameter, gradient in zip(program.parameters, gradients, strict=True):
            parameter.data -= rate * gradient
        losses.append(loss)
    return losses


# %% Run it
def main():
    """Compare two blocks with this process alone, then train on all."""
    from dask.distributed import Client

    here = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with Client(sys.argv[1]) if sys.argv[1:] else Client(**here) as client:
        program = program_of(MLP(2, [8, 1], activation="tanh", seed=1))
        alone = np.mean([part(seed, program) for seed in range(2)], axis=0)
        print("largest difference:", np.abs(everywhere(client, program, 2) - alone).max())
        losses = train(client)
        print(f"{BLOCKS * POINTS:,} points, loss from {losses[0]:.3f} to {losses[-1]:.3f}")


if __name__ == "__main__":  # worker processes import this file, too
    main()
