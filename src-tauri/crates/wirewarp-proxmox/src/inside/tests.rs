//! Programs and what they say. That they do what they say is tried on real machines of the lab.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::{program::*, *};
use crate::agent::Executed;

fn card() -> Card {
    Card {
        mac: "BC:24:11:00:00:64".parse().unwrap(),
        address: "10.99.1.2/24".parse().unwrap(),
        gateway: [10, 99, 1, 1].into(),
        route: Route::Default,
        mtu: 1420,
        resolvers: vec![[1, 1, 1, 1].into(), [9, 9, 9, 9].into()],
    }
}

fn ran(code: i64, out: &str, err: &str) -> Executed {
    Executed {
        code: Some(code),
        out: out.to_owned(),
        err: err.to_owned(),
    }
}

#[test]
fn the_values_are_arguments_of_a_text_that_never_changes() {
    let one = program(System::Linux, Action::Set, &card());
    let other = program(
        System::Linux,
        Action::Clear,
        &Card {
            mac: "BC:24:11:00:00:65".parse().unwrap(),
            route: Route::Answers,
            ..card()
        },
    );
    assert_eq!(one.words[..4], other.words[..4]);
    assert_eq!(one.words[..2], ["/bin/sh", "-c"]);
    assert_eq!(
        one.words[4..],
        [
            "set",
            "bc:24:11:00:00:64",
            "10.99.1.2/24",
            "10.99.1.1",
            "default",
            "1420",
            "1.1.1.1",
            "9.9.9.9"
        ]
    );
    assert_eq!(
        other.words[4..9],
        [
            "clear",
            "bc:24:11:00:00:65",
            "10.99.1.2/24",
            "10.99.1.1",
            "answers"
        ]
    );
    assert!(one.input.is_empty());
    assert!(one.words[2].ends_with("main \"$@\"\n"));
}

#[test]
fn windows_reads_the_values_and_its_text_fits_a_command_line() {
    let program = program(System::Windows, Action::Look, &card());
    assert_eq!(
        program.input.lines().collect::<Vec<_>>(),
        [
            "look",
            "bc:24:11:00:00:64",
            "10.99.1.2/24",
            "10.99.1.1",
            "default",
            "1420",
            "1.1.1.1",
            "9.9.9.9"
        ]
    );
    let text = BASE64.decode(program.words.last().unwrap()).unwrap();
    let text: Vec<u16> = text
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    let text = String::from_utf16(&text).unwrap();
    assert!(text.contains("New-NetIPAddress") && !text.contains("10.99.1.2"));
    // 32767 characters at most (CreateProcess), arguments of its own included.
    assert!(program.words.join(" ").len() < 30_000);
    // One request of the API, each character of it escaped.
    assert!(
        super::program::program(System::Linux, Action::Set, &card())
            .words
            .join(" ")
            .len()
            < 20_000
    );
}

#[test]
fn the_system_is_what_the_agent_says() {
    let of = |id: &str| {
        System::of(&OsInfo {
            id: id.to_owned(),
            pretty: String::new(),
        })
    };
    assert_eq!(of("mswindows"), System::Windows);
    for id in ["debian", "rhel", "alpine", "freebsd", ""] {
        assert_eq!(of(id), System::Linux, "{id}");
    }
}

#[test]
fn who_took_it_and_why_nobody_does_are_closed_lists() {
    assert_eq!(
        heard(System::Linux, &ran(0, "networkd\n", "")),
        Ok(Keeper::Networkd)
    );
    assert_eq!(
        heard(System::Linux, &ran(0, "ifupdown\n", "x")),
        Ok(Keeper::Ifupdown)
    );
    assert_eq!(
        heard(System::Linux, &ran(0, "NetworkManager\n", "")),
        Ok(Keeper::NetworkManager)
    );
    assert_eq!(
        heard(System::Windows, &ran(0, "Windows\r\n", "")),
        Ok(Keeper::Windows)
    );
    assert_eq!(
        heard(System::Linux, &ran(3, "no manager\n", "")),
        Err(Denial::Nobody)
    );
    assert_eq!(
        heard(System::Windows, &ran(3, "no static\r\n", "")),
        Err(Denial::Static)
    );
    // A word that fits with a status that does not is not believed.
    for odd in [
        ran(1, "networkd\n", ""),
        ran(0, "no manager\n", ""),
        ran(0, "Windows\n", ""),
        ran(3, "no idea", ""),
    ] {
        assert!(
            matches!(heard(System::Linux, &odd), Err(Denial::Odd(_))),
            "{odd:?}"
        );
    }
    assert_eq!(cleared(&ran(0, "clear\n", "")), Ok(()));
    assert!(cleared(&ran(0, "networkd\n", "")).is_err());
}

#[test]
fn what_a_guest_says_unasked_is_shortened_and_printable() {
    let said = format!("\u{1b}[2J{}", "x".repeat(10_000));
    let Err(Denial::Odd(shown)) = heard(System::Linux, &ran(127, "", &said)) else {
        panic!("it was believed");
    };
    assert!(shown.starts_with("status 127") && shown.len() < 300, "{shown}");
    assert!(!shown.contains('\u{1b}'));
}

#[test]
fn an_address_counts_on_its_own_card_and_with_its_network() {
    let told = |mac: &str, address: [u8; 4], length| GuestInterface {
        name: "ens18".to_owned(),
        mac: Some(mac.parse().unwrap()),
        addresses: vec![(address.into(), length)],
    };
    assert!(card().is_set(&[told("BC:24:11:00:00:64", [10, 99, 1, 2], 24)]));
    assert!(!card().is_set(&[told("BC:24:11:00:00:65", [10, 99, 1, 2], 24)]));
    assert!(!card().is_set(&[told("BC:24:11:00:00:64", [10, 99, 1, 2], 32)]));
    assert!(!card().is_set(&[told("BC:24:11:00:00:64", [10, 99, 1, 3], 24)]));
}
