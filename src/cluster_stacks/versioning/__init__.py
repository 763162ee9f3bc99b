"""Changes and metadata become findings and bumps."""
