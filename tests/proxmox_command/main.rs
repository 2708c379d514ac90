//! `wirewarp proxmox ...`: the real command against the stand-in Proxmox VE server, on loopback.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod certificates;
mod faults;
mod rights;
mod seeing;
mod signing;
mod terminal;
mod tokens;

use wirewarp_tests::laptop::Laptop;
use wirewarp_tests::proxmox::{Standin, Version};

/// A laptop on which the stand-in is known as `pve`, signed in by a token that may what the program needs.
fn signed_in(standin: &Standin) -> Laptop {
    let laptop = Laptop::new();
    let token = standin
        .make_token("app@pve", "test", standin.version().rights())
        .unwrap();
    laptop.json(&add(standin, &["--token-stdin"]), &[&token]);
    laptop
}

/// `proxmox add pve` with the stand-in's address and fingerprint, and `more`.
fn add(standin: &Standin, more: &[&str]) -> Vec<String> {
    let (url, fingerprint) = (standin.url(), standin.fingerprint());
    let words = ["proxmox", "add", "pve", "--url", &url, "--trust", &fingerprint];
    words.iter().chain(more).map(|word| (*word).to_owned()).collect()
}

/// Words as [`Laptop`] takes them.
fn typed(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// A server of 9.x.
fn standin() -> Standin {
    Standin::start(Version::V9).unwrap()
}
