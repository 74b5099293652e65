# Finds a JDK that can build and run Understudy; sourced by ./understudy and ./check.
#
# find_jdk exports JAVA_HOME, or says on stderr in one line how to get a JDK and returns 1. The
# first of these that is new enough wins: $UNDERSTUDY_JAVA_HOME, $JAVA_HOME, the java on the PATH,
# then the places where systems and version managers keep JDKs. $UNDERSTUDY_JDK_DIRS, folders
# separated by colons whose children are JDKs, replaces the last group.

jdk_version_min=25

# The file behind a chain of symbolic links. (macOS learned `readlink -f` only lately.)
real_path() {
  local path=$1 link
  while [ -L "$path" ]; do
    link=$(readlink "$path")
    case $link in
      /*) path=$link ;;
      *) path=$(dirname "$path")/$link ;;
    esac
  done
  printf '%s/%s\n' "$(cd -P "$(dirname "$path")" && pwd)" "$(basename "$path")"
}

# Whether a folder holds a JDK that is new enough. Its own `release` file says so at once; a JVM is
# asked only where there is none, because starting one takes longer than all the rest of this file.
is_new_enough() {
  local home=$1 line='' version=''
  [ -x "$home/bin/java" ] && [ -x "$home/bin/javac" ] || return 1
  if [ -r "$home/release" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in
        JAVA_VERSION=*) version=${line#JAVA_VERSION=} ;;
      esac
    done <"$home/release"
  else
    version=$("$home/bin/java" -version 2>&1 | sed -n 's/.* version \("[^"]*"\).*/\1/p')
  fi
  version=${version#\"}
  version=${version%%[!0-9]*} # 25.0.3 and 25-ea are 25; 1.8.0 is 1, and old
  [ -n "$version" ] && [ "$version" -ge "$jdk_version_min" ]
}

take_jdk() {
  is_new_enough "$1" || return 1
  JAVA_HOME=$1
  export JAVA_HOME
}

find_jdk() {
  local java home dir
  if [ -n "${UNDERSTUDY_JAVA_HOME:-}" ]; then
    take_jdk "$UNDERSTUDY_JAVA_HOME" && return 0
    echo "understudy: UNDERSTUDY_JAVA_HOME=$UNDERSTUDY_JAVA_HOME is no JDK $jdk_version_min or newer" >&2
    return 1
  fi
  if [ -n "${JAVA_HOME:-}" ]; then
    take_jdk "$JAVA_HOME" && return 0
  fi
  java=$(command -v java) || java=''
  if [ -n "$java" ]; then
    java=$(real_path "$java")
    take_jdk "${java%/bin/java}" && return 0
  fi
  if [ -n "${UNDERSTUDY_JDK_DIRS+set}" ]; then
    local IFS=:
    for dir in $UNDERSTUDY_JDK_DIRS; do
      for home in "$dir"/*; do
        take_jdk "$home" && return 0
      done
    done
  else
    for home in \
      /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
      "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* \
      "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
      "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
      /Library/Java/JavaVirtualMachines/*/Contents/Home \
      /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
      take_jdk "$home" && return 0
    done
    if [ -x /usr/libexec/java_home ]; then
      home=$(/usr/libexec/java_home -v "$jdk_version_min+" 2>/dev/null) && take_jdk "$home" && return 0
    fi
  fi
  echo "understudy: no JDK $jdk_version_min or newer was found; install one (https://adoptium.net," \
    "or \`sdk install java\`) or point UNDERSTUDY_JAVA_HOME to it" >&2
  return 1
}
