//! Names and numbers of Proxmox, parsed. What a server says becomes one of these or is an error.

mod ids;
mod mac;

use std::fmt::Write;

pub use ids::{BridgeName, Digest, NodeName, TokenId, Upid, UserId, Vmid};
pub use mac::Mac;

/// `text` as one part of a path: everything but letters, digits, `-`, `.`, `_` and `~` is encoded (RFC 3986, 2.3).
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
