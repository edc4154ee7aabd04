"""Do the tests notice a fault? Plant faults, one at a time, and run the room's own tests.

    python -m tests.mutants                      # every room; "make mutants"
    python -m tests.mutants engine view          # these rooms
    python -m tests.mutants program --sample 20 --seed 2
    python -m tests.mutants engine --files primitives.py --sample 0

A fault is one small change of the source: another comparison or sign, a number one off, a statement
left out, two arguments exchanged. Tests that still pass have not noticed it: it survives. At least
95 of 100 are to be killed in each room; survivors are listed, each with its reason if we have one.

Imports are paid once: ``warm`` runs a room's tests and notes which functions each of them calls;
for every fault it forks, exchanges the code of the function, and runs the tests that call it until
one fails. What no fork can notice is planted into a ``copy`` of the repository, whose tests start
afresh. All of them run for a fault outside of functions, in a function that modules call when they
are imported or whose results are remembered, and in a file whose text Numba compiles. For any other
fault that survives its forks only those run that start another process or need threads.
"""
