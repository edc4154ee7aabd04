"""Programs: a graph recorded once and called as often as you like, on numbers or whole arrays."""

from autograd_mini.program.careful import Gradients
from autograd_mini.program.program import CompiledProgram, Program, record
from autograd_mini.program.training import Training, train

__all__ = ["CompiledProgram", "Gradients", "Program", "Training", "record", "train"]
