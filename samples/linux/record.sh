#!/usr/bin/env bash
# record.sh TRAPLINE KERNELS WORK: records what probes.sh provokes in each kernel that fetch.sh has unpacked under KERNELS,
# and fails unless Trapline counts what the kernel counts. Journals and consoles stay in WORK.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
trapline=$(realpath "$1")
kernels=$(realpath "$2")
mkdir -p "$3"
work=$(realpath "$3")
cd "$work"

# record NAME QEMU ARCHITECTURE CPUS READS OPTIONS…
record() {
    local name=$1 qemu=$2 arch=$3 cpus=$4 reads=$5 kernel traps code=0
    shift 5
    kernel=$(find "$kernels/$arch/boot/" -name 'vmlinuz-*' | head -n 1)
    "$here/initramfs.sh" "$(find "$kernels/$arch" -name busybox -type f | head -n 1)" "$arch.initramfs"
    rm -rf "$name.journal"
    "$trapline" record --qemu "$qemu -machine pc -accel tcg -m 256 -smp $cpus -no-reboot -nodefaults \
        -serial file:$name.console -kernel '$kernel' -initrd $arch.initramfs \
        -append 'console=ttyS0 nokaslr quiet panic=-1 trapline.n=$reads trapline.par=$((cpus - 1))'" \
        --console "$name.console" --time-limit 120 --json "$@" -o "$name.journal" > "$name.json"
    traps=$(sed -n 's/.*"breakpoints" *: *\([0-9]*\).*/\1/p' "$name.json" | head -n 1)
    grep -q '@@DONE' "$name.console"
    [ "${traps:-0}" -ge 500 ]
    "$trapline" check -v "$name.journal" > "$name.verdicts" 2>&1 || code=$?
    [ "$code" = 3 ] || [ "$code" = 0 ]
    grep -q '^  PASS    INT3-STEP-CONTEXT' "$name.verdicts"
    printf '%-12s %s: %s #BP, hits and misses as the kernel counted; %s\n' "$name" "$(basename "$kernel")" "$traps" \
        "$(grep -c '^  PASS' "$name.verdicts") checks passed, none failed"
}

record amd64 qemu-system-x86_64 amd64 1 60
record amd64-smp qemu-system-x86_64 amd64 2 60
record i386 qemu-system-i386 i386 1 60
# The same again with every store to kprobe_status and current_kprobe: the console of the first run has the symbols.
record amd64-watch qemu-system-x86_64 amd64 1 60 --watch kprobes --symbols amd64.console
grep -q '^  PASS    STATUS-AUTOMATON' amd64-watch.verdicts
grep -q '^  PASS    INT3-STEP-STATUS' amd64-watch.verdicts
