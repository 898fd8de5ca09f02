#!/bin/sh
# This file is a shell script with a jar behind it: it finds Java, then runs itself.
# It needs a Java runtime, version 17 to 25, and nothing else; `java -jar` on this file works too.

name=${0##*/}

fail() {
    echo "$name: $*; install Java 17 or later (Debian: openjdk-17-jre-headless) or set JAVA_HOME" >&2
    exit 70
}

java=${JAVA_HOME:+$JAVA_HOME/bin/java}
if [ ! -x "$java" ]; then
    java=$(command -v java) || fail "no Java found"
fi

# The runtime's version stands in a file beside it: asking the runtime would cost a second start.
home=$(readlink -f "$java" 2>/dev/null) && home=${home%/bin/java}
version=
if [ -r "$home/release" ]; then
    while IFS='"' read -r key value rest; do
        if [ "$key" = JAVA_VERSION= ]; then
            version=${value%%[!0-9]*}
            break
        fi
    done <"$home/release"
fi
if [ -n "$version" ] && [ "$version" -lt 17 ]; then
    fail "$java is Java $value"
fi

# Help and listings end before the optimizing compiler pays off.
case "${1-} $* " in
'  ' | -* | *' --help '* | *' -h '* | checks\ * | completion\ * | flows\ * | help\ * | info\ * | install\ * | man\ * | new\ * | scenarios\ *)
    tier=-XX:TieredStopAtLevel=1 ;;
*)
    tier=-XX:TieredStopAtLevel=4 ;;
esac

# Java cannot tell reliably whether it writes to a terminal, nor how wide that is.
tty=
columns=
[ -t 0 ] && tty=0
[ -t 1 ] && tty=${tty}1
[ -t 2 ] && tty=${tty}2
if [ -n "$tty" ]; then
    columns=$(stty size 2>/dev/null </dev/tty) && columns=${columns#* }
fi

# Where the locale is plain C, Java takes no file name that is not ASCII; the names are bytes, and UTF-8 nearly always.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}" in
C | POSIX) export LC_ALL=C.UTF-8 ;;
esac

# Java that cannot start ends with 1, which here is a finding. Only where memory is limited is it worth a try before.
memory=$(ulimit -v 2>/dev/null) || memory=unlimited
if [ "$memory" != unlimited ] && ! "$java" -XX:+UseSerialGC "$tier" -version >/dev/null 2>&1; then
    echo "$name: Java cannot start with $memory KB of memory (ulimit -v); 4000000 are enough" >&2
    exit 70
fi

# 'install' leaves an archive of classes in the user's cache, which makes a short command a third to a half cheaper. Java
# takes it only for this very file and its own version, and goes on without it otherwise, which is nothing to tell.
archive=${XDG_CACHE_HOME:-${HOME:-/}/.cache}/trapline/$name-$version.jsa
if [ -n "${TRAPLINE_ARCHIVE-}" ]; then
    classes=-XX:ArchiveClassesAtExit=$TRAPLINE_ARCHIVE
elif [ -r "$archive" ]; then
    classes=-XX:SharedArchiveFile=$archive
else
    classes=-Xshare:auto
fi

# The --add flags are what the journal library needs, as is the leave to use Unsafe (without which Java 24 and later
# complain; earlier ones do not know the option and skip it). UsePerfData would leave a file in /tmp.
exec "$java" \
    -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow \
    --add-opens java.base/java.lang.reflect=ALL-UNNAMED \
    --add-exports java.base/sun.nio.ch=ALL-UNNAMED \
    --add-exports java.base/jdk.internal.ref=ALL-UNNAMED \
    "$classes" -Xlog:disable -XX:+UseSerialGC -XX:-UsePerfData "$tier" \
    -Dtrapline.tty="$tty" -Dtrapline.columns="$columns" \
    -jar "$0" "$@"
