"""The one YAML door: load with positions, edit by splicing, emit canonically."""
