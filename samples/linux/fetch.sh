#!/usr/bin/env bash
# fetch.sh DIRECTORY: Debian's kernels for amd64 (cloud) and i386 (686), and a static busybox for each, unpacked under
# DIRECTORY/amd64 and DIRECTORY/i386. Uses an apt state of its own, so that neither the system's packages nor its
# architectures change. What is there already stays.
set -euo pipefail
here=$(mkdir -p "$1" && cd "$1" && pwd)

# private ARCHITECTURE TOOL ARGUMENT…: apt with a state of its own.
private() {
    local arch=$1 tool=$2 state=$here/$1.apt
    shift 2
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    touch "$state/status"
    "$tool" -qq -o "APT::Architecture=$arch" -o "APT::Architectures::=$arch" -o "Dir::State::Lists=$state/lists" \
        -o "Dir::Cache=$state/cache" -o "Dir::State::status=$state/status" -o Debug::NoLocking=1 \
        -o APT::Sandbox::User=root "$@"
}

# fetch ARCHITECTURE METAPACKAGE
fetch() {
    local arch=$1 target=$here/$1 image
    [ -e "$target/done" ] && return
    mkdir -p "$target"
    private "$arch" apt-get update || echo "$arch: not all lists of packages could be fetched; going on" >&2
    image=$(private "$arch" apt-cache depends "$2" | sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
    [ -n "$image" ] || { echo "no kernel for $arch in the lists of packages" >&2; exit 1; }
    (cd "$target" && private "$arch" apt-get download "$image" busybox-static)
    for package in "$target"/*.deb; do
        dpkg-deb -x "$package" "$target"
        rm "$package"
    done
    rm -rf "$target"/lib/modules "$target"/usr/lib/modules "$target"/usr/share
    touch "$target/done"
}

fetch amd64 linux-image-cloud-amd64
fetch i386 linux-image-686
