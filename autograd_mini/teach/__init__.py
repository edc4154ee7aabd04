"""Teaching: lessons in a real REPL, wrong engines on purpose, quizzes, diagnoses of training."""
