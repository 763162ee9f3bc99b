#!/usr/bin/env bash
# build.sh KUBERNETES_VERSION UBUNTU_RELEASE URL_PREFIX [OUTPUT_DIR]
# Builds the node image (qcow2) of one Kubernetes version, and prints its entry for images.lock.yaml, given that the file
# will be uploaded below URL_PREFIX. Example: build.sh v1.36.5 2404 https://images.example.com/capi
set -euo pipefail

# kubernetes-sigs/image-builder v0.1.55, as a commit: what it holds runs as root in every node image
readonly repository=https://github.com/kubernetes-sigs/image-builder
readonly commit=7ffb9b7f1f26cd66891874463cc9411e3633325f
[ $# -ge 3 ] || { sed -n 2,4p "$0" >&2; exit 2; }
readonly kubernetes=$1 ubuntu=$2 prefix=${3%/} output=${4:-$PWD}
[[ $kubernetes =~ ^v([0-9]+\.[0-9]+)\.[0-9]+$ ]] || { echo "not a Kubernetes version: $kubernetes" >&2; exit 2; }
readonly series=v${BASH_REMATCH[1]}
[[ $ubuntu =~ ^[0-9]{4}$ ]] || { echo "not an Ubuntu release such as 2404: $ubuntu" >&2; exit 2; }
for tool in git make python3 qemu-img; do
  command -v "$tool" >/dev/null || { echo "$tool is missing, see README.md" >&2; exit 2; }
done
[ -w /dev/kvm ] || { echo "/dev/kvm is missing or not ours: the image is installed in a virtual machine" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
readonly here work
trap 'rm -rf "$work"' EXIT

git -C "$work" init -q
git -C "$work" fetch -q --depth 1 "$repository" "$commit"
git -C "$work" checkout -q FETCH_HEAD
cd "$work/images/capi"
# this commit pulls the control plane's images by a kubeadm API that kubeadm 1.37 no longer knows; v1beta4 is known since 1.31
sed -i 's#kubeadm.k8s.io/v1beta3#kubeadm.k8s.io/v1beta4#' ansible/roles/kubernetes/templates/etc/kubeadm.yml
cat >"$work/kubernetes.json" <<JSON
{
  "kubernetes_semver": "$kubernetes",
  "kubernetes_series": "$series",
  "kubernetes_deb_version": "${kubernetes#v}-1.1"
}
JSON
make deps-qemu
PATH=$PWD/.bin:$PATH PACKER_VAR_FILES="$work/kubernetes.json $here/variables.json" make "build-qemu-ubuntu-$ubuntu"

readonly name=ubuntu-$ubuntu-kube-$kubernetes
mkdir -p "$output"
qemu-img convert -O qcow2 -c "output/$name/$name" "$output/$name.qcow2"
checksum=$(sha256sum "$output/$name.qcow2" | cut -d ' ' -f 1)

cat <<LOCK
# upload $output/$name.qcow2 to $prefix/$name.qcow2; for node-images/images.lock.yaml:
images:
  ubuntu-built:
    reference: $prefix/$name.qcow2
    checksum: sha256:$checksum
    instructionsDigest: sha256:0000000000000000000000000000000000000000000000000000000000000000 # render names the right one
LOCK
