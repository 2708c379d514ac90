# shellcheck shell=sh disable=SC2086 # the packages are several words
# Run by mmdebstrap on a fresh root ($1): download what hosts may install, then make it boot quickly and look like a
# rented server. DEBS is where the packages go, PACKAGES are their names.
set -eu
root=$1

APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get --yes --download-only --no-install-recommends install $PACKAGES
find "$root/var/cache/apt" -name '*.deb' -exec cp {} "$DEBS/" \;

echo 'deb [trusted=yes] file:/srv/lab-apt ./' > "$root/etc/apt/sources.list"
rm -rf "$root"/etc/apt/sources.list.d/* "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
echo 'Acquire::Languages "none";' > "$root/etc/apt/apt.conf.d/90lab"

rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
: > "$root/etc/resolv.conf"
mkdir -p "$root/srv/lab-apt"
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer \
    systemd-networkd-wait-online.service systemd-resolved.service console-getty.service \
    systemd-firstboot.service systemd-udevd.service systemd-timesyncd.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
