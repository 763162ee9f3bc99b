"""Git snapshots, stack discovery, effective layers, settings."""
