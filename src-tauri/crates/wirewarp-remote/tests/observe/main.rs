//! Parsing what the probe prints: whole answers of several systems, and answers that are wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

use proptest::prelude::*;
use wirewarp_model::{
    Protocol,
    observed::{FirewallKind, Init, Listener, Observed, PackageManager},
};
use wirewarp_remote::{
    observe::{self, ObserveError},
    session::{LocalRunner, RootSession},
    ssh::{Privilege, Session},
};

const MARK: &str = "ww-fixture";
const DEBIAN: &str = include_str!("../fixtures/probes/debian12.txt");
const FEDORA: &str = include_str!("../fixtures/probes/fedora.txt");
const ALPINE: &str = include_str!("../fixtures/probes/alpine.txt");
const ARCH: &str = include_str!("../fixtures/probes/arch.txt");
const OPENSUSE: &str = include_str!("../fixtures/probes/opensuse.txt");

fn parse(text: &str) -> Observed {
    observe::parse(MARK, text).unwrap()
}

/// The answer with one section's text replaced.
fn with_section(text: &str, name: &str, body: &str) -> String {
    let begin = format!("{MARK} begin {name}\n");
    let start = text.find(&begin).unwrap() + begin.len();
    let stop = start + text[start..].find(&format!("\n{MARK} end {name} ")).unwrap();
    format!("{}{body}{}", &text[..start], &text[stop..])
}

fn section_of(error: &ObserveError) -> &'static str {
    match error {
        ObserveError::Section { section, .. } => section,
        ObserveError::Run(_) => "run",
    }
}

#[test]
fn a_debian_with_a_generation_is_read_whole() {
    let seen = parse(DEBIAN);
    assert_eq!((seen.os.id.as_str(), seen.os.version.as_str()), ("debian", "12"));
    assert_eq!(
        (&seen.init, seen.package_manager),
        (&Init::Systemd, Some(PackageManager::Apt))
    );
    assert_eq!(seen.tools["nft"], "1.0.6");
    assert!(seen.tools.contains_key("ip"));
    assert_eq!(seen.sshd_ports, [22]);
    assert_eq!(seen.sysctls["net.ipv4.ip_forward"], "1");
    let eth0 = seen
        .interfaces
        .iter()
        .find(|interface| interface.name.as_str() == "eth0")
        .unwrap();
    assert_eq!(eth0.addresses[0].to_string(), "203.0.113.10/24");
    assert!(
        seen.routes
            .iter()
            .any(|route| route.destination.prefix_len() == 0 && route.via.is_some())
    );
    let ours = seen.ours.unwrap();
    assert_eq!(
        (ours.generation, ours.highest_generation),
        (40, 53),
        "those that went back keep their number"
    );
    assert!(ours.host.is_some() && ours.inventory.is_some() && ours.pending.is_none());
    assert_eq!(
        ours.digests["units/wirewarp.service"],
        ours.digests["installed/wirewarp.service"]
    );
    assert!(
        seen.firewalls.is_empty(),
        "our own table is no other firewall: {:?}",
        seen.firewalls
    );
}

#[test]
fn a_fedora_behind_firewalld_is_read() {
    let seen = parse(FEDORA);
    let kinds: Vec<FirewallKind> = seen.firewalls.iter().map(|firewall| firewall.kind).collect();
    assert_eq!(
        kinds,
        [
            FirewallKind::Firewalld,
            FirewallKind::InputDrop,
            FirewallKind::ForwardDrop
        ]
    );
    assert_eq!(
        seen.firewalls[2].detail,
        "table inet firewalld, chain filter_FORWARD: last rule “reject with icmpx admin-prohibited”"
    );
    assert_eq!(seen.package_manager, Some(PackageManager::Dnf));
    assert_eq!(seen.ssh_local, Some(("203.0.113.20".parse().unwrap(), 22)));
    assert_eq!(seen.routes.len(), 3, "all tables but local");
    assert_eq!(seen.ours, None);
}

#[test]
fn an_alpine_without_systemd_and_iproute2_is_recognised() {
    let seen = parse(ALPINE);
    assert_eq!(
        (seen.init, seen.package_manager),
        (Init::OpenRc, Some(PackageManager::Apk))
    );
    assert!(seen.interfaces.is_empty());
    assert_eq!(seen.sshd_ports, [22], "this connection came by it");
}

#[test]
fn an_arch_with_docker_and_another_wireguard_is_read() {
    let seen = parse(ARCH);
    let port = |protocol, port, address: Option<&str>, owner: &str| Listener {
        protocol,
        address: address.map(|text| text.parse().unwrap()),
        port,
        owner: owner.into(),
        device: None,
    };
    assert_eq!(
        seen.listeners,
        [
            port(Protocol::Tcp, 2222, None, "sshd"),
            port(Protocol::Tcp, 8080, None, "container web"),
            port(Protocol::Tcp, 25, Some("203.0.113.40"), "java"),
            port(Protocol::Udp, 27000, None, "container web"),
            port(Protocol::Udp, 27001, None, "container web"),
            port(Protocol::Udp, 27002, None, "container web"),
            port(Protocol::Udp, 51820, None, ""),
        ]
    );
    assert_eq!(seen.sshd_ports, [22, 2222]);
    assert_eq!(seen.other_wireguard, [("wg0".parse().unwrap(), Some(51820))]);
    assert!(
        seen.firewalls
            .iter()
            .any(|firewall| firewall.kind == FirewallKind::Docker)
    );
    assert!(
        seen.firewalls
            .iter()
            .any(|firewall| firewall.detail == "table ip filter, chain FORWARD: policy drop")
    );
}

#[test]
fn an_opensuse_whose_ssh_is_a_socket_of_systemd_is_read() {
    let seen = parse(OPENSUSE);
    assert_eq!(seen.sshd_ports, [22]);
    assert_eq!(seen.os.like, ["suse", "opensuse"]);
    assert_eq!(seen.package_manager, Some(PackageManager::Zypper));
}

#[test]
fn a_tunnel_of_ours_is_read_with_its_peers() {
    let dump = "interface ww0 HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw= 51820\n\
        peer ww0 xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg= 198.51.100.9:40000 10.0.0.2/32,10.99.5.0/24 1764000000 4096 512";
    let tunnels = parse(&with_section(DEBIAN, "wireguard", dump))
        .ours
        .unwrap()
        .tunnels;
    let peer = &tunnels[0].peers[0];
    assert_eq!(
        (tunnels[0].listen_port, peer.received, peer.sent),
        (51820, 4096, 512)
    );
    assert_eq!(peer.endpoint.as_deref(), Some("198.51.100.9:40000"));
    assert_eq!(peer.allowed_ips.len(), 2);
}

#[test]
fn nonsense_in_a_section_is_an_error_that_names_it() {
    for (section, nonsense) in [
        ("base", "clock yesterday"),
        ("base", "hostname x"),
        ("addresses", "[{\"ifname\":\"a b\"}]"),
        ("addresses", "not json"),
        (
            "addresses",
            "[{\"ifname\":\"eth0\",\"addr_info\":[{\"family\":\"inet\",\"local\":\"1.2.3.4\",\"prefixlen\":64}]}]",
        ),
        ("routes", "{\"dst\":1}"),
        ("routes", "[{\"dst\":\"nowhere\"}]"),
        ("listeners", "tcp LISTEN"),
        ("firewalls", "chain ip"),
        ("wireguard", "interface ww0 notakey 51820"),
        ("wireguard", "peer ww0 x"),
        ("digests", "zz  load"),
        ("ours", "present\npending x"),
        ("ours", "present\ncurrent generations/many"),
    ] {
        let error = observe::parse(MARK, &with_section(DEBIAN, section, nonsense)).unwrap_err();
        assert_eq!(section_of(&error), section, "{nonsense}: {error}");
        let user = error.user();
        assert!(user.message.len() < 400 && !user.hints.is_empty(), "{user:?}");
    }
}

#[test]
fn an_answer_that_breaks_off_is_an_error_wherever_it_does() {
    let needed = DEBIAN.rfind(&format!("{MARK} end check")).unwrap();
    for cut in (0..needed).step_by(97) {
        assert!(observe::parse(MARK, &DEBIAN[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_host_that_imitates_the_marks_of_another_probe_is_not_believed() {
    let error = observe::parse("ww-other", DEBIAN).unwrap_err();
    assert_eq!(section_of(&error), "base");
}

#[test]
fn a_megabyte_of_anything_is_survived() {
    for filler in ["\0", "\u{1b}", "{", "[", "ww-fixture begin base\n", "é"] {
        let megabyte = filler.repeat((1 << 20) / filler.len());
        assert!(observe::parse(MARK, &megabyte).is_err());
        for section in [
            "addresses",
            "listeners",
            "firewalls",
            "wireguard",
            "manifest",
            "check",
            "tools",
        ] {
            let _ = observe::parse(MARK, &with_section(DEBIAN, section, &megabyte));
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        observe::fuzz_parse(&bytes);
    }

    #[test]
    fn no_section_makes_the_parser_panic(
        section in proptest::sample::select(vec![
            "base", "os", "tools", "addresses", "routes", "listeners", "units", "containers", "firewalls", "wireguard",
            "sysctls", "ours", "manifest", "digests", "check",
        ]),
        text in "(?s:.{0,300})|([a-z]{1,9}[ :=|./]{0,2}[0-9]{0,6}[\n ]?){0,30}",
    ) {
        let _ = observe::parse(MARK, &with_section(DEBIAN, section, &text));
        let _ = observe::parse(MARK, &with_section(ARCH, section, &text));
    }
}

#[tokio::test]
async fn this_machine_can_be_looked_at() {
    let seen = observe::observe(&LocalRunner::default()).await.unwrap();
    assert_eq!(seen.os.kernel_name, "Linux");
    assert!(seen.clock > 1_700_000_000 && !seen.hostname.is_empty());
}

#[tokio::test]
async fn a_session_with_a_way_to_root_is_a_runner() {
    let session = RootSession {
        session: Session::local(),
        privilege: Privilege::Root,
    };
    let seen = observe::observe(&session).await.unwrap();
    assert_eq!(seen.os.kernel_name, "Linux");
}
