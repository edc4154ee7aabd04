"""The chain rule, made visible: a scalar reverse-mode autodiff engine."""
