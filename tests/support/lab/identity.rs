//! What makes one host differ from another: name, keys, users, addresses.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Result;
use uuid::Uuid;

use super::process::{DEFAULT_LIMIT, limited, must, run};
use super::spec::{HostSpec, Login, Release};
use super::topology::{gateway, interface_addresses};

/// Writes a new identity into a mounted root. Host keys and machine id are new each time, as after a
/// reinstallation.
pub fn write(root: &Path, host: &HostSpec, operator_key: &str) -> Result<()> {
    let name = &host.name;
    fs::write(root.join("etc/hostname"), format!("{name}\n"))?;
    fs::write(
        root.join("etc/hosts"),
        format!("127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost\n"),
    )?;
    fs::write(
        root.join("etc/machine-id"),
        format!("{}\n", Uuid::new_v4().simple()),
    )?;
    must(&["ssh-keygen", "-q", "-A", "-f", &root.display().to_string()])?;
    write_sshd(root, host)?;
    write_user(root, &host.login, operator_key)?;
    match host.release {
        Release::Bookworm => write_ifupdown(root, host),
        Release::Trixie => write_networkd(root, host),
    }
}

fn write_sshd(root: &Path, host: &HostSpec) -> Result<()> {
    let root_login = match host.login {
        Login::RootKey => "prohibit-password",
        Login::RootPassword { .. } => "yes",
        Login::SudoFree { .. } | Login::SudoAsking { .. } | Login::Password { .. } => "no",
    };
    let passwords = if host.login.by_key() { "no" } else { "yes" };
    let settings = format!(
        "Port {}\nUseDNS no\nPermitRootLogin {root_login}\nPasswordAuthentication {passwords}\n",
        host.ssh_port
    );
    fs::write(root.join("etc/ssh/sshd_config.d/10-lab.conf"), settings)?;
    Ok(())
}

fn write_user(root: &Path, login: &Login, operator_key: &str) -> Result<()> {
    let user = login.user();
    if user != "root" {
        in_root(
            root,
            &["useradd", "--create-home", "--shell", "/bin/bash", user],
            "",
        )?;
    }
    if let Some(password) = login.password() {
        in_root(root, &["chpasswd"], &format!("{user}:{password}\n"))?;
    }
    match login {
        Login::RootKey | Login::RootPassword { .. } => {}
        Login::SudoFree { user } => {
            let rule = format!("{user} ALL=(ALL) NOPASSWD: ALL\n");
            fs::write(root.join("etc/sudoers.d/lab"), rule)?;
        }
        Login::SudoAsking { user, .. } | Login::Password { user, .. } => {
            in_root(root, &["usermod", "--append", "--groups", "sudo", user], "")?;
        }
    }
    if login.by_key() {
        let home = if user == "root" {
            "/root".to_owned()
        } else {
            format!("/home/{user}")
        };
        write_key(root, user, &home, operator_key)?;
    }
    Ok(())
}

fn write_key(root: &Path, user: &str, home: &str, operator_key: &str) -> Result<()> {
    let folder = root.join(home.trim_start_matches('/')).join(".ssh");
    fs::create_dir_all(&folder)?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
    fs::write(folder.join("authorized_keys"), operator_key)?;
    let owner = format!("{user}:{user}");
    in_root(root, &["chown", "-R", &owner, &format!("{home}/.ssh")], "")
}

/// Debian's own way up to 12: `networking.service`, after `network-pre.target`.
fn write_ifupdown(root: &Path, host: &HostSpec) -> Result<()> {
    let addresses: Vec<String> = interface_addresses(&host.place)
        .iter()
        .map(|address| format!("iface eth0 inet static\n  address {address}\n"))
        .collect();
    let text = format!(
        "auto lo\niface lo inet loopback\n\nauto eth0\n{}  gateway {}\n",
        addresses.concat(),
        gateway(&host.place)
    );
    fs::write(root.join("etc/network/interfaces"), text)?;
    Ok(())
}

/// The way of cloud images of 13. Its networkd deletes routing rules that are not its own when it starts.
fn write_networkd(root: &Path, host: &HostSpec) -> Result<()> {
    let addresses: Vec<String> = interface_addresses(&host.place)
        .iter()
        .map(|address| format!("Address={address}\n"))
        .collect();
    let text = format!(
        "[Match]\nName=eth0\n\n[Network]\n{}Gateway={}\n",
        addresses.concat(),
        gateway(&host.place)
    );
    let folder = root.join("etc/systemd/network");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("10-eth0.network"), text)?;
    fs::write(
        root.join("etc/network/interfaces"),
        "auto lo\niface lo inet loopback\n",
    )?;
    let units = root.join("etc/systemd/system/multi-user.target.wants");
    fs::create_dir_all(&units)?;
    must(&[
        "ln",
        "-sf",
        "/usr/lib/systemd/system/systemd-networkd.service",
        &units.join("systemd-networkd.service").display().to_string(),
    ])?;
    Ok(())
}

fn in_root(root: &Path, words: &[&str], input: &str) -> Result<()> {
    let root = root.display().to_string();
    let mut line = vec!["chroot", root.as_str()];
    line.extend(words);
    run(limited(DEFAULT_LIMIT, &line), input.as_bytes())?.ok()?;
    Ok(())
}
