//! What every parser of foreign text must keep to, whatever the bytes. One function a target.
//!
//! libFuzzer drives these functions (`fuzz_targets/`, `tests/fuzz/run`), and so does an ordinary test of the workspace
//! (`tests/fuzz_smoke.rs`, which takes this file in by path), so that they are run on every commit even where libFuzzer
//! cannot be built. A function panics where its property does not hold; nothing else is reported.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use wirewarp_model::net::{overlap, parse_ipv4, parse_network};
use wirewarp_model::{IfName, Label, Name, ParseError, PortMappings, WgPublicKey, shell};

/// A property over arbitrary bytes.
pub type Target = fn(&[u8]);

/// Every target by the name of its binary and of its folder in `corpus/`.
pub const TARGETS: &[(&str, Target)] = &[
    ("port_mappings", port_mappings),
    ("names", names),
    ("networks", networks),
    ("shell_quote", shell_quote),
    ("probe", probe),
    ("poll", poll),
    ("clients", clients),
    ("quality", quality),
    ("ssh_files", ssh_files),
];

/// Port lists: what is read is written back as the same, no public port stands twice, as many go in as come out.
pub fn port_mappings(data: &[u8]) {
    let Some(ports) = text(data).and_then(read_back::<PortMappings>) else {
        return;
    };
    let mappings: Vec<_> = ports.iter().collect();
    assert!((1..=PortMappings::MOST).contains(&mappings.len()));
    for mapping in &mappings {
        assert_eq!(mapping.public().count(), mapping.target().count(), "{mapping}");
    }
    for pair in mappings.windows(2) {
        assert!(!pair[0].public().overlaps(pair[1].public()), "{ports}");
    }
}

/// Names, labels, interfaces and keys: what is read has the alphabet that was promised.
pub fn names(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Some(name) = read_back::<Name>(text) {
        assert!(
            name.as_str()
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        );
        assert!(!name.as_str().starts_with(['.', '-', '_']), "{name}");
    }
    if let Some(label) = read_back::<Label>(text) {
        assert!(!label.as_str().contains(char::is_control));
    }
    if let Some(interface) = read_back::<IfName>(text) {
        assert!(
            !interface.as_str().contains(['/', '\'', '"', '$', ' ', ';']),
            "{interface}"
        );
    }
    read_back::<WgPublicKey>(text);
}

/// Addresses and networks: no host bits in what is read, and every network overlaps itself.
pub fn networks(data: &[u8]) {
    let Some(text) = text(data) else { return };
    if let Err(error) = parse_ipv4("address", text) {
        short_and_printable(&error);
    }
    match parse_network("network", text) {
        Ok(network) => {
            assert_eq!(network.addr(), network.network());
            assert!(overlap(network, network));
            assert_eq!(
                parse_network("network", &network.to_string()).as_ref(),
                Ok(&network)
            );
        }
        Err(error) => short_and_printable(&error),
    }
}

/// Quoting: one word for a POSIX shell, and that word is the text. Only NUL is refused.
pub fn shell_quote(data: &[u8]) {
    let Some(text) = text(data) else { return };
    match shell::quote(text) {
        Ok(quoted) => assert_eq!(one_word(&quoted).as_deref(), Some(text), "{quoted}"),
        Err(_) => assert!(text.contains('\0')),
    }
}

/// A host's answer to the probe: anything is taken, or refused with an error; nothing panics.
pub fn probe(data: &[u8]) {
    wirewarp_remote::observe::fuzz_parse(data);
}

/// A host's answer to a poll: the same.
pub fn poll(data: &[u8]) {
    wirewarp_remote::poll::fuzz_parse(data);
}

/// What a VPS says of who is connected: the same.
pub fn clients(data: &[u8]) {
    wirewarp_remote::clients::fuzz_parse(data);
}

/// What a VPS says of how well tunnels carry: no more comes back than was sent.
pub fn quality(data: &[u8]) {
    wirewarp_remote::quality::fuzz_parse(data);
}

/// known_hosts and lines of an SSH configuration: anything is read or passed over; nothing panics.
pub fn ssh_files(data: &[u8]) {
    wirewarp_remote::ssh::fuzz_files(data);
}

/// Reads one shell word made of single-quoted pieces and backslash-escaped characters (POSIX 2.2.1, 2.2.2). None if it
/// holds anything that a shell would treat otherwise.
fn one_word(quoted: &str) -> Option<String> {
    let mut word = String::new();
    let mut rest = quoted.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => word.push(rest.next().filter(|c| *c != '\n')?),
            '\'' => loop {
                match rest.next()? {
                    '\'' => break,
                    inside => word.push(inside),
                }
            },
            _ => return None,
        }
    }
    Some(word)
}

/// Parses, and checks that the outcome is written and read back as the same, or that the error can be shown.
fn read_back<T>(text: &str) -> Option<T>
where
    T: FromStr<Err = ParseError> + Display + PartialEq + Debug,
{
    match text.parse::<T>() {
        Ok(value) => {
            assert_eq!(value.to_string().parse::<T>().as_ref(), Ok(&value));
            Some(value)
        }
        Err(error) => {
            short_and_printable(&error);
            None
        }
    }
}

/// An error stays one short line, however long or hostile the text was.
fn short_and_printable(error: &ParseError) {
    let message = error.to_string();
    assert!(message.chars().count() < 1_000, "{message}");
    assert!(!message.contains(char::is_control), "{message:?}");
}

fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}
