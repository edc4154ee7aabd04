"""Machine: runs a program that is data, many samples at a time, in a few loops that Numba compiles.

This text is only half of the machine: ``kernel.py`` appends what it writes from the table,
``compute_row`` and ``add_to_operand``, and how many lanes there are.
"""

from typing import Any, NamedTuple

Lanes = Any  # a number for each lane
Rows = Any  # a row for each node
Places = Any  # whole numbers, or truths, one after the other

LANES = 2
WEIGHTED_SUM, TOTAL = 0, 1


class Tape(NamedTuple):
    """A program as data, and rows to compute in.

    Every node has a row of numbers in *values* and one in *adjoints*, with a lane for each of some
    samples. Rows stand in this order: inputs, parameters, constants, results. Operation k computes
    row ``leaves + k`` by the primitive ``codes[k]`` from the rows ``operands[starts[k]:starts[k +
    1]]``. A row is *fixed* if it holds one number for all samples, and *wanted* if its adjoint is;
    the pass back visits the rows in their *order*.
    """

    codes: Places
    starts: Places
    operands: Places
    order: Places
    fixed: Places
    wanted: Places
    values: Rows
    adjoints: Rows


def compute_row(_code: int, _y: Lanes, _a: Lanes, _b: Lanes) -> float:
    """Compute a row from its operands; return NaN where a function may have failed."""
    raise NotImplementedError


def add_to_operand(
    _code: int, _i: int, _x: Lanes, _a: Lanes, _b: Lanes, _y: Lanes, _g: Lanes
) -> None:
    """Add adjoint · partial, of an operation with the adjoint g, to the adjoint of operand i."""
    raise NotImplementedError


def run_samples(tape: Tape, table: Rows, by_inputs: Rows, parameters: Lanes) -> float:
    """Return the mean of the output over the samples, and write its derivatives.

    *table* has a row for each input, and *by_inputs*, if anybody wants those derivatives; those of
    the *parameters* are written over their numbers. The result is NaN if a function may have failed
    or a derivative is not finite.
    """
    values, adjoints = tape.values, tape.adjoints
    begin(parameters, len(table), values, adjoints)
    n, leaves = table.shape[1], len(values) - len(tape.codes)
    value = doubt = 0.0
    for s in range(0, n, LANES):
        m = min(LANES, n - s)
        load_samples(table, s, m, values, adjoints)
        for k in range(len(tape.codes)):
            clear(adjoints[leaves + k], 0.0)
            doubt += go_forward(tape, k, values[leaves + k])
        for j in range(m):
            value += values[-1, j]
            adjoints[-1, j] = 1.0 / n
        for row in tape.order:
            go_back(tape, row - leaves, values[row], adjoints[row])
        for i in range(len(by_inputs)):
            for j in range(m):
                by_inputs[i, s + j] = adjoints[i, j]
    doubt += finish(parameters, len(table), by_inputs, adjoints)
    mean: float = value / n + doubt
    return mean


def begin(parameters: Lanes, inputs: int, values: Rows, adjoints: Rows) -> None:
    """Write each parameter's number into all lanes of its row, and 0 into those of its adjoint."""
    for i in range(len(parameters)):
        clear(values[inputs + i], parameters[i])
        clear(adjoints[inputs + i], 0.0)


def finish(parameters: Lanes, inputs: int, by_inputs: Rows, adjoints: Rows) -> float:
    """Add up the lanes of the parameters' adjoints; return NaN if a derivative is not finite."""
    doubt = 0.0
    for i in range(len(parameters)):
        parameters[i] = add_lanes(adjoints[inputs + i])
        doubt += 0.0 * parameters[i]
    for i in range(len(by_inputs)):
        for j in range(by_inputs.shape[1]):
            doubt += 0.0 * by_inputs[i, j]
    return doubt


def load_samples(table: Rows, s: int, m: int, values: Rows, adjoints: Rows) -> None:
    """Fill the inputs' rows with m samples from s on; further lanes repeat the last of them.

    >>> import numpy
    >>> values, adjoints = numpy.zeros((1, 2)), [[5.0, 5.0]]
    >>> load_samples(numpy.array([[1, 2, 3]]), 2, 1, values, adjoints)
    >>> values, adjoints
    (array([[3., 3.]]), [[0.0, 0.0]])
    """
    for i in range(len(table)):
        clear(adjoints[i], 0.0)
        for j in range(LANES):
            values[i][j] = table[i, s + min(j, m - 1)]


def clear(row: Lanes, x: float) -> None:
    """Write one number into all lanes."""
    for j in range(LANES):
        row[j] = x


def go_forward(tape: Tape, k: int, y: Lanes) -> float:
    """Compute the row of operation k; return NaN where a function may have failed."""
    code, i, end = tape.codes[k], tape.starts[k], tape.starts[k + 1]
    operands, values = tape.operands, tape.values
    if code == WEIGHTED_SUM:
        clear(y, -0.0)  # the one number that changes no other
        add_products(tape, i, i + (end - i) // 2, y)
        add_row(y, values[operands[end - 1]])  # the bias
        return 0.0
    if code == TOTAL:
        clear(y, -0.0)
        for j in range(i, end):
            add_row(y, values[operands[j]])
        return 0.0
    return compute_row(code, y, values[operands[i]], values[operands[end - 1]])


def add_row(y: Lanes, x: Lanes) -> None:
    """Add one row to another.

    >>> y = [1.0, 2.0]
    >>> add_row(y, [10.0, 20.0])
    >>> y
    [11.0, 22.0]
    """
    for j in range(LANES):
        y[j] += x[j]


def add_products(tape: Tape, i: int, end: int, y: Lanes) -> None:
    """Add weight · input to a row, from left to right; four at a time where weights are fixed.

    The weights are the operands i to *end*, and as many inputs stand after them.
    """
    operands, values, half = tape.operands, tape.values, end - i
    while i < end:
        if i + 4 <= end and all_four(tape.fixed, operands, i):
            v0, v1 = values[operands[i], 0], values[operands[i + 1], 0]
            v2, v3 = values[operands[i + 2], 0], values[operands[i + 3], 0]
            x0, x1 = values[operands[i + half]], values[operands[i + half + 1]]
            x2, x3 = values[operands[i + half + 2]], values[operands[i + half + 3]]
            for j in range(LANES):
                y[j] = (((y[j] + v0 * x0[j]) + v1 * x1[j]) + v2 * x2[j]) + v3 * x3[j]
            i += 4
        else:
            w, x = values[operands[i]], values[operands[i + half]]
            for j in range(LANES):
                y[j] += w[j] * x[j]
            i += 1


def all_four(marks: Places, operands: Places, i: int) -> bool:
    """Tell whether four operands in a row are marked.

    >>> all_four([True, False], [0, 0, 0, 0, 1], 0), all_four([True, False], [0, 0, 0, 0, 1], 1)
    (True, False)
    """
    return bool(
        marks[operands[i]]
        and marks[operands[i + 1]]
        and marks[operands[i + 2]]
        and marks[operands[i + 3]]
    )


def go_back(tape: Tape, k: int, y: Lanes, g: Lanes) -> None:
    """Add the terms of operation k, adjoint · partial, to the adjoints of its operands."""
    code, i, end = tape.codes[k], tape.starts[k], tape.starts[k + 1]
    operands, wanted, adjoints = tape.operands, tape.wanted, tape.adjoints
    if code == WEIGHTED_SUM:
        half = (end - i) // 2
        if wanted[operands[end - 1]]:  # the bias
            add_row(adjoints[operands[end - 1]], g)
        add_weight_terms(tape, i, i + half, g)
        add_input_terms(tape, i, i + half, g)
    elif code == TOTAL:
        for j in range(i, end):
            if wanted[operands[j]]:
                add_row(adjoints[operands[j]], g)
    else:
        a, b = tape.values[operands[i]], tape.values[operands[end - 1]]
        for j in range(i, end):
            if wanted[operands[j]]:
                add_to_operand(code, j - i, adjoints[operands[j]], a, b, y, g)


def add_weight_terms(tape: Tape, i: int, end: int, g: Lanes) -> None:
    """Add to the adjoints of the weights; those that are fixed need one number for all lanes."""
    operands, values, adjoints, half = tape.operands, tape.values, tape.adjoints, end - i
    fixed, wanted = tape.fixed, tape.wanted
    while i < end:
        w = operands[i]
        if i + 4 <= end and all_four(fixed, operands, i) and all_four(wanted, operands, i):
            x0, x1 = values[operands[i + half]], values[operands[i + half + 1]]
            x2, x3 = values[operands[i + half + 2]], values[operands[i + half + 3]]
            d0, d1, d2, d3 = four_dots(g, x0, x1, x2, x3)
            adjoints[w, 0] += d0
            adjoints[operands[i + 1], 0] += d1
            adjoints[operands[i + 2], 0] += d2
            adjoints[operands[i + 3], 0] += d3
            i += 4
        else:
            if wanted[w] and fixed[w]:
                adjoints[w, 0] += dot(g, values[operands[i + half]])
            elif wanted[w]:
                add_product(adjoints[w], g, values[operands[i + half]])
            i += 1


def add_input_terms(tape: Tape, i: int, end: int, g: Lanes) -> None:
    """Add to the adjoints of the inputs of a weighted sum."""
    half = end - i
    for k in range(i, end):
        w, x = tape.operands[k], tape.operands[k + half]
        if tape.wanted[x] and tape.fixed[w]:
            d, v = tape.adjoints[x], tape.values[w, 0]
            for j in range(LANES):
                d[j] += g[j] * v
        elif tape.wanted[x]:
            add_product(tape.adjoints[x], g, tape.values[w])


def add_product(d: Lanes, g: Lanes, x: Lanes) -> None:
    """Add the product of two rows to a third.

    >>> d = [1.0, 1.0]
    >>> add_product(d, [2.0, 3.0], [10.0, 20.0])
    >>> d
    [21.0, 61.0]
    """
    for j in range(LANES):
        d[j] += g[j] * x[j]


def through(a: float, b: float) -> float:
    """Return a·b also where b is 0: a 0 that meets an infinity is NaN, and Values look into it.

    The infinity may stand for a derivative that does not exist, which only they can tell.

    >>> through(2.0, 0.0), through(float("inf"), 0.0)
    (0.0, nan)
    """
    return a * b


# Sums over the samples are added in any order, as NumPy adds them, too ----------------------------


def dot(g: Lanes, x: Lanes) -> float:
    """Return the sum over the lanes of the product.

    >>> dot([1.0, 2.0], [10.0, 20.0])
    50.0
    """
    d = 0.0
    for j in range(LANES):
        d += g[j] * x[j]
    return d


def add_lanes(y: Lanes) -> float:
    """Return the sum of the lanes.

    >>> add_lanes([1.0, 2.0])
    3.0
    """
    d = 0.0
    for j in range(LANES):
        d += y[j]
    return d


def four_dots(
    g: Lanes, p: Lanes, q: Lanes, r: Lanes, s: Lanes
) -> tuple[float, float, float, float]:
    """Return four sums of products at once, for which one row is read once."""
    a = b = c = d = 0.0
    for j in range(LANES):
        a += g[j] * p[j]
        b += g[j] * q[j]
        c += g[j] * r[j]
        d += g[j] * s[j]
    return a, b, c, d


def find_doubt(y: Lanes) -> float:
    """Return 0, or NaN where a number of a row is not finite.

    >>> find_doubt([1.0, 2.0]), find_doubt([1.0, float("inf")])
    (0.0, nan)
    """
    d = 0.0
    for j in range(LANES):
        d += 0.0 * y[j]
    return d
