"""The command line: one verb a file, arguments in, exit code out."""
