#!/bin/sh
# Stands before the real tool of its name, which is further behind in PATH. When /run/ww-hold says "STEP TOOL [WORD]",
# an apply is at that step (or one of several, parted by commas) and TOOL is called (with WORD first), it writes /run/ww-held and waits until that is gone,
# a minute at most: everything that the step has done until then is done, nothing that comes after.
# Steps are those of the operation's log, besides `upload` before there is one and `applied` after its end.
tool=${0##*/}

at_step() {
  newest=$(/bin/ls -td /run/wirewarp/op-*/ 2> /dev/null | /usr/bin/head -n 1)
  [ -n "$newest" ] || return 1
  if [ ! -e "$newest/log" ]; then
    step=upload
  else
    step=$(/bin/sed -n 's/^step \([a-z]*\) started.*/\1/p; s/^end \([a-z_]*\).*/\1/p' "$newest/log" | /usr/bin/tail -n 1)
  fi
  case ",$1," in *",$step,"*) ;; *) return 1 ;; esac
}

if [ -e /run/ww-hold ]; then
  read -r wanted name word < /run/ww-hold
  if [ "$name" = "$tool" ] && [ "${word:-${1:-}}" = "${1:-}" ] && at_step "$wanted" &&
    /bin/mv /run/ww-hold /run/ww-held 2> /dev/null; then
    tries=1200
    while [ -e /run/ww-held ] && [ "$tries" -gt 0 ]; do
      /bin/sleep 0.05
      tries=$((tries - 1))
    done
  fi
fi
exec "$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$tool")" "$@"
