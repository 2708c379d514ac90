//! The systemd unit that collects without anybody logged in.

use crate::{
    args::watch::MonitorArgs,
    context::{Context, Failure},
};

/// A unit for the person who runs this, over the same inventory.
pub fn unit(ctx: &Context, args: &MonitorArgs) -> Result<String, Failure> {
    let program = std::env::current_exe().map_err(|error| Failure::Other(error.into()))?;
    let program = program.display().to_string();
    let data_dir = ctx.engine.data_dir().display().to_string();
    let listen = args
        .listen
        .map(|address| format!(" --listen {address}"))
        .unwrap_or_default();
    let user = ctx.engine.user();
    Ok(format!(
        "# Figures of WireWarp without the window. Install it with
#   wirewarp monitor --unit | sudo tee /etc/systemd/system/wirewarp-monitor.service
#   sudo systemctl daemon-reload && sudo systemctl enable --now wirewarp-monitor
#
# A service has no keychain. If passwords or passphrases are needed, keep them in the vault, and give the service the vault's
# passphrase as a credential that only this machine can decrypt; then take the # from the two lines below:
#   systemd-ask-password -n | sudo systemd-creds encrypt --name=wirewarp-vault - /etc/credstore.encrypted/wirewarp-vault
[Unit]
Description=WireWarp: figures of hosts, peers and forwards
Wants=network-online.target
After=network-online.target

[Service]
User={user}
ExecStart={} --data-dir {} monitor --interval {}{listen}
#LoadCredentialEncrypted=wirewarp-vault
#Environment=WIREWARP_VAULT_PASSPHRASE_FILE=%d/wirewarp-vault
Restart=on-failure
RestartSec=30
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={}
PrivateTmp=yes

[Install]
WantedBy=multi-user.target",
        quoted(&program),
        quoted(&data_dir),
        args.interval,
        quoted(&data_dir),
    ))
}

/// A word as systemd reads it (systemd.syntax(7)): specifiers and quotes have no meaning in it.
fn quoted(word: &str) -> String {
    let escaped = word.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_path_stays_one_word() {
        assert_eq!(quoted("/srv/my 100%\"x"), "\"/srv/my 100%%\\\"x\"");
    }
}
