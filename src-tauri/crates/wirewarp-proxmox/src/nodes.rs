//! Version and nodes.

use proxmox_api::{
    nodes::{self, NodesClient},
    version::VersionClient,
};
use wirewarp_model::error::excerpt;

use crate::{Api, Fingerprint, ProxmoxError, names::NodeName};

/// A version such as 9.2.11; a missing part is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 8 or 9 today.
    pub major: u16,
    /// The point release.
    pub minor: u16,
    /// The package's last part.
    pub patch: u16,
}

/// A node of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name.
    pub name: NodeName,
    /// Whether the cluster sees it.
    pub online: bool,
    /// What its own certificate has, where the cluster tells.
    pub fingerprint: Option<Fingerprint>,
    /// Seconds since it started.
    pub uptime: Option<u64>,
}

impl Api {
    /// The version of Proxmox VE. It is the lightest call that needs a sign-in.
    pub async fn version(&self) -> Result<Version, ProxmoxError> {
        let answer = VersionClient::new(self).get().await?;
        Ok(Version::read(&answer.version))
    }

    /// The nodes, by name; those that are down too.
    pub async fn nodes(&self) -> Result<Vec<Node>, ProxmoxError> {
        let mut nodes: Vec<Node> = NodesClient::new(self)
            .get()
            .await?
            .into_iter()
            .filter_map(node)
            .collect();
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(nodes)
    }
}

/// Nothing for a name that no node can have: it could not be asked either.
fn node(item: nodes::GetOutputItems) -> Option<Node> {
    let name = item.node.parse().ok();
    if name.is_none() {
        tracing::warn!(
            name = excerpt(&item.node),
            "a node has a name that no node can have; it is left out"
        );
    }
    Some(Node {
        name: name?,
        online: item.status == nodes::Status::Online,
        fingerprint: item.ssl_fingerprint.and_then(|text| text.parse().ok()),
        uptime: item.uptime.and_then(|seconds| u64::try_from(seconds).ok()),
    })
}

impl Version {
    /// Reads `9.2.11`, also `9.0.0~11` and what else follows the digits.
    fn read(text: &str) -> Self {
        let mut parts = text.split('.').map(|part| {
            let digits = part.split(|c: char| !c.is_ascii_digit()).next();
            digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
        });
        let mut next = || parts.next().unwrap_or(0);
        Self {
            major: next(),
            minor: next(),
            patch: next(),
        }
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(Version::read("9.2.11").to_string(), "9.2.11");
        assert_eq!(Version::read("9.0.0~11").to_string(), "9.0.0");
        assert_eq!(Version::read("8.4").to_string(), "8.4.0");
        assert!(Version::read("9.10.1") > Version::read("9.9.9"));
        assert_eq!(Version::read("odd").major, 0);
    }
}
