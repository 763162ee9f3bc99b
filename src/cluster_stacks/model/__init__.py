"""The project's vocabulary: frozen data without I/O and without third-party imports."""
