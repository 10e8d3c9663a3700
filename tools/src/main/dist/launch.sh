# Sourced by every command in bin/ as: . launch.sh MAIN-CLASS CACHE KIND "$@". Finds a JDK 25 and becomes the program.
main=$1 cache=$2 kind=$3
shift 3

runs25() { # whether the JDK in this folder is 25 or newer, told by its release file and not by a slow start
  [ -x "$1/bin/java" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null | {
    read -r v && [ "$v" -ge 25 ]
  }
}
jdk=
for candidate in "${SPIRULA_JAVA_HOME:-}" "$(cat "$home/lib/jdk" 2>/dev/null)" "${JAVA_HOME:-}" /usr/lib/jvm/*; do
  if [ -n "$candidate" ] && runs25 "$candidate"; then
    jdk=$candidate
    break
  fi
done
if [ -z "$jdk" ]; then
  echo "${0##*/}: no JDK 25 found: install one (Debian: temurin-25-jdk) or name it in SPIRULA_JAVA_HOME" >&2
  exit 127
fi

if [ "$kind" != daemon ]; then # words are UTF-8, as for Python's programs, where nobody has said otherwise
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX) export LC_ALL=C.UTF-8 ;;
  esac
fi

options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC -XX:-UsePerfData"
options="$options -Dio.netty.leakDetection.level=disabled -Dio.netty.noPreferDirect=false"
jars=$(cat "$home/lib/classpath")
case $kind in
  short) # what pays only in a process that lives on is left out: events of buffers, the native transport, generated accessors
    options="$options -XX:TieredStopAtLevel=1 -Xmx1g -Djdk.reflect.useNativeAccessorOnly=true"
    options="$options -Dio.netty.transport.noNative=true -Dio.netty.jfr.enabled=false"
    ;;
  client) options="$options -Xmx2g" ;;
  daemon) # inlining small methods only takes a third of the compiler's time, which is most of a young daemon's, and costs an old one nothing
    options="$options -Xms256m -Xmx2g -XX:MaxTenuringThreshold=2 -XX:FreqInlineSize=80 -XX:InlineSmallCode=800 -XX:MaxInlineLevel=6"
    options="$options -XX:+ExitOnOutOfMemoryError"
    ;;
esac
if [ "$kind" != daemon ]; then # a command has nothing to log, and logback takes longer to start than the command to run
  jars=$(printf %s "$jars" | sed 's/:logback-[a-z]*-[^:]*\.jar//g')
  options="$options -Dslf4j.internal.verbosity=ERROR -Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider"
fi
if [ -n "${SPIRULA_AOT_OUTPUT:-}" ]; then
  options="$options -XX:AOTCacheOutput=$SPIRULA_AOT_OUTPUT/$cache.aot"
elif [ -f "$home/lib/aot/$cache.aot" ]; then
  options="$options -XX:AOTCache=$home/lib/aot/$cache.aot -Xlog:aot=off -Xlog:cds=off"
fi
# shellcheck disable=SC2086 # options are words
exec "$jdk/bin/java" $options ${SPIRULA_JAVA_OPTS:-} -Djava.library.path="$home/lib/native" -Dspirula.home="$home" -cp "$(printf %s "$jars" | sed "s#^#$home/lib/#; s#:#:$home/lib/#g")" "$main" "$@"
