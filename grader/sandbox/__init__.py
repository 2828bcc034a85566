"""Student code runs here: confined, asked for values, never believed. `student.py` is the trusted side's way in."""
