#!/usr/bin/env bash
# Builds the guest's objects beside their sources, the same bytes on every machine with the same gcc.
#   build.sh            all objects
#   build.sh --check D  all objects into directory D instead (to compare with the committed ones)
set -euo pipefail
cd "$(dirname "$0")"
out=.
[ "${1:-}" = --check ] && out=$2
CC=${CC:-gcc}
FLAGS=(-m32 -march=i486 -mregparm=3 -ffreestanding -fno-pic -fno-pie -fno-stack-protector
    -fno-asynchronous-unwind-tables -fno-common -fcf-protection=none -mno-sse -mno-mmx -mno-80387
    -mgeneral-regs-only -O2 -g1 -gdwarf-4 -Wall -Wextra -Wno-unused-parameter -Werror -std=gnu11 -Iruntime
    "-ffile-prefix-map=$PWD=." -frandom-seed=trapline)

mkdir -p "$out/runtime" "$out/flows" "$out/workloads"
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

compile() { # source object
    "$CC" "${FLAGS[@]}" -c "$1" -o "$2"
    # Of the debugging data only the line table stays: addresses become file:line, and that is all.
    objcopy --remove-section=.comment --remove-section=.note.GNU-stack \
        --remove-section=.debug_info --remove-section=.debug_abbrev --remove-section=.debug_str \
        --remove-section=.debug_aranges --remove-section=.debug_ranges --remove-section=.debug_loc --remove-section=.debug_frame "$2"
}

runtime=()
for source in runtime/*.S runtime/*.c; do
    part=$parts/$(basename "$source").o
    compile "$source" "$part"
    runtime+=("$part")
done
ld -m elf_i386 -r --build-id=none -o "$out/runtime/runtime.o" "${runtime[@]}"
for source in flows/*.c workloads/*.c; do
    compile "$source" "$out/${source%.c}.o"
done

# A flow that is another one but for a few lines is a patch; its object tells the name that the patch gives the file.
mkdir "$parts/flows"
ln -s "$PWD/runtime" "$parts/runtime"
out=$(cd "$out" && pwd)
for patch in flows/bugs/*.patch; do
    name=$(basename "$patch" .patch)
    alias=$(sed -n 's/^Alias: //p' "$patch")
    patch --silent --output="$parts/flows/$alias.c" "flows/$(sed -n 's/^From: //p' "$patch").c" "$patch"
    (cd "$parts" && compile "flows/$alias.c" "$out/flows/$name.o")
done
