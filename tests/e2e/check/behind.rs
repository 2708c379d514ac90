//! The hops behind the tunnel, each made to fail.

use anyhow::Result;
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::put_wrong;
use wirewarp_tests::suite::Case;

use crate::before::with_firewall;
use crate::place::{GAMES, blames, place, put_right};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("routing_at_home_that_is_broken_is_named", routing),
        Case::new("another_firewall_at_home_is_named", firewall),
        Case::new("a_machine_that_is_off_is_named", machine),
        Case::new("a_port_on_which_nothing_listens_is_named", program),
    ]
}

fn routing(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    put_wrong(lab, "home", "ip rule del pref 7701 && ip rule del pref 7751")?;
    let rules = blames(&site, GAMES, "peer_routing", &["7701"]);
    put_right(lab, "home")?;
    rules?;
    put_wrong(lab, "home", "ip route del default table 7701 dev ww0")?;
    let route = blames(&site, GAMES, "peer_routing", &["route"]);
    put_right(lab, "home")?;
    route
}

fn firewall(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    let _servers = lab.host_games("vm")?;
    with_firewall(lab, "home", "iifname ww0 drop", || {
        blames(
            &site,
            GAMES,
            "peer_routing",
            &["another firewall there drops them"],
        )
    })
}

fn machine(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    lab.nets().ip("vm", "link set eth0 down")?;
    let said = blames(&site, GAMES, "guest", &["does not answer on its network"]);
    site.connect("vm", "attic")?;
    said
}

fn program(lab: &Lab) -> Result<()> {
    let site = place(lab)?;
    blames(&site, GAMES, "program", &["nothing listens on"])
}
