"""How results look: pure functions of `grader.model` records."""
