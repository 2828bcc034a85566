"""What reads bytes that somebody else wrote, under fuzzing. `python -m fuzz TARGET` runs one; tests/test_fuzz.py runs all briefly."""
