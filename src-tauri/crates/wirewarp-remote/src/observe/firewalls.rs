//! Section `firewalls`: what else filters on the host.

use wirewarp_model::{
    error::excerpt,
    observed::{Firewall, FirewallKind},
};

use super::{ObserveError, sections::Section, tools::Units};

/// Most findings that are kept.
const MOST: usize = 200;

pub(super) fn parse(section: Section<'_>, units: &Units) -> Result<Vec<Firewall>, ObserveError> {
    let mut found = Vec::new();
    if units.is_active("firewalld.service") {
        found.push(firewall(FirewallKind::Firewalld, "firewalld runs".into()));
    }
    let mut docker = units.is_active("docker.service");
    for line in section.text.lines().take(10 * MOST) {
        match line.split_once(' ') {
            Some(("ufw", _)) => found.push(firewall(FirewallKind::Ufw, "ufw is enabled".into())),
            Some(("docker-user", _)) => docker = true,
            Some(("chain", rest)) => {
                let chain =
                    chain(rest).ok_or_else(|| section.error(format!("“{}” is no chain", excerpt(rest))))?;
                found.extend(chain.firewall());
            }
            _ => {}
        }
    }
    if docker {
        found.push(firewall(
            FirewallKind::Docker,
            "Docker manages forwarding; chain DOCKER-USER is its way in".into(),
        ));
    }
    found.sort();
    found.dedup();
    found.truncate(MOST);
    Ok(found)
}

fn firewall(kind: FirewallKind, detail: String) -> Firewall {
    Firewall { kind, detail }
}

struct Chain<'a> {
    place: String,
    hook: &'a str,
    drops: bool,
    last: &'a str,
}

/// `FAMILY TABLE CHAIN HOOK POLICY LAST RULE`
fn chain(text: &str) -> Option<Chain<'_>> {
    let mut words = text.splitn(6, ' ');
    let (family, table, name) = (words.next()?, words.next()?, words.next()?);
    let (hook, policy) = (words.next()?, words.next()?);
    Some(Chain {
        place: format!(
            "table {} {}, chain {}",
            excerpt(family),
            excerpt(table),
            excerpt(name)
        ),
        hook,
        drops: policy == "drop",
        last: words.next().unwrap_or("").trim(),
    })
}

impl Chain<'_> {
    /// Only IPv4 is forwarded, so that an IPv6-only table stands in nobody's way.
    fn firewall(&self) -> Option<Firewall> {
        if self.place.starts_with("table ip6 ") {
            return None;
        }
        let kind = match self.hook {
            "input" => FirewallKind::InputDrop,
            "forward" => FirewallKind::ForwardDrop,
            _ => return None,
        };
        let what = if self.drops {
            "policy drop".to_owned()
        } else if ends_everything(self.last) {
            format!("last rule “{}”", excerpt(self.last))
        } else {
            return None;
        };
        Some(firewall(kind, format!("{}: {what}", self.place)))
    }
}

/// Whether a chain's last rule drops or rejects whatever reached it, in nft's or iptables' words. A rule with a match
/// before its verdict, such as `iifname "eth1" drop`, spares the rest.
fn ends_everything(rule: &str) -> bool {
    if let Some(legacy) = rule.strip_prefix("-A ") {
        let mut words = legacy.split(' ').skip(1);
        return words.next() == Some("-j") && matches!(words.next(), Some("DROP" | "REJECT"));
    }
    let rule = rule.split('#').next().unwrap_or(rule);
    let mut words = rule.split_whitespace().peekable();
    // `counter packets 3 bytes 180`, and a log statement, match everything.
    if words.peek() == Some(&"counter") {
        words.next();
        while words
            .peek()
            .is_some_and(|word| matches!(*word, "packets" | "bytes"))
        {
            words.nth(1);
        }
    }
    if words.peek() == Some(&"log") {
        return rule.ends_with("drop") || rule.contains(" reject");
    }
    match words.next() {
        Some("drop" | "reject") => true,
        // iptables-nft's extensions: `xt target "REJECT"`.
        Some("xt") => rule.contains("\"REJECT\"") || rule.contains("\"DROP\""),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_without_a_match_end_everything() {
        for rule in [
            "drop",
            "counter packets 3 bytes 180 drop",
            "counter packets 0 bytes 0 reject with icmp host-prohibited",
            "reject with icmpx admin-prohibited",
            "counter drop",
            "-A INPUT -j REJECT --reject-with icmp-host-prohibited",
            "log prefix \"x\" drop",
            "counter packets 9 bytes 8 xt target \"REJECT\"",
        ] {
            assert!(ends_everything(rule), "{rule}");
        }
        for rule in [
            "",
            "accept",
            "iifname \"eth1\" drop",
            "jump x",
            "-A INPUT -i eth1 -j DROP",
            "tcp dport 22 drop",
        ] {
            assert!(!ends_everything(rule), "{rule}");
        }
    }
}
