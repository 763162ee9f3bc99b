"""Two small CRDs, for tests of where schemas come from."""

from __future__ import annotations

CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.org
  labels: {cluster.x-k8s.io/v1beta2: v1}
spec:
  group: example.org
  names: {kind: Widget}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {size: {type: integer}}}
"""
OTHER = CRD.replace("Widget", "Gadget").replace("widgets", "gadgets")
