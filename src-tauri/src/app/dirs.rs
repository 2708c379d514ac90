//! Where the inventory is.

use std::path::PathBuf;

/// The folder that `WIREWARP_DATA_DIR` names, or the same as that of the command: `$XDG_DATA_HOME/wirewarp`,
/// `%APPDATA%\wirewarp` or `~/Library/Application Support/wirewarp`. None if there is no home directory.
pub(super) fn data_dir() -> Option<PathBuf> {
    let named = std::env::var_os("WIREWARP_DATA_DIR").filter(|name| !name.is_empty());
    named
        .map(PathBuf::from)
        .or_else(|| Some(directories::BaseDirs::new()?.data_dir().join("wirewarp")))
}
