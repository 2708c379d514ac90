//! A host as it is found: files, packages, rules, routes, settings, units, interfaces.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;

/// Prints a line for everything that a visitor could leave behind. Left out is what changes by itself: caches, locks,
/// backups of dpkg, the time; and the user that Debian's dnsmasq-base makes, whom its own removal leaves (its postrm).
const LOOK: &str = r#"
cd /
find etc usr/local opt root srv home var/lib/systemd/system-preset var/spool/cron -xdev \
    ! -path 'srv/lab-apt*' ! -name ld.so.cache ! -name '.updated' ! -path 'etc/.pwd.lock' \
    -printf 'file %y %m %u %p -> %l\n' 2>/dev/null
find etc -xdev -type f ! -name ld.so.cache ! -path 'etc/passwd*' ! -path 'etc/shadow*' -exec sha256sum {} + | sed 's/^/content /'
grep -v '^dnsmasq:' etc/passwd etc/shadow | sed 's/^/user /'
dpkg-query -W -f 'package ${Package} ${db:Status-Status}\n'
if command -v nft > /dev/null; then nft list ruleset | sed 's/^/nft /'; fi
ip -4 rule | sed 's/^/rule /'
ip route show table all | sed 's/^/route /' | grep -v ' cache \| proto ra \|^route \(multicast \)\?\(fe80\|ff00\|local fe80\|anycast fe80\)'
ip -o link | sed 's/^[0-9]*: \([^:@]*\).*/link \1/'
ip -o -4 address | sed 's/^[0-9]*: *\([^ ]*\) *inet \([^ ]*\).*/address \1 \2/'
sysctl -a 2>/dev/null | grep '^net\.ipv4\.\(ip_forward\|conf\.\)' | sed 's/^/sysctl /'
systemctl list-unit-files --no-legend --no-pager | awk '{ print "unit", $1, $2 }'
systemctl list-units --all --no-legend --no-pager 'wirewarp*' | sed 's/^/loaded /'
systemctl --failed --no-legend | sed 's/^/failed /'
ls -d /run/wirewarp /tmp/wirewarp* /var/tmp/wirewarp* /var/lib/wirewarp 2>/dev/null | sed 's/^/left /'
ps -eo comm | grep -i 'wirewarp\|wireguard\|dnsmasq' | sed 's/^/process /'
true
"#;

/// What was found on a host.
#[derive(Debug)]
pub struct Found {
    host: String,
    lines: BTreeSet<String>,
    /// Files of packages.
    packaged: BTreeSet<String>,
}

/// Looks at a host.
pub fn found(lab: &Lab, host: &str) -> Result<Found> {
    let said = lab.exec(host, LOOK)?;
    let lines = said.ok()?.lines().map(str::to_owned).collect();
    let files = lab.exec(host, "cat /var/lib/dpkg/info/*.list")?;
    let packaged = files
        .ok()?
        .lines()
        .map(|path| path.trim_start_matches('/').to_owned())
        .collect();
    Ok(Found {
        host: host.to_owned(),
        lines,
        packaged,
    })
}

impl Found {
    /// An error naming what is there and was not, and what was there and is not. With `packages_stay` more packages
    /// may be there, with their files.
    pub fn is_again(&self, now: &Self, packages_stay: bool) -> Result<()> {
        let of_package = |line: &&String| packages_stay && now.is_of_a_package(line);
        let new: Vec<&String> = now
            .lines
            .difference(&self.lines)
            .filter(|line| !of_package(line))
            .collect();
        let gone: Vec<&String> = self.lines.difference(&now.lines).collect();
        // The modification of a folder is not looked at, its being there is.
        ensure!(
            new.is_empty() && gone.is_empty(),
            "{} is not as it was found.\nNew:\n{new:#?}\nGone:\n{gone:#?}",
            self.host
        );
        Ok(())
    }

    fn is_of_a_package(&self, line: &str) -> bool {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("package") => true,
            Some("file") => words.nth(3).is_some_and(|path| self.packaged.contains(path)),
            Some("content") => words.nth(1).is_some_and(|path| self.packaged.contains(path)),
            Some("unit") => words.next().is_some_and(|unit| {
                let path = |folder: &str| format!("{folder}/{unit}");
                ["lib/systemd/system", "usr/lib/systemd/system"]
                    .iter()
                    .any(|folder| self.packaged.contains(&path(folder)))
            }),
            _ => false,
        }
    }
}
