# Removes packages that we installed, except what something else needs by now: the tools below refuse to break a
# dependency (apt-get and dnf would remove the dependents instead), so it goes on until nothing more can go.
# Needs MANAGER and PACKAGES. Prints `removed PACKAGE` and `kept PACKAGE`.

remove_packages() {
  left=$PACKAGES gone=
  while :; do
    kept='' progress=''
    for package in $left; do
      if remove_one "$package" > /dev/null 2>&1 < /dev/null; then
        echo "removed $package"
        gone="$gone$package
"
        progress=1
      else
        kept="$kept $package"
      fi
    done
    left=$kept
    if [ -z "$progress" ] || [ -z "$left" ]; then break; fi
  done
  for package in $left; do echo "kept $package"; done
  forget_removed
  echo 'end removed'
}

remove_one() {
  case $MANAGER in
  apt) dpkg "$(dpkg_verb "$1")" "$1" ;;
  dnf | yum | zypper) rpm -e "$1" ;;
  apk) apk del "$1" && ! apk info -e "$1" ;;
  pacman) pacman -R --noconfirm "$1" ;;
  *) return 1 ;;
  esac
}

# With its configuration files, unless somebody has changed one: dpkg(1), --verify marks those with `c`.
dpkg_verb() {
  if dpkg --verify "$1" 2> /dev/null | grep -q ' c /'; then echo --remove; else echo --purge; fi
}

forget_removed() {
  if [ ! -e "$ETC/packages" ]; then return; fi
  # `grep -v` of nothing is everything; of everything, a status that is no failure.
  printf '%s' "$gone" | grep -vxF -f - "$ETC/packages" > "$ETC/packages.new"
  put_in_place "$ETC/packages.new" "$ETC/packages"
}
