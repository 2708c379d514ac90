//! Why the inventory could not be read or written.

use wirewarp_model::Name;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file cannot be opened.
    #[error("The inventory {path} cannot be opened: {why}")]
    Open {
        /// Its path.
        path: String,
        /// Why.
        why: String,
    },
    /// The file was made by a newer version.
    #[error("The inventory {path} was made by a newer version of WireWarp.")]
    Newer {
        /// Its path.
        path: String,
    },
    /// The file is damaged.
    #[error("The inventory {path} is damaged: {why}")]
    Corrupt {
        /// Its path.
        path: String,
        /// What the check says.
        why: String,
    },
    /// The file turned out to be damaged while it was read or written.
    #[error("The inventory is damaged: {0}")]
    Damaged(String),
    /// Somebody else changed the inventory since it was read.
    #[error("The inventory was changed by somebody else in the meantime.")]
    Changed,
    /// A name is taken.
    #[error("There is a {by} called “{name}” already.")]
    NameTaken {
        /// The name.
        name: Name,
        /// Who has it: `VPS` or `peer`.
        by: &'static str,
    },
    /// Something that is unique would be there twice, or something is still in use.
    #[error("The change does not fit the inventory: {0}")]
    Constraint(String),
    /// Another program holds the file.
    #[error("The inventory is in use by another program and stayed locked.")]
    Locked,
    /// No room.
    #[error("The disk that holds the inventory is full.")]
    DiskFull,
    /// The file cannot be written.
    #[error("The inventory cannot be written: its file is read-only.")]
    ReadOnly,
    /// A stored value cannot be read.
    #[error("The inventory holds a value that cannot be read: {0}")]
    Value(String),
    /// Anything else of the database.
    #[error("The inventory could not be read or written: {0}")]
    Database(String),
    /// A secret could not be kept or read.
    #[error("{0}")]
    Secret(String),
    /// Nobody said the vault's passphrase.
    #[error("No keychain answers, and nobody gave the passphrase of the vault file that keeps passwords.")]
    VaultShut,
    /// The vault's passphrase, or the file, is not right; which of them cannot be told.
    #[error("The vault file cannot be used: the passphrase is wrong, or the file is damaged.")]
    VaultPassphrase,
}

impl StoreError {
    /// A stable identifier.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Open { .. } => "inventory_open",
            Self::Newer { .. } => "inventory_newer",
            Self::Corrupt { .. } | Self::Damaged(_) => "inventory_corrupt",
            Self::Changed => "inventory_changed",
            Self::NameTaken { .. } => "name_taken",
            Self::Constraint(_) => "constraint",
            Self::Locked => "inventory_locked",
            Self::DiskFull => "local_disk_full",
            Self::ReadOnly => "inventory_read_only",
            Self::Value(_) => "inventory_value",
            Self::Database(_) => "inventory",
            Self::Secret(_) => "secrets",
            Self::VaultShut => "vault_shut",
            Self::VaultPassphrase => "vault_passphrase",
        }
    }

    /// What to do next.
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Open { .. } => "Check the folder's permissions, or name another with --data-dir.",
            Self::Newer { .. } => "Update WireWarp, or name another folder with --data-dir.",
            Self::Corrupt { .. } | Self::Damaged(_) => {
                "Copy the file aside, then take a copy from before (inventory.db.before-*), or begin anew and run `wirewarp drift HOST --adopt`."
            }
            Self::Changed => "Run the command again; it begins from what is there now.",
            Self::NameTaken { .. } => "Choose another name; VPSes and peers share one set of names.",
            Self::Locked => "Wait until the other program is done, and run the command again.",
            Self::DiskFull => "Make room on this machine's disk.",
            Self::ReadOnly => "Make the file writable for you.",
            Self::VaultPassphrase => {
                "If nobody knows the passphrase any more, move the file `vault` of the data folder away; the passwords in it have to be typed anew then."
            }
            Self::Secret(_) | Self::VaultShut => {
                "Unlock your keychain, or set WIREWARP_VAULT_PASSPHRASE (or WIREWARP_VAULT_KEY_FILE) for the vault file."
            }
            Self::Constraint(_) | Self::Value(_) | Self::Database(_) => return vec![],
        };
        vec![hint.to_owned()]
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::Database(error.to_string());
        };
        let message = database.message().to_owned();
        // The first byte of SQLite's extended result codes is the primary one (sqlite.org/rescode.html).
        let code = database
            .code()
            .and_then(|code| code.parse::<i32>().ok())
            .unwrap_or(0)
            & 0xff;
        match code {
            5 | 6 => Self::Locked,
            8 => Self::ReadOnly,
            11 | 26 => Self::Damaged(message),
            13 => Self::DiskFull,
            19 => Self::Constraint(in_words(&message)),
            _ => Self::Database(message),
        }
    }
}

/// What a broken constraint means. SQLite names columns: `UNIQUE constraint failed: peers.number`.
fn in_words(message: &str) -> String {
    let meanings = [
        (
            "FOREIGN KEY",
            "something that is removed is still needed, or something that is needed is not there",
        ),
        ("vpses.host_id", "this machine is a VPS of the inventory already"),
        ("vpses.tunnel_network", "another VPS has this tunnel network"),
        ("public_ips.address", "this public IP is in an IP pool already"),
        (
            "public_ips.vps_id",
            "two public IPs of the VPS have the same address on its interface",
        ),
        ("peers.number", "another peer has this number"),
        ("peers.vm_network", "another peer has this VM network"),
        ("peers.vps_id", "another peer of the VPS has this tunnel address"),
        (
            "peers.host_id",
            "another peer of the machine uses this tunnel interface",
        ),
    ];
    let meaning = meanings.iter().find(|(part, _)| message.contains(part));
    meaning.map_or_else(|| message.to_owned(), |(_, words)| (*words).to_owned())
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Value(error.to_string())
    }
}
