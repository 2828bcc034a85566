"""Grade files for whoever keeps the marks: the teacher's own exported file, filled in, or a new one to import."""
