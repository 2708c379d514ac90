//! Things that go wrong on the way: cables, silent losses, slow lines, a new address from the provider.

use std::net::Ipv4Addr;

use anyhow::{Context, Result};

use super::Lab;
use super::topology::{HUB, Plug};

impl Lab {
    /// Pulls the network cable of a node: its interface loses its carrier.
    pub fn cut_link(&self, node: &str) -> Result<()> {
        let near = self.far_side(node)?;
        self.nets()
            .ip(&near.node, &format!("link set {} down", near.port))
            .map(drop)
    }

    /// Puts the cable back.
    pub fn restore_link(&self, node: &str) -> Result<()> {
        let near = self.far_side(node)?;
        self.nets()
            .ip(&near.node, &format!("link set {} up", near.port))
            .map(drop)
    }

    /// Silently drops, at the other end of a node's cable, what matches an nftables expression such as
    /// `udp dport 51820` or `numgen random mod 100 < 5` (empty: everything), both ways, until [`Lab::unblock`].
    pub fn block(&self, node: &str, matching: &str) -> Result<()> {
        let near = self.far_side(node)?;
        let port = &near.port;
        let table = block_table(port);
        let rules = format!(
            "table netdev {table} {{}}\ndelete table netdev {table}\ntable netdev {table} {{\n\
             chain from {{ type filter hook ingress device \"{port}\" priority 0; {matching} drop\n }}\n\
             chain to {{ type filter hook egress device \"{port}\" priority 0; {matching} drop\n }}\n}}\n"
        );
        self.nets().load_rules(&near.node, &rules)
    }

    /// Ends a [`Lab::block`].
    pub fn unblock(&self, node: &str) -> Result<()> {
        let near = self.far_side(node)?;
        let rules = format!("delete table netdev {}\n", block_table(&near.port));
        self.nets().load_rules(&near.node, &rules)
    }

    /// Kills a host's side of every SSH connection, as a crash of it or a firewall's reset does.
    pub fn cut_ssh(&self, host: &str) -> Result<()> {
        let kill = "for pid in $(ss -Htnp state established '( sport = :22 )' | grep -o 'pid=[0-9]*' | cut -d = -f 2 | sort -u)
                    do kill -KILL $pid; done";
        self.exec(host, kill)?.ok().map(drop)
    }

    /// Limits what a node receives and sends, each, to this many megabits per second.
    pub fn limit_rate(&self, node: &str, megabits: u32) -> Result<()> {
        let (own, near) = self.cable_of(node)?;
        for plug in [own, near] {
            let Plug { node, port, .. } = plug;
            let rate = format!("rate {megabits}mbit burst 64kb latency 50ms");
            let line = format!("tc qdisc replace dev {port} root tbf {rate}");
            let words: Vec<&str> = line.split(' ').collect();
            self.nets().must(node, &words)?;
        }
        Ok(())
    }

    /// Ends a [`Lab::limit_rate`].
    pub fn unlimit_rate(&self, node: &str) -> Result<()> {
        let (own, near) = self.cable_of(node)?;
        for Plug { node, port, .. } in [own, near] {
            self.nets()
                .must(node, &["tc", "qdisc", "del", "dev", port, "root"])?;
        }
        Ok(())
    }

    /// The home's provider reconnects: the router gets another address on the internet and forgets all flows.
    pub fn renumber_home(&self, address: Ipv4Addr) -> Result<()> {
        let nets = self.nets();
        nets.ip("router", "address flush dev wan0")?;
        nets.ip("router", &format!("address add {address}/24 dev wan0"))?;
        nets.ip("router", &format!("route replace default via {HUB}"))?;
        nets.must("router", &["conntrack", "-F"]).map(drop)
    }

    /// Sets the MTU of the home's line, as `PPPoE` does with 1492 (1500 is what it was); with `silent`, what does not fit
    /// vanishes without the ICMP message that would tell the sender; on its way to the home it always does, since the hub
    /// hands it over as a bridge.
    pub fn limit_home_mtu(&self, mtu: u16, silent: bool) -> Result<()> {
        self.nets().ip("router", &format!("link set wan0 mtu {mtu}"))?;
        self.nets().ip("hub", &format!("link set p-router mtu {mtu}"))?;
        // Else the bridge takes the smallest of its ports', and with it the way of everybody whom the hub routes.
        self.nets().ip("hub", "link set inet0 mtu 1500")?;
        let none = "table ip silent {}\ndelete table ip silent\n";
        let drop = "table ip silent {\n chain out { type filter hook output priority 0;\n\
                    icmp type destination-unreachable icmp code frag-needed drop\n }\n}\n";
        let rules = if silent {
            [none, drop].concat()
        } else {
            none.to_owned()
        };
        self.nets().load_rules("router", &rules)?;
        self.nets().load_rules("hub", &rules)
    }

    fn far_side(&self, node: &str) -> Result<&Plug> {
        self.cable_of(node).map(|(_, near)| near)
    }

    /// The cable that a node hangs on, not those that hang on it.
    fn cable_of(&self, node: &str) -> Result<(&Plug, &Plug)> {
        let cables = self.topology.cables.iter();
        let mut hanging = cables.filter(|cable| cable.far.node == node);
        let cable = hanging.next().with_context(|| format!("{node} has no cable"))?;
        Ok((&cable.far, &cable.near))
    }
}

fn block_table(port: &str) -> String {
    format!("block_{}", port.replace('-', "_"))
}
