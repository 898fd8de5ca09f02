#!/usr/bin/env bash
# initramfs.sh BUSYBOX OUTPUT: an initramfs of a static busybox and the scripts beside this one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
busybox=$(realpath "$1")
output=$(realpath -m "$2")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{bin,dev,proc,sys}
cp "$busybox" "$root/bin/busybox"
install -m 755 "$here/init" "$root/init"
cp "$here/probes.sh" "$root/"
(cd "$root" && find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) | gzip -9n > "$output"
