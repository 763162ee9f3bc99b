"""What the policies of a repository find, and what is wrong with them."""

from __future__ import annotations

from cluster_stacks.model.finding import RuleInfo

BROKEN = RuleInfo(
    "CS450", "policy", "an object breaks a policy",
    "Policies are files of the repository, in `policies/`, and a few that come with the tool: expressions over "
    "objects, each with a message and a severity. The message ends in the policy's name. One that comes with the tool "
    "can be disabled by name, or replaced by one of the same name.",
    source="the repository: policies/*.yaml; this project: docs/policies.md",
)
BAD_POLICY = RuleInfo(
    "CS451", "bad-policy", "a policy that cannot be read, compiled or evaluated",
    "A policy that does not hold for sure is never taken for kept. Guard what an object may lack: "
    "`!has(object.spec) || …`, or `object.?spec.replicas.orValue(1)`.",
    source="this project: docs/policies.md",
)
RULES = (BROKEN, BAD_POLICY)
