//! What already runs on a VPS, and what cannot become one, is said before anything is touched.

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::site::says;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_host_that_is_no_linux_is_refused_before_it_is_touched",
            not_linux,
        ),
        Case::new("a_host_without_systemd_is_refused_before_it_is_touched", openrc),
        Case::new("rules_that_drop_are_named_before_the_vps_is_touched", drop_policy),
        Case::new(
            "another_wireguard_is_seen_and_its_port_not_taken",
            other_wireguard,
        ),
        Case::new("ufw_is_named_before_the_vps_is_touched", ufw),
        Case::new("docker_is_named_before_the_vps_is_touched", docker),
    ]
}

const HOST: &str = "vps61";

/// What `vps add` would do says all of these words, ends with `status`, and leaves the host as it was.
fn foretold(lab: &Lab, status: i32, words: &[&str]) -> Result<()> {
    let me = Operator::new(lab, "firewalls")?;
    let login = me.login(HOST)?;
    let mut line = vec!["vps", "add", "there"];
    line.extend(login.words.iter().map(String::as_str));
    let untouched = "test ! -e /etc/wirewarp && ! ls /etc/systemd/system/wirewarp* 2>/dev/null";
    for last in ["--dry-run", "--yes"] {
        if last == "--yes" && status == 0 {
            // Would go through; what it says was said by the dry run.
            continue;
        }
        let output = me.run(&[line.as_slice(), &[last]].concat())?;
        ensure!(output.status == status, "{output:?}");
        says(&format!("{}{}", output.stdout, output.stderr), words)?;
        lab.exec(HOST, untouched)?.ok().context("the host was touched")?;
    }
    let listed = me.json(&["vps", "list"])?;
    ensure!(listed.as_array().is_some_and(Vec::is_empty), "{listed}");
    Ok(())
}

/// Does something to the host for the length of a check.
fn meanwhile(lab: &Lab, before: &str, after: &str, check: impl Fn() -> Result<()>) -> Result<()> {
    let result = lab
        .exec(HOST, before)
        .and_then(|said| said.ok().map(drop))
        .and_then(|()| check());
    lab.exec(HOST, after)?.ok()?;
    result
}

fn not_linux(lab: &Lab) -> Result<()> {
    let uname = "printf '#!/bin/sh\\necho FreeBSD 14.1 amd64\\n' > /usr/local/bin/uname && chmod +x /usr/local/bin/uname";
    meanwhile(lab, uname, "rm -f /usr/local/bin/uname", || {
        foretold(lab, 1, &["FreeBSD", "Linux"])
    })
}

fn openrc(lab: &Lab) -> Result<()> {
    let before = "mkdir /run/openrc && mv /run/systemd/system /run/systemd/away";
    let after = "rmdir /run/openrc; mv /run/systemd/away /run/systemd/system";
    meanwhile(lab, before, after, || {
        foretold(lab, 1, &["OpenRC", "not supported"])
    })?;
    let before = "mv /run/systemd/system /run/systemd/away";
    let after = "mv /run/systemd/away /run/systemd/system";
    meanwhile(lab, before, after, || foretold(lab, 1, &["systemd"]))
}

fn drop_policy(lab: &Lab) -> Result<()> {
    lab.exec(HOST, "apt-get -qq update && apt-get -qq install --yes nftables")?
        .ok()?;
    let rules = "nft -f - <<'E'\ntable inet mine { chain input { type filter hook input priority 0; policy drop;\n\
         ct state established,related accept\n iif lo accept\n tcp dport 22 accept\n }\n\
         chain forward { type filter hook forward priority 0; policy drop;\n }\n}\nE";
    meanwhile(lab, rules, "nft delete table inet mine", || {
        foretold(lab, 0, &["warning", "forward", "51820", "mine"])
    })
}

fn other_wireguard(lab: &Lab) -> Result<()> {
    lab.exec(HOST, "apt-get -qq install --yes wireguard-tools wireguard-go")?
        .ok()?;
    let start = |port: u16| {
        format!(
            "systemd-run --quiet --unit=other-wg wireguard-go -f wg7 && \
             for i in $(seq 50); do wg show wg7 >/dev/null 2>&1 && break; sleep 0.1; done; \
             umask 077; wg genkey > /run/other.key && wg set wg7 listen-port {port} private-key /run/other.key && \
             ip address add 10.0.0.1/24 dev wg7 && ip link set wg7 up"
        )
    };
    let stop = "systemctl stop other-wg; ip link delete wg7 2>/dev/null; rm -f /run/other.key";
    meanwhile(lab, &start(51820), stop, || foretold(lab, 1, &["wg7", "51820"]))?;
    // With another port both live side by side, in networks that do not collide.
    meanwhile(lab, &start(51900), stop, || {
        foretold(lab, 0, &["wg7"])?;
        let me = Operator::new(lab, "firewalls")?;
        let login = me.login(HOST)?;
        let mut line = vec!["vps", "add", "there", "--dry-run", "--diff"];
        line.extend(login.words.iter().map(String::as_str));
        let plan = me.ok(&line)?;
        ensure!(
            !plan.contains("tunnel network 10.0.0."),
            "it is taken twice: {plan}"
        );
        Ok(())
    })
}

fn ufw(lab: &Lab) -> Result<()> {
    let before = "apt-get -qq install --yes ufw && ufw allow 22/tcp && ufw --force enable";
    meanwhile(lab, before, "ufw disable", || {
        foretold(lab, 0, &["ufw", "ufw allow 51820/udp", "ufw route allow"])
    })
}

fn docker(lab: &Lab) -> Result<()> {
    let before = "apt-get -qq install --yes docker.io && systemctl start docker";
    meanwhile(
        lab,
        before,
        "systemctl stop docker docker.socket; iptables -P FORWARD ACCEPT",
        || foretold(lab, 0, &["Docker", "DOCKER-USER"]),
    )
}
