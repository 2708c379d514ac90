//! Root file systems of Debian and the local package archive, made once and kept outside of the work tree.
//!
//! They lie under `$WIREWARP_LAB_CACHE`, else `$XDG_CACHE_HOME/wirewarp-lab`, else `~/.cache/wirewarp-lab`, one
//! folder per release and package list: `root/`, the lower layer of every host, and `apt/`, a flat archive.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::process::{limited, run};
use super::spec::Release;

/// What every host has. No WireGuard, nftables or conntrack: hosts start without.
const BASE: &str =
    "systemd,systemd-sysv,dbus,openssh-server,iproute2,procps,ca-certificates,sudo,kmod,ifupdown";

/// What a host of the lab can install; the archive has these and what they depend on.
const INSTALLABLE: &str = "nftables wireguard-tools wireguard-go conntrack iputils-ping iptables ufw firewalld docker.io dnsmasq-base \
     dnsmasq curl ethtool tcpdump iperf3 qrencode network-manager";

const SETUP: &str = include_str!("image.sh");

/// A ready image.
#[derive(Clone, Debug)]
pub struct Image {
    /// The root file system; never written to once made.
    pub root: PathBuf,
    /// The flat package archive.
    pub apt: PathBuf,
}

/// The image of a release, made now if it is not there: needs the Debian archive and about a minute.
///
/// Two labs that want the same image at once wait for one of them to make it.
pub fn ensure(release: Release) -> Result<Image> {
    let folder = cache_dir().join("images");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let name = format!("{}-{}", release.suite(), key());
    let lock = File::create(folder.join(format!("{name}.lock")))?;
    lock.lock().context("cannot lock the image")?;
    let done = folder.join(&name);
    if !done.exists() {
        let partial = folder.join(format!("{name}.partial"));
        discard(&partial)?;
        build(release, &partial)?;
        fs::rename(&partial, &done)?;
    }
    Ok(Image {
        root: done.join("root"),
        apt: done.join("apt"),
    })
}

/// Where images are kept.
pub fn cache_dir() -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(dir) = set("WIREWARP_LAB_CACHE") {
        return PathBuf::from(dir);
    }
    let cache = set("XDG_CACHE_HOME").map_or_else(
        || PathBuf::from(set("HOME").unwrap_or_else(|| "/root".into())).join(".cache"),
        PathBuf::from,
    );
    cache.join("wirewarp-lab")
}

fn key() -> String {
    let digest = Sha256::digest(format!("{BASE}\n{INSTALLABLE}\n{SETUP}"));
    let half: Vec<String> = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    half.concat()
}

fn build(release: Release, folder: &Path) -> Result<()> {
    let apt = folder.join("apt");
    let root = folder.join("root");
    fs::create_dir_all(&apt)?;
    let mut command = limited(Duration::from_mins(15), &["mmdebstrap"]);
    command
        .args([
            "--quiet",
            "--mode=root",
            "--variant=minbase",
            "--format=directory",
        ])
        .arg(format!("--include={BASE}"))
        .arg(format!("--customize-hook={SETUP}"))
        .arg(release.suite())
        .arg(&root)
        .env("DEBS", &apt)
        .env("PACKAGES", INSTALLABLE);
    if let Some(mirror) = env::var_os("WIREWARP_LAB_MIRROR") {
        command.arg(mirror);
    }
    run(command, b"")?.ok().context("mmdebstrap failed")?;
    index(&apt)
}

/// Writes the index of a flat archive, as `dpkg-scanpackages` makes it.
fn index(apt: &Path) -> Result<()> {
    let mut command = limited(
        Duration::from_mins(2),
        &["dpkg-scanpackages", "--multiversion", "."],
    );
    command.current_dir(apt);
    let packages = run(command, b"")?;
    fs::write(apt.join("Packages"), format!("{}\n", packages.ok()?))?;
    Ok(())
}

fn discard(path: &Path) -> Result<()> {
    if path.exists() {
        fs::remove_dir_all(path).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}
