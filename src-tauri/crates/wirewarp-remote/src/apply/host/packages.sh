# Installs packages, makes keys and measures paths (with path.sh): before the apply, not under its timer, never rolled back. In a unit of its own, so
# that a cut connection leaves no half configured package. $1: the folder, with `request` (MANAGER PACKAGES KEYS PATHS PATIENCE).
# Log as the apply's; besides `note TEXT` while it waits, `installed PACKAGE` and `key INTERFACE PUBLIC-KEY`.

packages_main() {
  dir=$1
  echo $$ > "$dir/pid"
  MANAGER='' PACKAGES='' KEYS='' PATHS='' PATIENCE=''
  # shellcheck source=/dev/null
  . "$dir/request"
  open_log
  if { [ -z "$PACKAGES" ] || step packages install_packages; } && { [ -z "$KEYS" ] || step keys make_keys; }; then
    [ -z "$PATHS" ] || step path measure_paths
    tell 'end prepared'
  elif [ "$refusal" ]; then
    tell "end refused $refusal"
  else
    tell "end failed $failed_step"
  fi
}

step() {
  failed_step=$1
  refusal=
  tell "step $1 started"
  clock
  began=$ms
  "$2" < /dev/null
  status=$?
  clock
  if [ $status = 0 ]; then
    tell "step $1 ok $((ms - began))"
  else
    tail -n 60 "$dir/output" 2> /dev/null | sed 's/^/| /'
    tell "step $1 failed $((ms - began))"
  fi
  return $status
}

install_packages() {
  missing=
  list_installed > "$dir/before"
  for package in $PACKAGES; do
    grep -qxF "$package" "$dir/before" || missing="$missing $package"
  done
  if [ -z "$missing" ]; then return 0; fi
  wait_for_manager || return 1
  tell "note installing$missing"
  install_missing > "$dir/output" 2>&1 8>&-
  status=$?
  list_installed > "$dir/after"
  remember_new || return 1
  return $status
}

# What came with it counts too: it is ours to offer for removal.
remember_new() {
  comm -13 "$dir/before" "$dir/after" > "$dir/new"
  if [ ! -s "$dir/new" ]; then return 0; fi
  sed 's/^/installed /' "$dir/new"
  mkdir -p "$ETC" && chmod 700 "$ETC" && { cat "$ETC/packages" 2> /dev/null; cat "$dir/new"; } | sort -u > "$ETC/packages.new" &&
    put_in_place "$ETC/packages.new" "$ETC/packages"
}

list_installed() {
  case $MANAGER in
  apt) dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' | sed -n 's/^ii //p' ;;
  dnf | yum | zypper) rpm -qa --qf '%{NAME}\n' ;;
  apk) apk info -q ;;
  pacman) pacman -Qq ;;
  esac | sort -u
}

install_missing() {
  # shellcheck disable=SC2086 # a list of words, checked before
  case $MANAGER in
  apt)
    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l APT_LISTCHANGES_FRONTEND=none
    if apt_lists_are_old; then apt-get -q update || return 1; fi
    apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confold install $missing
    ;;
  dnf | yum) "$MANAGER" -y --setopt=install_weak_deps=False install $missing ;;
  apk) apk --wait 60 add $missing ;;
  pacman) pacman -S --noconfirm --needed $missing ;;
  zypper) ZYPP_LOCK_TIMEOUT=60 zypper --non-interactive install --no-recommends $missing ;;
  *)
    echo "no package manager that is known"
    return 1
    ;;
  esac
}

# A package that is not in the lists, or lists older than a day. One question for all: each costs as much.
apt_lists_are_old() {
  # shellcheck disable=SC2086 # words
  set -- $missing
  known=$(apt-cache policy "$@" 2> /dev/null | grep -c 'Candidate: [^(]')
  [ "$known" -ge $# ] || return 0
  [ -z "$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 2> /dev/null | head -n 1)" ] &&
    [ -z "$(find /var/cache/apt/pkgcache.bin -mtime -1 2> /dev/null)" ]
}

# A fresh server is often still installing its own updates. cloud-init alone is waited for half as long: it may hang.
wait_for_manager() {
  waited=0
  while :; do
    holder=$(manager_holder)
    if [ -z "$holder" ] && { ! cloud_init_runs || [ $((waited * 2)) -ge "$PATIENCE" ]; }; then return 0; fi
    if [ "$waited" -ge "$PATIENCE" ]; then
      refusal="package_lock ${holder:-cloud-init}"
      return 1
    fi
    if [ $((waited % 5)) = 0 ]; then tell "note waiting for ${holder:-cloud-init} to finish with the packages"; fi
    sleep 1
    waited=$((waited + 1))
  done
}

cloud_init_runs() { [ -e /run/cloud-init/enabled ] && [ ! -e /run/cloud-init/result.json ]; }

# Who holds the package manager's lock; nothing when it is free. dpkg's locks are fcntl locks, which /proc/locks lists by
# inode; fuser(1) is missing on small systems.
manager_holder() {
  case $MANAGER in
  apt)
    for file in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
      inode=$(stat -c %i "$file" 2> /dev/null) || continue
      pid=$(awk -v inode="$inode" '{ n = split($6, part, ":") } $2 == "POSIX" && part[n] == inode { print $5; exit }' /proc/locks)
      if [ "$pid" ]; then name_process "$pid" && return; fi
    done
    ;;
  pacman) if [ -e /var/lib/pacman/db.lck ]; then echo pacman; fi ;;
  zypper) pid=$(cat /run/zypp.pid 2> /dev/null) && [ -d "/proc/$pid" ] && name_process "$pid" ;;
  *) ;; # dnf and apk wait by themselves
  esac
}

name_process() { { cat "/proc/$1/comm" 2> /dev/null || echo "process $1"; } | tr -cd '[:alnum:]._ -'; }

# The private key stays here. Made aside and moved: after a power cut there is a whole key or none.
make_keys() {
  mkdir -p "$ETC" && chmod 700 "$ETC" || return 1
  for interface in $KEYS; do
    if [ ! -s "$ETC/$interface.key" ]; then
      { wg genkey > "$ETC/$interface.key.new" && put_in_place "$ETC/$interface.key.new" "$ETC/$interface.key"; } \
        2> "$dir/output" || return 1
    fi
    key=$(wg pubkey < "$ETC/$interface.key" 2> "$dir/output") || return 1
    echo "key $interface $key"
  done
}

# Side by side. What cannot be measured is no failure.
measure_paths() (
  for address in $PATHS; do measure_path "$address" & done
  wait
)

packages_main "$@"
