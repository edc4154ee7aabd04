"""What a piece of work leaves for Python's collector of circles."""

import gc


def count_garbage(work):
    """Return how many objects can be freed by the collector alone after the work.

    Only what the work makes is looked at, however much there is already: that stays frozen.
    """
    gc.disable()
    gc.freeze()
    try:
        work()
        return gc.collect()
    finally:
        gc.enable()
