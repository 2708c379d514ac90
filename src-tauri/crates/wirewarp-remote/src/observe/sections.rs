//! Cutting the probe's answer into its sections.

use std::collections::BTreeMap;
use wirewarp_model::error::excerpt;

use super::ObserveError;

/// What an apply can have changed, in the probe's order.
pub(super) const OWN: [&str; 6] = ["wireguard", "sysctls", "ours", "manifest", "digests", "check"];

/// All names, in the probe's order.
pub(super) const ALL: [&str; 15] = [
    "base",
    "os",
    "tools",
    "addresses",
    "routes",
    "listeners",
    "units",
    "containers",
    "firewalls",
    "wireguard",
    "sysctls",
    "ours",
    "manifest",
    "digests",
    "check",
];

/// `command not found` of a shell (POSIX 2.8.2), and what the probe says for a tool that is not there.
const NOT_THERE: u32 = 127;

pub(super) struct Sections<'a> {
    by_name: BTreeMap<&'static str, Section<'a>>,
}

#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) name: &'static str,
    pub(super) text: &'a str,
    status: u32,
}

impl Section<'_> {
    /// Whether what printed it ended with another status than 0.
    pub(super) fn failed(self) -> bool {
        self.status != 0
    }

    /// An error about this section.
    pub(super) fn error(self, problem: impl Into<String>) -> ObserveError {
        ObserveError::section(self.name, problem)
    }
}

impl<'a> Sections<'a> {
    /// The answer must have each of `names`, in that order.
    pub(super) fn split(mark: &str, text: &'a str, names: &[&'static str]) -> Result<Self, ObserveError> {
        let mut by_name = BTreeMap::new();
        let mut rest = text;
        for &name in names {
            let (begin, end) = (format!("{mark} begin {name}\n"), format!("\n{mark} end {name} "));
            let missing =
                || ObserveError::section(name, "it is missing; the answer broke off or is not the probe's");
            let start = rest.find(&begin).ok_or_else(missing)? + begin.len();
            // The empty section's end mark stands right behind the line feed of its begin.
            let body = &rest[start - 1..];
            let stop = body
                .find(&end)
                .ok_or_else(|| ObserveError::section(name, "it broke off"))?;
            let (status, after) = body[stop + end.len()..].split_once('\n').ok_or_else(missing)?;
            let status = status.trim().parse().map_err(|_| {
                ObserveError::section(
                    name,
                    format!("it ends in “{}” instead of a status", excerpt(status)),
                )
            })?;
            let text = body.get(1..stop).unwrap_or("");
            by_name.insert(name, Section { name, text, status });
            rest = after;
        }
        Ok(Self { by_name })
    }

    /// The section, whatever its status.
    pub(super) fn needed(&self, name: &'static str) -> Result<Section<'a>, ObserveError> {
        let section = self.by_name.get(name).copied();
        section.ok_or_else(|| ObserveError::section(name, "it is missing"))
    }

    /// The section of a tool that must have worked if it is there; empty if it is not.
    pub(super) fn tool(&self, name: &'static str) -> Result<Section<'a>, ObserveError> {
        let section = self.needed(name)?;
        match section.status {
            0 => Ok(section),
            NOT_THERE => Ok(Section { text: "", ..section }),
            status => Err(section.error(format!("the command failed with status {status}"))),
        }
    }

    /// The section of something whose failure says nothing; then it is empty.
    pub(super) fn optional(&self, name: &'static str) -> Result<Section<'a>, ObserveError> {
        let section = self.needed(name)?;
        Ok(if section.status == 0 {
            section
        } else {
            Section { text: "", ..section }
        })
    }
}
