//! `wirewarp vps ...`

use clap::{Args, Subcommand, ValueHint};
use std::path::PathBuf;

use super::Removal;

#[derive(Debug, Subcommand)]
pub enum VpsCommand {
    /// Connect a VPS and make it a WireGuard server
    Add(Box<VpsAdd>),
    /// List VPSes
    List,
    /// Show one VPS
    Show {
        /// Its name
        name: String,
    },
    /// Bring one VPS to what the inventory says
    Apply {
        /// Its name
        name: String,
    },
    /// Give it another name
    Rename {
        /// Its name
        name: String,
        /// Its new name
        new_name: String,
    },
    /// Forget the remembered host key and ask for the new one (you reinstalled the server)
    Trust {
        /// VPS or peer
        name: String,
        /// The fingerprint to accept, as `ssh-keygen -lf` prints it
        #[arg(long, value_name = "SHA256:..")]
        trust: Option<String>,
    },
    /// Show what it carried this month, or say how much it may
    Quota {
        /// Its name
        name: String,
        /// What it may carry in a month, both ways together, e.g. 20TB or 500GB; `none` if nobody counts
        #[arg(value_parser = quota)]
        size: Option<QuotaSize>,
        /// Day on which the provider's month begins
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=28))]
        first_day: u8,
    },
    /// Leave the host as it was found and forget it
    Remove(Removal),
}

/// Bytes, or no quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotaSize(pub Option<u64>);

/// `500GB`, `20TB`, `1.5TB`, `2TiB`.
fn quota(text: &str) -> Result<QuotaSize, String> {
    let wrong = || "it is not a size such as 500GB or 20TB".to_owned();
    if text == "none" {
        return Ok(QuotaSize(None));
    }
    let units = [
        ("TiB", 1 << 40),
        ("GiB", 1 << 30),
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
    ];
    let (number, unit) = units
        .iter()
        .find_map(|(name, unit)| Some((text.strip_suffix(name)?.trim(), *unit)))
        .ok_or_else(wrong)?;
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.len() <= 6 && text.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(tenth) || tenth.len() != 1 {
        return Err(wrong());
    }
    let tenths: u64 = format!("{whole}{tenth}").parse().map_err(|_| wrong())?;
    let bytes = tenths.checked_mul(unit).map(|tenths| tenths / 10);
    let bytes = bytes.filter(|bytes| *bytes > 0);
    bytes.map(|bytes| QuotaSize(Some(bytes))).ok_or_else(wrong)
}

#[derive(Debug, Args)]
pub struct VpsAdd {
    /// What to call it
    pub name: String,
    #[command(flatten)]
    pub ssh: SshArgs,
    /// Addresses inside the tunnel [default: 10.0.0.0/24 unless it collides]
    #[arg(long, value_name = "CIDR")]
    pub tunnel_network: Option<String>,
    /// UDP port of WireGuard
    #[arg(long, value_name = "PORT", default_value = "51820")]
    pub listen_port: String,
    /// Public addresses for the IP pool [default: all that are found]; PUBLIC=PRIVATE where the provider maps them
    #[arg(long = "ip", value_name = "ADDR")]
    pub ips: Vec<String>,
}

/// How a host is reached.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option that can be typed"
)]
pub struct SshArgs {
    /// Address, name, user@address, or an alias of ~/.ssh/config
    #[arg(long, value_name = "ADDR", value_hint = ValueHint::Hostname)]
    pub host: Option<String>,
    /// SSH port
    #[arg(long, value_name = "N")]
    pub port: Option<String>,
    /// User to log in as
    #[arg(long, value_name = "U")]
    pub user: Option<String>,
    /// Private key file
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "agent")]
    pub key: Option<PathBuf>,
    /// Use ssh-agent alone
    #[arg(long)]
    pub agent: bool,
    /// Read the SSH password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,
    /// Read the sudo password from the next line of standard input
    #[arg(long)]
    pub sudo_password_stdin: bool,
    /// Jump host: user@address:port or an alias
    #[arg(long, value_name = "H")]
    pub jump: Option<String>,
    /// Accept this host key, as `ssh-keygen -lf` prints its fingerprint
    #[arg(long, value_name = "SHA256:..")]
    pub trust: Option<String>,
    /// With a password: make a key, install it on the host, and use it from now on
    #[arg(long, requires = "password_stdin")]
    pub install_key: bool,
}

#[cfg(test)]
mod tests {
    use super::{QuotaSize, quota};

    #[test]
    fn sizes_of_a_quota_are_read() {
        assert_eq!(quota("20TB"), Ok(QuotaSize(Some(20_000_000_000_000))));
        assert_eq!(quota("1.5 TB"), Ok(QuotaSize(Some(1_500_000_000_000))));
        assert_eq!(quota("1GiB"), Ok(QuotaSize(Some(1_073_741_824))));
        assert_eq!(quota("none"), Ok(QuotaSize(None)));
        for wrong in ["", "20", "TB", "-1TB", "0TB", "1.25TB", "20 tb", "99999999TB"] {
            assert!(quota(wrong).is_err(), "{wrong}");
        }
    }
}
