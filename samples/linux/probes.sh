# Sourced by init in tracefs. Which offsets are instruction boundaries the kernel itself says: it refuses others.
value() { sed -n "s/.*trapline\.$1=\([0-9]*\).*/\1/p" /proc/cmdline; }
n=$(value n)
par=$(value par)

# add NAME FUNCTION FROM TO COUNT [FETCH]: probes at the first COUNT offsets that the kernel accepts.
add() {
    offset=$3
    left=$5
    while [ "$offset" -le "$4" ] && [ "$left" -gt 0 ]; do
        if echo "p:k/$1_$offset $2+$offset $6" >> kprobe_events; then
            left=$((left - 1))
        fi 2>/dev/null
        offset=$((offset + 1))
    done
}

case $(uname -m) in
    x86_64) second=%si ;;
    *) second=%dx ;;
esac
add read vfs_read 1 60 6

# The name is fetched by a function that is probed too: a hit within a handler, whose own handlers are suppressed.
add open do_sys_openat2 6 24 1 "name=+0($second):ustring"
add nested strncpy_from_user_nofault 1 24 1
# Nothing is mapped at 16: a fault in the handler, which the kernel mends.
add fault vfs_write 1 24 1 'nothing=+16(%sp):u32 wild=@16:u32'
echo "r:k/return vfs_read value=\$retval" >> kprobe_events
echo @@READY
echo 1 > events/k/enable
[ "$par" = 1 ] && dd if=/dev/zero of=/dev/null bs=1 "count=$n" 2>/dev/null &
dd if=/dev/zero of=/dev/null bs=1 "count=$n" 2>/dev/null
cat /proc/version > /dev/null
wait
echo 0 > events/k/enable

# A probe that is removed while another task runs into it.
[ "$par" = 1 ] && dd if=/dev/zero of=/dev/null bs=1 "count=$n" 2>/dev/null &
round=0
while [ $round -lt 3 ]; do
    round=$((round + 1))
    echo "p:gone/gone_$round vfs_write+$((round + 30))" >> kprobe_events 2>/dev/null || continue
    echo 1 > events/gone/enable
    dd if=/dev/zero of=/dev/null bs=1 count=20 2>/dev/null
    echo 0 > events/gone/enable
    grep -w "vfs_write+0x$(printf %x $((round + 30)))" /sys/kernel/debug/kprobes/list
    grep -w "gone_$round" kprobe_profile
    echo "-:gone/gone_$round" >> kprobe_events
done
wait
echo @@LIST
cat /sys/kernel/debug/kprobes/list
echo @@EVENTS
cat kprobe_events
echo @@PROFILE
cat kprobe_profile
echo @@SYMBOLS
grep -E ' (_stext|_etext|kprobe_ctlblk|current_kprobe|__per_cpu_offset|kprobe_int3_handler|kprobe_debug_handler|kprobe_post_process|resume_singlestep|resume_execution|setup_singlestep|reenter_kprobe|exc_int3|exc_debug|vfs_read|vfs_write|ksys_lseek|do_sys_openat2|strncpy_from_user_nofault)$' /proc/kallsyms
echo @@DONE
