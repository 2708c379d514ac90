//! Which NIC of a guest.

use std::fmt;

/// The N of `netN`: 0 to 31 (`MAX_NETS` of qemu-server and pve-container).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NicIndex(u8);

impl NicIndex {
    /// The highest.
    pub const LAST: u8 = 31;

    /// The number, if there can be such a NIC.
    pub fn new(number: u8) -> Option<Self> {
        (number <= Self::LAST).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }

    /// Reads `net7`; nothing for other keys, among them `net07` and `net32`.
    pub fn of_key(key: &str) -> Option<Self> {
        let digits = key.strip_prefix("net")?;
        let plain = digits == "0" || (!digits.starts_with(['0', '+']));
        Self::new(digits.parse().ok()?).filter(|_| plain)
    }

    /// The key of the configuration, `net7`.
    pub fn key(self) -> String {
        format!("net{}", self.0)
    }

    /// The lowest that none of `taken` has; nothing when all 32 are there.
    pub fn first_free(taken: impl IntoIterator<Item = Self>) -> Option<Self> {
        let taken: std::collections::BTreeSet<Self> = taken.into_iter().collect();
        (0..=Self::LAST).map(Self).find(|index| !taken.contains(index))
    }
}

impl fmt::Display for NicIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "net{}", self.0)
    }
}
