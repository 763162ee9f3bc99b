"""From releases to one commit on the rendered branch, or none."""
