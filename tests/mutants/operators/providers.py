"""Templates of providers: machines and clusters of Docker's and OpenStack's, and images of OpenStack."""

from __future__ import annotations

from mutants.edits import drop, make, put, replace, twice
from mutants.operators.places import DOUBTFUL, FAILS, table

DEV_CLUSTER, DEV_MACHINE = ("DevClusterTemplate",), ("DevMachineTemplate",)
OPENSTACK_CLUSTER, OPENSTACK_MACHINE = ("OpenStackClusterTemplate",), ("OpenStackMachineTemplate",)
SPEC = "/spec/template/spec"
IMAGE = ("Image",)

OPERATORS = (
    *table(
        "W", DEV_CLUSTER,
        ("dev-cluster-two-backends", "docker and inMemory at once", put(
            f"{SPEC}/backend", {"docker": {}, "inMemory": {}}), DOUBTFUL),
        ("dev-cluster-no-backend", "no backend", replace(f"{SPEC}/backend", {}), DOUBTFUL),
        ("dev-cluster-backend-missing", "no backend at all", drop(f"{SPEC}/backend"), DOUBTFUL),
        ("dev-cluster-backend-unknown", "an unknown backend", replace(f"{SPEC}/backend", {"podman": {}})),
        ("dev-cluster-domain-twice", "a failure domain twice",
         twice(f"{SPEC}/backend/docker/failureDomains"), DOUBTFUL),
        ("dev-cluster-port", "a port that is none", make(f"{SPEC}/controlPlaneEndpoint/port", 70_000), DOUBTFUL),
        ("dev-cluster-port-zero", "the port 0", make(f"{SPEC}/controlPlaneEndpoint/port", 0), DOUBTFUL),
        ("dev-cluster-attributes-number", "a number as attribute of a failure domain", make(
            f"{SPEC}/backend/docker/failureDomains/0/attributes", {"zone": 1})),
    ),
    *table(
        "W", DEV_MACHINE,
        ("dev-machine-two-backends", "docker and inMemory at once", put(f"{SPEC}/backend", {
            "docker": {}, "inMemory": {}}), DOUBTFUL),
        ("dev-machine-no-backend", "no backend", replace(f"{SPEC}/backend", {}), DOUBTFUL),
        ("dev-machine-image-number", "a number as image", put(f"{SPEC}/backend/docker", {"customImage": 1})),
        ("dev-machine-duration-bad", "a duration that is none", put(f"{SPEC}/backend/inMemory", {
            "vm": {"provisioning": {"startupDuration": "soon"}}}), DOUBTFUL),
        ("dev-machine-duration-missing", "provisioning without duration", put(f"{SPEC}/backend", {
            "inMemory": {"vm": {"provisioning": {"startupJitter": "0.1"}}}})),
        ("dev-machine-mounts-map", "mounts as a mapping", put(f"{SPEC}/backend/docker", {"extraMounts": {"/a": "/b"}})),
        ("dev-machine-provider-id", "a providerID in a template", put(f"{SPEC}/providerID", "docker:////x"), DOUBTFUL),
    ),
    *table(
        "W", OPENSTACK_CLUSTER,
        ("openstack-identity-missing", "no identity", drop(f"{SPEC}/identityRef"), DOUBTFUL),
        ("openstack-identity-no-cloud", "an identity without the name of its cloud",
         drop(f"{SPEC}/identityRef/cloudName")),
        ("openstack-identity-type", "an unknown type of identity", put(f"{SPEC}/identityRef/type", "Vault")),
        ("openstack-identity-region", "a region with an identity of the cluster",
         put(f"{SPEC}/identityRef/region", "x"),
         DOUBTFUL),
        ("openstack-subnet-cidr", "a CIDR that is none",
         replace(f"{SPEC}/managedSubnets/0/cidr", "10.8.0.0/200"), DOUBTFUL),
        ("openstack-subnet-no-cidr", "a managed subnet without CIDR", drop(f"{SPEC}/managedSubnets/0/cidr")),
        ("openstack-subnet-two", "two managed subnets", twice(f"{SPEC}/managedSubnets")),
        ("openstack-subnets-both", "managed and given subnets", put(f"{SPEC}/subnets", [{"id": "x"}]), DOUBTFUL),
        ("openstack-subnet-dns", "a name server that is no address", replace(
            f"{SPEC}/managedSubnets/0/dnsNameservers", ["dns.example.org"]), DOUBTFUL),
        ("openstack-pool-incomplete", "a pool of addresses without an end", put(
            f"{SPEC}/managedSubnets/0/allocationPools", [{"start": "10.8.0.2"}])),
        ("openstack-bastion-no-spec", "a bastion that is on and has no machine",
         put(f"{SPEC}/bastion", {"enabled": True}),
         DOUBTFUL),
        ("openstack-bastion-bad", "a bastion without flavor", put(f"{SPEC}/bastion", {"enabled": True, "spec": {
            "image": {"id": "6b4c1f4c-1ff3-4d2c-8a3c-6f3f2f3d0d1a"}}})),
        ("openstack-load-balancer-bad", "a load balancer that does not say whether it is on", put(
            f"{SPEC}/apiServerLoadBalancer", {"provider": "ovn"})),
        ("openstack-load-balancer-cidr", "an allowed CIDR that is none", put(
            f"{SPEC}/apiServerLoadBalancer", {"enabled": True, "allowedCIDRs": ["everyone"]}), DOUBTFUL),
        ("openstack-port-huge", "a port that is none", put(f"{SPEC}/apiServerPort", 70_000), DOUBTFUL),
        ("openstack-filter-empty", "an empty filter of a network", put(f"{SPEC}/network", {"filter": {}})),
        ("openstack-filter-two", "a network by id and by filter", put(f"{SPEC}/network", {
            "id": "6b4c1f4c-1ff3-4d2c-8a3c-6f3f2f3d0d1a", "filter": {"name": "a"}})),
        ("openstack-filter-id", "an id that is no UUID", put(f"{SPEC}/network", {"id": "mine"})),
        ("openstack-no-external", "disableExternalNetwork beside an external network", put(
            f"{SPEC}/externalNetwork", {"id": "x"}), DOUBTFUL),
        ("openstack-floating-ip-off", "a floating address that is off and given", put(
            f"{SPEC}/disableAPIServerFloatingIP", True), DOUBTFUL),
        ("openstack-group-rule-bad", "a security rule without direction", put(
            f"{SPEC}/managedSecurityGroups", {"allNodesSecurityGroupRules": [{"name": "a"}]})),
        ("openstack-group-rule-port", "a security rule with remote groups and a remote prefix", put(
            f"{SPEC}/managedSecurityGroups", {"allNodesSecurityGroupRules": [{
                "name": "a", "direction": "ingress", "remoteIPPrefix": "0.0.0.0/0",
                "remoteManagedGroups": ["worker"]}]})),
        ("openstack-group-remote", "an unknown group in a security rule", put(
            f"{SPEC}/managedSecurityGroups", {"allNodesSecurityGroupRules": [{
                "name": "a", "direction": "ingress", "remoteManagedGroups": ["everyone"]}]})),
        ("openstack-zones-text", "zones as text", put(f"{SPEC}/controlPlaneAvailabilityZones", "az1")),
        ("openstack-mtu-negative", "a negative MTU", put(f"{SPEC}/networkMTU", -1), DOUBTFUL),
        ("openstack-tags-twice", "a tag twice", put(f"{SPEC}/tags", ["a", "a"]), DOUBTFUL),
    ),
    *table(
        "W", OPENSTACK_MACHINE,
        ("openstack-flavor-missing", "no flavor", drop(f"{SPEC}/flavor"), FAILS),
        ("openstack-flavor-two", "a flavor by name and by id", put(f"{SPEC}/flavor", {
            "id": "x", "filter": {"name": "a"}})),
        ("openstack-flavor-empty", "an empty flavor", put(f"{SPEC}/flavor", {})),
        ("openstack-flavor-text", "a flavor as the older version has it", put(f"{SPEC}/flavor", "SCS-2V-4")),
        ("openstack-flavor-filter-empty", "an empty filter of a flavor",
         put(f"{SPEC}/flavor", {"filter": {}}), DOUBTFUL),
        ("openstack-image-missing", "no image", drop(f"{SPEC}/image"), FAILS),
        ("openstack-image-two", "an image by reference and by id", put(f"{SPEC}/image", {
            "id": "6b4c1f4c-1ff3-4d2c-8a3c-6f3f2f3d0d1a", "imageRef": {"name": "a"}})),
        ("openstack-image-empty", "an empty image", put(f"{SPEC}/image", {})),
        ("openstack-image-id", "an image's id that is no UUID", put(f"{SPEC}/image", {"id": "ubuntu"})),
        ("openstack-image-no-name", "a reference to an image without name", put(f"{SPEC}/image", {"imageRef": {}})),
        ("openstack-image-other", "a reference to an image that is not of the release", put(f"{SPEC}/image", {
            "imageRef": {"name": "another"}}), DOUBTFUL),
        ("openstack-root-volume-zero", "a root volume of no size", put(f"{SPEC}/rootVolume", {"sizeGiB": 0})),
        ("openstack-root-volume-no-size", "a root volume without size", put(f"{SPEC}/rootVolume", {"type": "ssd"})),
        ("openstack-root-volume-zone", "a zone by name without name", put(f"{SPEC}/rootVolume", {
            "sizeGiB": 1, "availabilityZone": {"from": "Name"}})),
        ("openstack-root-volume-zone-both", "a zone of the machine that has a name", put(f"{SPEC}/rootVolume", {
            "sizeGiB": 1, "availabilityZone": {"from": "Machine", "name": "a"}})),
        ("openstack-devices-root", "a block device called root", put(f"{SPEC}/additionalBlockDevices", [
            {"name": "root", "sizeGiB": 1, "storage": {"type": "Volume"}}]), DOUBTFUL),
        ("openstack-devices-twice", "two block devices of one name", put(f"{SPEC}/additionalBlockDevices", [
            {"name": "a", "sizeGiB": 1, "storage": {"type": "Volume"}}] * 2)),
        ("openstack-devices-type", "a block device of an unknown type", put(f"{SPEC}/additionalBlockDevices", [
            {"name": "a", "sizeGiB": 1, "storage": {"type": "Floppy"}}])),
        ("openstack-devices-local-volume", "a local device with a volume's settings", put(
            f"{SPEC}/additionalBlockDevices", [
                {"name": "a", "sizeGiB": 1, "storage": {"type": "Local", "volume": {"type": "x"}}}])),
        ("openstack-ports-two-networks", "a port of a network by id and by filter", put(f"{SPEC}/ports", [
            {"network": {"id": "6b4c1f4c-1ff3-4d2c-8a3c-6f3f2f3d0d1a", "filter": {"name": "a"}}}])),
        ("openstack-ports-pairs", "an address pair without address", put(f"{SPEC}/ports", [
            {"allowedAddressPairs": [{"macAddress": "x"}]}])),
        ("openstack-server-group-empty", "an empty server group", put(f"{SPEC}/serverGroup", {})),
        ("openstack-server-group-two", "a server group by id and by filter", put(f"{SPEC}/serverGroup", {
            "id": "6b4c1f4c-1ff3-4d2c-8a3c-6f3f2f3d0d1a", "filter": {"name": "a"}})),
        ("openstack-metadata-map", "server metadata as a mapping", put(f"{SPEC}/serverMetadata", {"a": "b"})),
        ("openstack-security-empty", "an empty security group", put(f"{SPEC}/securityGroups", [{}])),
    ),
    *table(
        "A", IMAGE,
        ("image-no-credentials", "an image without credentials", drop("/spec/cloudCredentialsRef")),
        ("image-policy-unknown", "an unknown policy of an image", put("/spec/managementPolicy", "mine")),
        ("image-unmanaged-with-resource", "an image that is not managed and has a resource",
         put("/spec/managementPolicy", "unmanaged")),
        ("image-no-content", "an image without content", drop("/spec/resource/content")),
        ("image-format-unknown", "an unknown format of a disk", put("/spec/resource/content/diskFormat", "floppy")),
        ("image-hash-unknown", "an unknown algorithm of a hash", put(
            "/spec/resource/content/download/hash/algorithm", "crc32")),
        ("image-hash-short", "a hash that is too short", put("/spec/resource/content/download/hash/value", "abc")),
        ("image-url-bad", "an address that is none", put("/spec/resource/content/download/url", "somewhere"), DOUBTFUL),
        ("image-visibility-unknown", "an unknown visibility", put("/spec/resource/visibility", "secret")),
        ("image-disk-negative", "a negative size of a disk", put("/spec/resource/properties/minDiskGB", -1)),
        ("image-decompress-unknown", "an unknown compression",
         put("/spec/resource/content/download/decompress", "rar")),
        ("image-tags-twice", "a tag twice", put("/spec/resource/tags", ["a", "a"])),
    ),
)
