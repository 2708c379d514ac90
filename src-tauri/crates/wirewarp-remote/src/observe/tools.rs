//! Sections `os`, `tools`, `units` and `sysctls`: simple lines of text.

use std::collections::{BTreeMap, BTreeSet};
use wirewarp_model::{error::excerpt, observed::Os};

use super::sections::Section;

/// os-release(5): shell-like assignments. `os` has the kernel's part already.
pub(super) fn os(section: Section<'_>, mut os: Os) -> Os {
    for line in section.text.lines() {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim().trim_matches(['"', '\'']);
        match key {
            "ID" => os.id = excerpt(value),
            "ID_LIKE" => os.like = value.split_whitespace().map(excerpt).collect(),
            "VERSION_ID" => os.version = excerpt(value),
            "PRETTY_NAME" => os.pretty = excerpt(value),
            _ => {}
        }
    }
    os
}

/// `TOOL VERSION LINE`: the first word with a dotted number in it is the version.
pub(super) fn versions(section: Section<'_>) -> BTreeMap<String, String> {
    let one = |line: &str| {
        let (tool, said) = line.split_once(' ').unwrap_or((line, ""));
        (!tool.is_empty()).then(|| (excerpt(tool), version_in(said)))
    };
    section.text.lines().filter_map(one).collect()
}

/// `nftables v1.0.6 (Lester Gooch #5)` -> `1.0.6`, `ip utility, iproute2-6.1.0, libbpf 1.1.0` -> `6.1.0`.
fn version_in(said: &str) -> String {
    let numeric = |word: &str| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit());
    let mut words = said.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let version = words.find_map(|word| {
        let word = word.trim_start_matches('v').trim_end_matches('.');
        numeric(word).then(|| excerpt(word))
    });
    version.unwrap_or_default()
}

/// What `systemctl show` said.
#[derive(Default)]
pub(super) struct Units {
    active: BTreeSet<String>,
    /// Ports of ssh's socket units.
    pub(super) ssh_sockets: Vec<u16>,
}

impl Units {
    /// Blocks of `Property=value`, parted by empty lines; order within a block is systemd's.
    pub(super) fn parse(section: Section<'_>) -> Self {
        let mut units = Self::default();
        for block in section.text.split("\n\n") {
            let values = |key: &str| {
                let key = key.to_owned() + "=";
                block
                    .lines()
                    .filter_map(move |line| line.strip_prefix(key.as_str()))
            };
            let active = values("ActiveState").any(|state| state == "active");
            let Some(id) = values("Id").next().filter(|_| active) else {
                continue;
            };
            units.active.insert(id.to_owned());
            if matches!(id, "ssh.socket" | "sshd.socket") {
                units.ssh_sockets.extend(values("Listen").filter_map(socket_port));
            }
        }
        units
    }

    pub(super) fn is_active(&self, id: &str) -> bool {
        self.active.contains(id)
    }
}

/// `0.0.0.0:22 (Stream)` or `[::]:22 (Stream)`.
fn socket_port(listen: &str) -> Option<u16> {
    let address = listen.strip_suffix(" (Stream)")?;
    address.rsplit_once(':')?.1.parse().ok()
}

/// `ipv4/ip_forward:1` -> `net.ipv4.ip_forward`. An interface's name may have a dot in it; no one but ours is asked for.
pub(super) fn sysctls(section: Section<'_>) -> BTreeMap<String, String> {
    let one = |line: &str| {
        let (path, value) = line.split_once(':')?;
        Some((format!("net.{}", excerpt(path).replace('/', ".")), excerpt(value)))
    };
    section.text.lines().filter_map(one).collect()
}
