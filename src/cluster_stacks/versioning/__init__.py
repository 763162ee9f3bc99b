"""Changes and metadata make findings and bumps: one rule a file, one table."""
