"""What computes, checks or walks leaves all as it was or all done, whenever Ctrl-C comes."""

from collections.abc import Callable
from typing import Any

import pytest

from autograd_mini import (
    Value,
    check_gradients,
    gradient,
    nudge,
    recompute,
    topological_order,
    total,
    walk,
    weighted_sum,
)
from tests.injector import interrupted


def graph() -> Value:
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(-1.0, "c")
    for grad, x in enumerate((a, b, c), 10):
        x.grad = grad
    return (a * b + c).tanh() * a + total([a, b, c]) + weighted_sum([a], [b], c)


def edited() -> Value:
    y = graph()
    topological_order(y)[0].data = 0.5
    return y


def state(y: Value) -> list[Any]:
    return [(x.data, x.partials, x.grad) for x in topological_order(y)]


def of_leaves(y: Value) -> list[Any]:
    return [(x.data, x.grad) for x in topological_order(y) if not x.operands]


ACTS: list[Any] = [
    pytest.param(graph, Value.backward, of_leaves, id="backward"),
    pytest.param(graph, Value.zero_grad, state, id="zero_grad"),
    pytest.param(edited, recompute, state, id="recompute"),
    pytest.param(graph, lambda y: gradient(y, topological_order(y)[:2]), state, id="gradient"),
    pytest.param(
        graph, lambda y: check_gradients(y, topological_order(y)[:1]), state, id="check_gradients"
    ),
    pytest.param(graph, lambda y: nudge(y, topological_order(y)[0], 0.1), state, id="nudge"),
]
SPARSE = 23  # of the long functions every so many instructions one is tried


@pytest.mark.parametrize(("make", "act", "look"), ACTS)
def test_an_interrupt_finds_all_as_it_was_or_all_done(
    make: Callable[[], Value], act: Callable[[Value], Any], look: Callable[[Value], Any]
) -> None:
    done = make()
    act(done)
    whole, point, stopped = [look(make()), look(done)], 1, True
    while stopped:
        y = make()
        stopped = interrupted(lambda y=y: act(y), point)  # type: ignore[misc]
        assert look(y) in whole, point
        point += 1 if point < 400 else SPARSE
    assert point > 20


@pytest.mark.parametrize(("make", "act", "look"), ACTS[1:])
@pytest.mark.parametrize("later", [1, 2, 5])
def test_a_second_interrupt_changes_nothing_either(
    make: Callable[[], Value], act: Callable[[Value], Any], look: Callable[[Value], Any], later: int
) -> None:
    done = make()
    act(done)
    whole = [look(make()), look(done)]
    for point in range(1, 600, SPARSE):
        y = make()
        interrupted(lambda y=y: act(y), point, later)  # type: ignore[misc]
        assert look(y) in whole, point


def test_after_two_interrupts_of_a_backward_zero_grad_makes_good() -> None:
    right = graph()
    right.zero_grad()
    right.backward()
    for point in range(1, 900, SPARSE):
        y = graph()
        interrupted(y.backward, point, 3)
        y.zero_grad()
        y.backward()
        assert of_leaves(y) == of_leaves(right), point


@pytest.mark.parametrize("way", ["next", "back"])
@pytest.mark.parametrize("later", [0, 1, 4])
def test_a_walk_that_is_interrupted_stands_at_a_step_and_goes_on(way: str, later: int) -> None:
    right = graph()
    last = walk(right).end()
    for place in (3, len(last) - 2):
        point, stopped = 1, True
        while stopped:
            y = graph()
            w = walk(y).to(place)
            stopped = interrupted(getattr(w, way), point, later)
            assert w.position in (place - 1, place, place + 1)
            assert [str(w.to(place)), w.end().position] == [str(walk(graph()).to(place)), len(w)]
            assert of_leaves(y) == of_leaves(right), point
            point += 5


def test_a_long_walk_that_is_interrupted_stands_at_a_step_and_goes_on() -> None:
    def chain() -> Value:
        y = Value(1.0, "x")
        for _ in range(900):
            y = y * 1.001
        return y

    right = chain()
    right.backward()
    for point in range(50_000, 300_000, 50_000):
        y = chain()
        w = walk(y)
        assert interrupted(w.end, point)
        assert w.position in (0, 1000)
        assert w.end().position == len(w)
        assert of_leaves(y) == of_leaves(right)
