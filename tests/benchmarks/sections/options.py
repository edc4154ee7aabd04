"""What all sections have in common."""

from __future__ import annotations

from dataclasses import dataclass

from ..race import Pace, Result


@dataclass(frozen=True)
class Options:
    """How long to measure, which class is ours, and whether slow peers take part."""

    pace: Pace
    slow_peers: bool
    ours: str = "ours"
    eager: tuple[str, ...] = ("expression", "moons", "xor", "gpt")

    def engine(self, name: str) -> str:
        """The engine behind a contestant's name: "ours" can be any class."""
        return self.ours if name == "ours" else name


NAMES = {
    "ours": "ours, eager, plain operators",
    "ours-nn": "ours, eager, nn.MLP",
    "ours-sums": "ours, eager, weighted sums",
    "program": "ours, program recorded from plain operators",
    "program-nn": "ours, program recorded from nn.MLP",
    "program-numpy": "ours, program on NumPy arrays",
    "program-jax": "ours, program on JAX arrays",
    "program-jax-jit": "ours, program on JAX arrays, under jit",
    "compiled": "ours, program.compile()",
    "machine": "ours, program.compile(), its machine code alone",
    "tuples": "tuple design",
    "bare": "the bare design: no labels, no names, no checks",
    "xad": "XAD",
    "autograd": "HIPS autograd",
    "torch": "PyTorch",
    "numpy": "NumPy by hand",
    "jax": "JAX, vmap + jit of the scalar code",
    "jax-matrices": "JAX, jit, written with matrices",
    "casadi-vm": "CasADi, its virtual machine",
    "casadi-c": "CasADi, C generated and compiled with -O3 -march=native",
    "c": "C, -O3 -march=native, vectorised before it is unrolled",
    "c-plain": "C, -O3 -march=native",
}


def name(engine: str) -> str:
    """The engine's name in the report."""
    return NAMES.get(engine, engine)


def why_absent(*results: Result) -> list[str]:
    """One line for each contestant that did not take part."""
    reasons = {label: why for result in results for label, why in result.absent.items()}
    return [f"- {name(label)}: {why}" for label, why in reasons.items()]
