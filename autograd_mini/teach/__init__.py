"""Teaching: wrong engines on purpose, quizzes and exercises, diagnoses of training."""
