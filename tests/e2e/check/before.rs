//! The hops up to the tunnel, each made to fail.

use anyhow::Result;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::put_wrong;
use wirewarp_tests::suite::Case;

use crate::place::{GAMES, blames, place, place_where, put_right};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_name_that_leads_elsewhere_is_named", name),
        Case::new("a_firewall_of_the_provider_is_named", provider),
        Case::new("a_rule_that_is_gone_is_named", rule),
        Case::new("another_firewall_of_the_vps_is_named_either_way", vps_firewall),
        Case::new("a_tunnel_that_is_stopped_at_home_is_named", stopped),
        Case::new("a_home_that_is_cut_off_is_named", cut),
    ]
}

fn name(lab: &Lab) -> Result<()> {
    place(lab)?;
    let _servers = lab.host_games("vm")?;
    let elsewhere = place_where(lab, "203.0.113.100")?;
    blames(&elsewhere, GAMES, "name", &["203.0.113.100"])
}

fn provider(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    lab.block(
        "vps1",
        "meta l4proto { tcp, udp } th dport { 19132, 25565, 27015 }",
    )?;
    let said = blames(&site, GAMES, "provider_firewall", &["security group"]);
    lab.unblock("vps1")?;
    said
}

fn rule(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    let flush = "for p in tcp udp; do nft flush map inet wirewarp ip_203_0_113_10_$p || exit 1; done";
    put_wrong(lab, "vps1", flush)?;
    let said = blames(&site, GAMES, "vps_rule", &["has no rule"]);
    put_right(lab, "vps1")?;
    said
}

/// Another program's table on a host, for as long as `work` takes.
pub fn with_firewall<T>(lab: &Lab, host: &str, rule: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let chain = "nft add chain ip other f '{ type filter hook forward priority -1; policy accept; }'";
    let table = format!("nft add table ip other && {chain} && nft add rule ip other f {rule}");
    lab.exec(host, &table)?.ok()?;
    let said = work();
    lab.exec(host, "nft delete table ip other")?.ok()?;
    said
}

fn vps_firewall(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    with_firewall(lab, "vps1", "oifname ww0 ip daddr 10.99.0.0/16 drop", || {
        blames(&site, GAMES, "vps_rule", &["another firewall there drops them"])
    })?;
    with_firewall(lab, "vps1", "iifname ww0 ip saddr 10.99.0.0/16 drop", || {
        blames(&site, GAMES, "vps_rule", &["The answers of"])
    })
}

fn stopped(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    put_wrong(lab, "home", "systemctl stop wirewarp-wg@ww0.service")?;
    let said = blames(&site, GAMES, "tunnel", &["ww0"]);
    put_right(lab, "home")?;
    said
}

fn cut(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    lab.cut_link("home")?;
    let said = blames(
        &site,
        GAMES,
        "tunnel",
        &["See whether attic runs and has internet"],
    );
    lab.restore_link("home")?;
    put_right(lab, "home")?;
    said
}
