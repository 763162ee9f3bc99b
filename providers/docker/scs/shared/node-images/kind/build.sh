#!/usr/bin/env bash
# build.sh KUBERNETES_VERSION IMAGE
# Builds the node image of one Kubernetes version, pushes it, and prints its entry for images.lock.yaml.
set -euo pipefail

readonly kind_version=0.33.0
readonly base_image=docker.io/kindest/base:v20260820-69b56db7 # kind 0.33.0's own default, named so that it is content
[ $# -eq 2 ] || { sed -n 2,3p "$0" >&2; exit 2; }
readonly kubernetes=$1 image=$2
[[ $kubernetes =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "not a Kubernetes version: $kubernetes" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here

found=$(kind version 2>/dev/null | awk '{print $2}') || true
[ "$found" = "v$kind_version" ] || { echo "kind v$kind_version is needed, found: ${found:-none}" >&2; exit 2; }

readonly plain=cluster-stacks.local/kind-node:$kubernetes
kind build node-image --type release --base-image "$base_image" --image "$plain" "$kubernetes"
docker build --build-arg "BASE=$plain" --tag "$image" "$here"
docker push "$image"

# docker lists one digest for each repository that the image was pushed to
repository=${image%:*}
digest=$(docker image inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' "$image" | grep -F "$repository@" | head -n 1)
[[ $digest =~ @sha256:[0-9a-f]{64}$ ]] || { echo "no digest of $image: was it pushed?" >&2; exit 1; }

cat <<LOCK
# for node-images/images.lock.yaml
images:
  kind-built:
    reference: $image@${digest##*@}
    checksum: ${digest##*@}
    instructionsDigest: sha256:0000000000000000000000000000000000000000000000000000000000000000 # render names the right one
LOCK
