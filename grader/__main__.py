"""`python -m grader`: the command line, where the command itself is not on the path."""

from grader.cli import main

main(prog_name="grader")
