"""Lessons: a demo, statement by statement, in a real REPL."""
