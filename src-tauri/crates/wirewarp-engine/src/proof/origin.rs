//! Which of the flows that a host saw is that of our try, and which belong to others.
//!
//! A port that is checked is often in use: packets, flows and answers of players are no evidence for what became of ours.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddrV4},
};

/// Who makes a try, as far as that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address and port of the socket here.
    pub local: Option<SocketAddrV4>,
    /// The address with which this machine's SSH arrives at the VPS: that of our router, if there is one.
    pub seen_as: Option<Ipv4Addr>,
}

/// What a host says of our flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own<T> {
    /// It saw it: its source, and what is known of it.
    Seen(SocketAddrV4, T),
    /// It did not.
    NotSeen,
    /// It saw flows of which one may be ours.
    Unsure,
}

impl Origin {
    /// Which of `sources` is ours; `before` are those that were there before the try.
    ///
    /// Routers keep the port where they can (RFC 4787, section 4.2.2), so that the port decides, and the address where
    /// ports are equal. Where a router changed it, the one new source with our address is taken; of two new ones, from
    /// machines behind the same router, nothing tells which is ours.
    pub fn own<T: Copy>(
        &self,
        sources: &BTreeMap<SocketAddrV4, T>,
        before: &BTreeMap<SocketAddrV4, T>,
    ) -> Own<T> {
        let fresh: Vec<(SocketAddrV4, T)> = sources
            .iter()
            .filter(|(source, _)| !before.contains_key(source))
            .map(|(source, known)| (*source, *known))
            .collect();
        let Some(local) = self.local else {
            return if fresh.is_empty() {
                Own::NotSeen
            } else {
                Own::Unsure
            };
        };
        let by_port = |(source, _): &&(SocketAddrV4, T)| source.port() == local.port();
        let by_address = |(source, _): &&(SocketAddrV4, T)| {
            source.ip() == local.ip() || Some(*source.ip()) == self.seen_as
        };
        let exact: Vec<_> = fresh.iter().filter(by_port).filter(by_address).collect();
        if exact.is_empty() && self.seen_as == Some(*local.ip()) {
            // No router between: ours has our port, or it is not there.
            return Own::NotSeen;
        }
        let port: Vec<_> = fresh.iter().filter(by_port).collect();
        let address: Vec<_> = fresh.iter().filter(by_address).collect();
        match [exact, port, address]
            .into_iter()
            .find(|found| !found.is_empty())
            .as_deref()
        {
            Some([(source, known)]) => Own::Seen(*source, *known),
            None if fresh.is_empty() || self.seen_as.is_some() => Own::NotSeen,
            Some(_) | None => Own::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(texts: &[&str]) -> BTreeMap<SocketAddrV4, u8> {
        texts.iter().map(|text| (text.parse().unwrap(), 1)).collect()
    }

    const ROUTER: Option<Ipv4Addr> = Some(Ipv4Addr::new(198, 51, 100, 7));

    fn own(seen_as: Option<Ipv4Addr>, now: &[&str], before: &[&str]) -> Own<u8> {
        let local = Some("192.168.1.20:40000".parse().unwrap());
        Origin { local, seen_as }.own(&sources(now), &sources(before))
    }

    #[test]
    fn ours_is_told_from_those_of_others() {
        let player = "203.0.113.100:40000";
        for (now, ours) in [
            // The port is the same by chance: the address decides.
            (vec![player, "198.51.100.7:40000"], "198.51.100.7:40000"),
            (vec!["192.168.1.20:40000", player], "192.168.1.20:40000"),
            // The router has changed the port.
            (vec!["203.0.113.100:1", "198.51.100.7:1024"], "198.51.100.7:1024"),
            // SSH arrives with another address.
            (
                vec!["203.0.113.100:1", "198.51.100.99:40000"],
                "198.51.100.99:40000",
            ),
        ] {
            assert_eq!(
                own(ROUTER, &now, &[]),
                Own::Seen(ours.parse().unwrap(), 1),
                "{now:?}"
            );
        }
    }

    #[test]
    fn flows_of_others_and_older_ones_are_not_ours() {
        assert_eq!(own(ROUTER, &[], &[]), Own::NotSeen);
        assert_eq!(own(None, &[], &[]), Own::NotSeen);
        assert_eq!(
            own(ROUTER, &["203.0.113.100:1", "203.0.113.101:2"], &[]),
            Own::NotSeen
        );
        assert_eq!(
            own(ROUTER, &["198.51.100.7:1024"], &["198.51.100.7:1024"]),
            Own::NotSeen
        );
    }

    #[test]
    fn without_a_router_the_port_must_be_ours() {
        let here = Some(Ipv4Addr::new(192, 168, 1, 20));
        // One of an earlier check, another machine's, and another machine's that has our port.
        for other in ["192.168.1.20:39999", "203.0.113.100:1", "203.0.113.100:40000"] {
            assert_eq!(own(here, &[other], &[]), Own::NotSeen, "{other}");
        }
    }

    #[test]
    fn what_cannot_be_told_apart_is_not_decided() {
        // A player of our household came at the same time.
        assert_eq!(
            own(ROUTER, &["198.51.100.7:1", "198.51.100.7:2"], &[]),
            Own::Unsure
        );
        // Our address at the VPS is not known, and the port may have been changed.
        assert_eq!(own(None, &["203.0.113.100:1"], &[]), Own::Unsure);
        assert_eq!(
            Origin::default().own(&sources(&["203.0.113.100:1"]), &sources(&[])),
            Own::Unsure
        );
    }
}
