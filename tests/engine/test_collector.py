import gc

import pytest

from autograd_mini import quiet_collector


@pytest.mark.parametrize("before", [(700, 10, 10), (1, 10, 10), (0, 10, 10), (500_000, 3, 3)])
def test_the_collector_is_as_it_was_after_the_block_whatever_happens_in_it(before):
    kept = gc.get_threshold()
    gc.set_threshold(*before)
    begun = gc.get_threshold()  # Python 3.14 has two generations: it keeps no third number
    try:
        with pytest.raises(ValueError, match=r"^stop"):
            fail_in_a_block()
        assert gc.get_threshold() == begun
        with quiet_collector(), quiet_collector():
            raised = (100_000, 50, 100) if 0 < before[0] < 100_000 else begun
            assert gc.get_threshold()[:2] == raised[:2]
    finally:
        gc.set_threshold(*kept)


def fail_in_a_block():
    with quiet_collector():
        raise ValueError("stop")


def test_blocks_that_overlap_leave_the_collector_as_it_was():
    kept = gc.get_threshold()
    first, second = quiet_collector(), quiet_collector()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert gc.get_threshold() == kept
