"""The Common Expression Language as the API server speaks it: rules of schemas, compiled, costed and evaluated.

No library: none checks types against a schema, estimates costs, or can be stopped. See docs/architecture.md.
"""

from cluster_stacks.validation.cel.places import bad_field_path
from cluster_stacks.validation.cel.programs import Program, compile_rule, evaluate
from cluster_stacks.validation.cel.schemas import schema_problems
from cluster_stacks.validation.cel.syntax import CelError, EvaluationError, Unevaluated
from cluster_stacks.validation.cel.violations import Violation, violations

__all__ = [
    "CelError", "EvaluationError", "Program", "Unevaluated", "Violation", "bad_field_path", "compile_rule", "evaluate",
    "schema_problems", "violations",
]
