"""Where submissions are graded: an engine takes a setup and submissions and yields their reports as they are done."""
