#!/usr/bin/env bash
# Builds the benchmark guests beside their sources: the loop in two lengths, and the boot sector for Bochs.
set -euo pipefail
cd "$(dirname "$0")"
flags=(-m32 -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments)
gcc "${flags[@]}" -Wl,-T,link.ld -DITER=5000000 -o loop50m.elf loop.S
gcc "${flags[@]}" -Wl,-T,link.ld -DITER=100000000 -o loop1g.elf loop.S
gcc "${flags[@]}" -Wl,-Ttext=0x7c00 -Wl,--oformat=binary -o boot.bin boot.S
strip loop50m.elf loop1g.elf
