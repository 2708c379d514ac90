//! What a host keeps and loses.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("hosts_start_without_and_install_what_a_tunnel_needs", installs),
        Case::new("a_reboot_keeps_files_and_loses_the_kernel_state", reboot),
        Case::new("a_host_that_lost_power_starts_with_what_it_wrote", power_loss),
        Case::new("a_reset_host_is_the_fresh_one_with_the_same_key", reset),
        Case::new("a_reinstalled_host_has_another_key", reinstall),
        Case::new("a_snapshot_is_gone_back_to_more_than_once", snapshot),
        Case::new("hosts_are_reset_at_once", reset_at_once),
    ]
}

const BOTH: [&str; 2] = ["vps1", "vps2"];

fn installs(lab: &Lab) -> Result<()> {
    lab.at_once(&BOTH, |host| {
        let there = lab.exec(host, "command -v wg nft conntrack wireguard-go")?;
        ensure!(there.stdout.is_empty(), "{there:?}");
        let install = "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes \
             wireguard-tools wireguard-go nftables conntrack";
        lab.ssh(host, install)?.ok()?;
        let tunnel = "cd /etc/wireguard && printf '[Interface]\\nPrivateKey = %s\\nAddress = 10.0.0.1/24\\n' \
             $(wg genkey) > t0.conf && wg-quick up t0 && wg show t0 public-key && wg-quick down t0";
        lab.ssh(host, tunnel)?.ok()?;
        lab.ssh(
            host,
            "nft add table inet mine && nft list table inet mine && conntrack -C",
        )?
        .ok()
        .map(drop)
    })
}

fn reboot(lab: &Lab) -> Result<()> {
    lab.at_once(&BOTH, |host| {
        let before = lab.boot_id(host)?;
        lab.exec(host, "echo kept > /root/note; sysctl -w net.ipv4.ip_forward=1")?
            .ok()?;
        lab.exec(
            host,
            "ip rule add fwmark 7 lookup 7; ip link add leftover type bridge",
        )?
        .ok()?;
        lab.reboot(host)?;
        ensure!(lab.boot_id(host)? != before, "{host} did not reboot");
        ensure!(lab.exec(host, "cat /root/note")?.ok()? == "kept");
        let state = lab.exec(
            host,
            "sysctl -n net.ipv4.ip_forward; ip rule | grep -c 'lookup 7'; ip -br link",
        )?;
        ensure!(state.stdout.starts_with("0\n0\n"), "{state:?}");
        ensure!(!state.stdout.contains("leftover"), "{state:?}");
        Ok(())
    })
}

fn power_loss(lab: &Lab) -> Result<()> {
    lab.at_once(&BOTH, |host| {
        let unit = "[Service]\\nType=oneshot\\nRemainAfterExit=yes\\nExecStart=true\\n\
             ExecStop=touch /root/stopped\\n[Install]\\nWantedBy=multi-user.target\\n";
        let script = format!(
            "rm -f /root/stopped; printf '{unit}' > /etc/systemd/system/witness.service; \
             systemctl enable --now witness; echo written > /root/note"
        );
        lab.exec(host, &script)?.ok()?;
        lab.power_loss(host)?;
        ensure!(!lab.is_on(host));
        lab.start(host)?;
        ensure!(lab.exec(host, "cat /root/note")?.ok()? == "written");
        ensure!(
            !lab.exec(host, "test -e /root/stopped")?.succeeded(),
            "it was shut down"
        );
        lab.reboot(host)?;
        lab.exec(host, "test -e /root/stopped")?.ok().map(drop)
    })
}

fn host_key(lab: &Lab, host: &str) -> Result<String> {
    let key = lab.exec(host, "cat /etc/ssh/ssh_host_ed25519_key.pub /etc/machine-id")?;
    Ok(key.ok()?.to_owned())
}

fn reset(lab: &Lab) -> Result<()> {
    let key = host_key(lab, "vps1")?;
    lab.exec(
        "vps1",
        "echo here > /root/note; rm /bin/ping /etc/debian_version; mkdir /opt/x",
    )?;
    lab.reset("vps1")?;
    lab.exec(
        "vps1",
        "test -e /etc/debian_version && ! test -e /root/note && ! test -e /opt/x",
    )?
    .ok()?;
    ensure!(host_key(lab, "vps1")? == key, "the host key changed");
    Ok(())
}

fn reinstall(lab: &Lab) -> Result<()> {
    let key = host_key(lab, "vps2")?;
    lab.reinstall("vps2")?;
    ensure!(host_key(lab, "vps2")? != key, "the host key is the old one");
    lab.ssh("vps2", "true")?.ok().map(drop)
}

fn snapshot(lab: &Lab) -> Result<()> {
    lab.reset("home")?;
    lab.exec(
        "home",
        "echo one > /root/note; rm -r /etc/kernel; mkdir /etc/kernel",
    )?
    .ok()?;
    let one = lab.snapshot("home")?;
    for round in 0..2 {
        let there = lab.exec("home", "cat /root/note; ls -A /etc/kernel /opt")?;
        ensure!(
            there.ok()?.starts_with("one\n/etc/kernel:\n\n/opt:"),
            "round {round}: {there:?}"
        );
        lab.exec("home", "echo two > /root/note; touch /opt/new /etc/kernel/new")?
            .ok()?;
        lab.reset_to(&one)?;
    }
    lab.reset("home")?;
    ensure!(!lab.exec("home", "test -e /root/note")?.succeeded());
    Ok(())
}

fn reset_at_once(lab: &Lab) -> Result<()> {
    let hosts = ["vps1", "vps2", "home"];
    lab.at_once(&hosts, |host| lab.exec(host, "touch /root/note").map(drop))?;
    lab.at_once(&hosts, |host| lab.reset(host))?;
    lab.at_once(&hosts, |host| {
        lab.exec(host, "! test -e /root/note")?.ok().map(drop)
    })
}
