//! Stopping an apply at an exact point on the host: see `hold.sh`.

use std::time::Duration;

use crate::lab::Lab;
use anyhow::{Context, Result};

const WRAPPER: &str = include_str!("hold.sh");

/// Every tool at whose call one of [`POINTS`] is.
const TOOLS: &str = "awk flock nft df cmp systemd-run cp mv ln sync conntrack systemctl wg dpkg-deb sleep";

/// Where an apply is stopped: the step, and the call in it that is held back. Together they are every step, before and
/// after each of its lasting effects.
pub const POINTS: [&str; 16] = [
    "upload awk",
    "lock flock",
    "check nft",
    "space df",
    "arm cmp",
    "arm sync",
    "arm,write systemd-run",
    "write cp",
    "write mv",
    "switch ln",
    "switch mv",
    "load nft -f",
    "flows conntrack",
    "applied mv",
    "applied systemctl",
    "applied sync",
];

/// Puts the wrappers on a host, before the tools that it has; without an order to hold they do nothing. apt gives dpkg a
/// PATH of its own.
pub fn install(lab: &Lab, host: &str) -> Result<()> {
    let script = format!(
        "cat > /usr/local/sbin/ww-hold <<'END'\n{WRAPPER}END\nchmod 755 /usr/local/sbin/ww-hold\n\
         for tool in {TOOLS}; do\n\
         if PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v $tool; then ln -sf ww-hold /usr/local/sbin/$tool; fi\n\
         done > /dev/null\n\
         echo 'DPkg::Path \"/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin\";' > /etc/apt/apt.conf.d/99ww-hold"
    );
    lab.exec(host, &script)?.ok().map(drop)
}

/// Orders the next apply to stop at `point`.
pub fn order(lab: &Lab, host: &str, point: &str) -> Result<()> {
    let script = format!("rm -f /run/ww-held; echo '{point}' > /run/ww-hold");
    lab.exec(host, &script)?.ok().map(drop)
}

/// Waits until an apply stands there.
pub fn wait(lab: &Lab, host: &str, point: &str) -> Result<()> {
    let stands = lab.wait_until(host, "[ -e /run/ww-held ]", Duration::from_secs(30));
    stands.with_context(|| format!("the apply never came to “{point}”"))
}

/// Lets it go on, and withdraws an order that was not carried out.
pub fn release(lab: &Lab, host: &str) -> Result<()> {
    lab.exec(host, "rm -f /run/ww-hold /run/ww-held")?.ok().map(drop)
}
