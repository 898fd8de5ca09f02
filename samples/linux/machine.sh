#!/usr/bin/env bash
# machine.sh TRAPLINE KERNELS WORK [READS]: boots the i386 kernel that fetch.sh has unpacked under KERNELS in Trapline's own
# machine, lets probes.sh run, and fails unless the journal has as many int3 at each probe as the kernel counts hits and
# misses. Journal and console stay in WORK. The boot is 4.7 billion instructions: one to three minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
trapline=$(realpath "$1")
kernels=$(realpath "$2")
reads=${4:-20}
mkdir -p "$3"
cd "$3"

kernel=$(find "$kernels/i386/boot/" -name 'vmlinuz-*' 2>/dev/null | head -n 1)
[ -n "$kernel" ] || { echo "skipped: no i386 kernel under $kernels (samples/linux/fetch.sh gets one)"; exit 0; }
"$here/initramfs.sh" "$(find "$kernels/i386" -name busybox -type f | head -n 1)" i386.initramfs
"$trapline" record --linux "$kernel" --initrd i386.initramfs --memory 256M --record-from first-probe --force \
    --append "console=ttyS0 nokaslr quiet panic=-1 trapline.n=$reads trapline.par=0" -o machine.journal 2> machine.console
grep -q '@@DONE' machine.console

# Probes on a function's first byte are ftrace's and trap nothing. What was removed is not in the list any more.
"$trapline" show machine.journal | awk '
    function hex(text, value, i) {
        value = 0
        for (i = 1; i <= length(text); i++) value = 16 * value + index("0123456789abcdef", substr(text, i, 1)) - 1
        return value
    }
    FNR == NR {
        if (/^@@/) part = $1
        else if (part == "@@LIST" && $2 == "k" && !/FTRACE/) {
            split($3, place, /[+]0x/); address[place[1] "+" hex(place[2])] = $1
        } else if (part == "@@EVENTS" && /^p:/) {
            split($1, name, "/"); place_of[name[2]] = $2
        } else if (part == "@@PROFILE" && NF == 3) {
            counted[$1] = $2 + $3
        }
        next
    }
    $4 == "trap" && $5 == "#BP" { traps[$3]++ }
    END {
        for (event in place_of) {
            at = address[place_of[event]]
            if (at == "" || !(event in counted)) continue
            probes++; sum += counted[event]
            if (traps[at] + 0 != counted[event]) {
                printf "%s at %s: the kernel counts %d, the journal has %d\n", event, at, counted[event], traps[at]
                bad = 1
            }
        }
        printf "machine: %d probes, %d hits and misses as the kernel counted\n", probes, sum
        exit bad || probes < 5 || sum < 50
    }' machine.console -
