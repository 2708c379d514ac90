//! Giving a value back what it had, and leaving it what somebody else has changed in it since.

/// An option with its value, if it has one.
type Part<'a> = (&'a str, Option<&'a str>);

/// `now` with everything as it was in `before` that `after` has otherwise. `now` that says what `after` says, in
/// whatever order, gives `before` to the byte.
pub fn back(now: &str, before: &str, after: &str) -> String {
    let (before, after) = (parts(before), parts(after));
    let mut merged = parts(now);
    for (name, _) in before.iter().chain(&after) {
        let was = entry(&before, name);
        if was == entry(&after, name) {
            continue;
        }
        merged.retain(|(own, _)| own != name);
        merged.extend(was);
    }
    let place = |name: &str| before.iter().position(|(own, _)| *own == name);
    merged.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    text(&merged)
}

/// Whether both have the same options, in whatever order: Proxmox writes them in its own.
pub fn same(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (parts(one), parts(other));
    one.sort_unstable();
    other.sort_unstable();
    one == other
}

/// `value` with `options` in it: where they are already, or at its end; one without a value goes.
pub fn with(value: &str, options: &[(&str, Option<&str>)]) -> String {
    let mut parts = parts(value);
    for (name, value) in options {
        match (parts.iter_mut().find(|(own, _)| own == name), value) {
            (Some(own), Some(_)) => own.1 = *value,
            (Some(_), None) => parts.retain(|(own, _)| own != name),
            (None, Some(_)) => parts.push((name, *value)),
            (None, None) => {}
        }
    }
    text(&parts)
}

/// The value of one option.
pub fn get<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    entry(&parts(value), name)?.1
}

fn entry<'a>(parts: &[Part<'a>], name: &str) -> Option<Part<'a>> {
    parts.iter().find(|(own, _)| *own == name).copied()
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let parts = text.split(',').filter(|part| !part.is_empty());
    parts
        .map(|part| match part.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (part, None),
        })
        .collect()
}

fn text(parts: &[Part]) -> String {
    let written: Vec<String> = parts
        .iter()
        .map(|(name, value)| match value {
            Some(value) => format!("{name}={value}"),
            None => (*name).to_owned(),
        })
        .collect();
    written.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1,tag=5";
    const AFTER: &str = "virtio=BC:24:11:00:00:64,bridge=wwbr0,firewall=1";

    #[test]
    fn what_nobody_touched_comes_back_to_the_byte() {
        assert_eq!(back(AFTER, BEFORE, AFTER), BEFORE);
        let reordered = "bridge=wwbr0,firewall=1,virtio=BC:24:11:00:00:64";
        assert_eq!(back(reordered, BEFORE, AFTER), BEFORE);
    }

    #[test]
    fn what_somebody_changed_since_stays() {
        let now = "virtio=BC:24:11:00:00:64,bridge=wwbr0,firewall=0,rate=5";
        assert_eq!(
            back(now, BEFORE, AFTER),
            "virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=0,tag=5,rate=5"
        );
    }

    #[test]
    fn options_are_set_in_their_place_and_taken_away() {
        assert_eq!(
            with(
                "ip=dhcp,ip6=auto",
                &[("ip", Some("10.99.1.2/24")), ("gw", Some("10.99.1.1"))]
            ),
            "ip=10.99.1.2/24,ip6=auto,gw=10.99.1.1"
        );
        assert_eq!(with("ip=1,gw=2", &[("gw", None)]), "ip=1");
    }
}
