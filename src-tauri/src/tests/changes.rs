use super::support::{Stage, draft, login};
use crate::{
    commands::{
        changes::{plan, plan_files, preview_change, preview_pending, record_plan},
        details::peer_details,
        handing::client_config,
        reads::{list_forwards, list_peers, list_vpses},
    },
    view::{Change, ForwardState, LoginMethod, ManualModeChoice, PeerSetupForm},
};
use std::path::Path;
use wirewarp_model::PeerState;

/// Previews and records, as “apply later” does.
async fn done(stage: &Stage, change: Change) {
    let shown = preview_change(&stage.desktop, change).await.unwrap();
    assert!(shown.changes_inventory && !shown.recorded);
    let shown = record_plan(&stage.desktop, shown.id).await.unwrap();
    assert!(shown.recorded);
}

async fn refused(stage: &Stage, change: Change) -> String {
    preview_change(&stage.desktop, change).await.unwrap_err().code
}

async fn ids(stage: &Stage) -> Vec<String> {
    let forwards = list_forwards(&stage.desktop).await.unwrap();
    forwards.iter().map(|forward| forward.id.to_string()).collect()
}

#[tokio::test]
async fn a_forward_is_recorded_for_later_though_no_host_answers() {
    let stage = Stage::furnished().await;
    let change = Change::ForwardAdd {
        draft: draft("80,443", "tcp"),
        enabled: true,
    };
    let shown = preview_change(&stage.desktop, change).await.unwrap();
    assert_eq!((shown.action.as_str(), shown.unreached.len()), ("port.add", 2));
    assert!(shown.empty && shown.hosts.is_empty());
    assert_eq!(
        list_forwards(&stage.desktop).await.unwrap().len(),
        1,
        "nothing is recorded yet"
    );
    record_plan(&stage.desktop, shown.id).await.unwrap();
    assert_eq!(list_forwards(&stage.desktop).await.unwrap().len(), 2);
    assert!(plan(&stage.desktop, shown.id).await.unwrap().recorded);
    let twice = record_plan(&stage.desktop, shown.id).await;
    assert!(twice.is_ok() && list_forwards(&stage.desktop).await.unwrap().len() == 2);
}

#[tokio::test]
async fn a_plan_that_somebody_overtook_is_not_recorded() {
    let stage = Stage::furnished().await;
    let add = |ports: &str| Change::ForwardAdd {
        draft: draft(ports, "tcp"),
        enabled: true,
    };
    let first = preview_change(&stage.desktop, add("80")).await.unwrap();
    done(&stage, add("443")).await;
    let error = record_plan(&stage.desktop, first.id).await.unwrap_err();
    assert!(!error.hints.is_empty(), "{error:?}");
    assert!(!plan(&stage.desktop, first.id).await.unwrap().recorded);
    assert_eq!(list_forwards(&stage.desktop).await.unwrap().len(), 2);
}

#[tokio::test]
async fn forwards_are_edited_switched_imported_and_removed() {
    let stage = Stage::furnished().await;
    let text = "# web\n80,443 tcp\n27000-27050 udp peer Source\n".to_owned();
    let peer = "attic".to_owned();
    done(&stage, Change::ForwardImport { peer, text }).await;
    let all = ids(&stage).await;
    assert_eq!(all.len(), 3);
    let mut edited = draft("25570", "udp");
    edited.label = "creative".into();
    let id = all[0].clone();
    done(&stage, Change::ForwardEdit { id, draft: edited }).await;
    let first = list_forwards(&stage.desktop).await.unwrap().remove(0);
    assert_eq!(
        (first.id.to_string(), first.ports.as_str(), first.label.as_str()),
        (all[0].clone(), "25570", "creative")
    );
    let some = all[..2].to_vec();
    done(
        &stage,
        Change::ForwardSetEnabled {
            ids: some,
            enabled: false,
        },
    )
    .await;
    let off = list_forwards(&stage.desktop).await.unwrap();
    assert_eq!(
        off.iter()
            .filter(|forward| forward.state == ForwardState::Off)
            .count(),
        2
    );
    done(
        &stage,
        Change::ForwardRemove {
            ids: all[1..].to_vec(),
        },
    )
    .await;
    assert_eq!(ids(&stage).await, [all[0].clone()]);
}

#[tokio::test]
async fn a_template_opens_its_ports() {
    let stage = Stage::furnished().await;
    let mut minecraft = draft("", "");
    minecraft.template = Some("web".into());
    let change = Change::ForwardAdd {
        draft: minecraft,
        enabled: true,
    };
    done(&stage, change).await;
    let made = list_forwards(&stage.desktop).await.unwrap();
    assert!(
        made[1..]
            .iter()
            .all(|forward| forward.label == "web" && forward.template.is_some()),
        "{made:?}"
    );
}

#[tokio::test]
async fn peers_and_vpses_are_renamed_moved_suspended_and_removed() {
    let stage = Stage::furnished().await;
    let (name, new_name) = ("attic".to_owned(), "cellar".to_owned());
    done(&stage, Change::PeerRename { name, new_name }).await;
    let (name, new_name) = ("nyc".to_owned(), "ams".to_owned());
    done(&stage, Change::VpsRename { name, new_name }).await;
    assert_eq!(list_vpses(&stage.desktop).await.unwrap()[0].name.as_str(), "ams");
    let (name, ip) = ("phone".to_owned(), "least-used".to_owned());
    done(&stage, Change::PeerMove { name, ip }).await;
    let names = vec!["cellar".to_owned(), "phone".to_owned()];
    done(
        &stage,
        Change::PeerSetActive {
            names: names.clone(),
            active: false,
        },
    )
    .await;
    let peers = list_peers(&stage.desktop).await.unwrap();
    assert!(peers.iter().all(|peer| peer.state == PeerState::Suspended));
    assert_ne!(peers[0].public_ip, peers[1].public_ip);
    let (vps, address) = ("ams".to_owned(), "203.0.113.10".to_owned());
    done(
        &stage,
        Change::IpSetActive {
            vps,
            address,
            active: false,
        },
    )
    .await;
    let remove = Change::VpsRemove {
        name: "ams".into(),
        forget: false,
        remove_packages: false,
    };
    assert_eq!(refused(&stage, remove.clone()).await, "vps_has_peers");
    let remove_peers = Change::PeerRemove {
        names,
        forget: true,
        remove_packages: false,
    };
    done(&stage, remove_peers).await;
    done(&stage, remove).await;
    assert!(list_vpses(&stage.desktop).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_tunnel_takes_the_mtu_that_the_person_names() {
    let stage = Stage::furnished().await;
    let change = |mtu: &str| Change::PeerMtu {
        name: "phone".into(),
        mtu: mtu.into(),
    };
    let refused = preview_change(&stage.desktop, change("90")).await.unwrap_err();
    assert_eq!(refused.code, "bad_input.mtu");
    // Nobody can measure from a device that is set up by hand.
    let refused = preview_change(&stage.desktop, change("")).await.unwrap_err();
    assert_eq!(refused.code, "manual_peer");
    let shown = preview_change(&stage.desktop, change("1280")).await.unwrap();
    record_plan(&stage.desktop, shown.id).await.unwrap();
    let page = peer_details(&stage.desktop, "phone".into()).await.unwrap();
    assert_eq!(
        (page.mtu, page.mtu_origin),
        (1280, wirewarp_model::MtuOrigin::Set)
    );
}

#[tokio::test]
async fn what_goes_through_a_tunnel_names_its_field_and_is_not_for_a_device_set_up_by_hand() {
    let stage = Stage::furnished().await;
    let change = |route: &str| Change::PeerRoute {
        name: "phone".into(),
        route: route.into(),
    };
    for (route, code) in [
        ("", "bad_input.route"),
        ("0.0.0.0/0", "bad_input.route"),
        ("192.168.1.0/24", "bad_input.route"),
        ("everything", "manual_peer"),
    ] {
        let refused = preview_change(&stage.desktop, change(route)).await.unwrap_err();
        assert_eq!(refused.code, code, "{route}");
    }
    let page = peer_details(&stage.desktop, "phone".into()).await.unwrap();
    assert_eq!(page.route, "replies");
}

#[tokio::test]
async fn a_manual_peer_gets_its_configuration_once_it_is_recorded() {
    let stage = Stage::furnished().await;
    let change = Change::PeerAdd {
        name: "tablet".into(),
        vps: String::new(),
        setup: PeerSetupForm::Manual {
            mode: ManualModeChoice::FullTunnel,
        },
        ip: String::new(),
        network: String::new(),
        vm_interface: String::new(),
        mtu: String::new(),
        route: String::new(),
    };
    let shown = preview_change(&stage.desktop, change).await.unwrap();
    assert_eq!(
        shown.manual_peer.as_ref().map(ToString::to_string).as_deref(),
        Some("tablet")
    );
    assert!(client_config(&stage.desktop, "tablet".into()).await.is_err());
    record_plan(&stage.desktop, shown.id).await.unwrap();
    let config = client_config(&stage.desktop, "tablet".into()).await.unwrap();
    assert!(config.text.contains("PrivateKey = ") && config.qr_svg.contains("<svg"));
    assert_eq!((config.file_name.as_str(), config.kept), ("tablet.conf", false));
}

#[tokio::test]
async fn what_cannot_be_names_the_field_of_the_form() {
    let stage = Stage::furnished().await;
    let forward = |change: fn(&mut crate::view::ForwardDraft)| {
        let mut typed = draft("80", "tcp");
        change(&mut typed);
        Change::ForwardAdd {
            draft: typed,
            enabled: true,
        }
    };
    let cases = [
        (forward(|draft| draft.ports = "0".into()), "bad_input.ports"),
        (
            forward(|draft| draft.protocols = "icmp".into()),
            "bad_input.protocols",
        ),
        (forward(|draft| draft.to = "127.0.0.1".into()), "bad_input.to"),
        (forward(|draft| draft.label = "a\nb".into()), "bad_input.label"),
        (forward(|draft| draft.peer = "a b".into()), "bad_input.peer"),
        (forward(|draft| draft.peer = "nobody".into()), "not_found"),
        (
            forward(|draft| draft.template = Some("nonesuch".into())),
            "not_found",
        ),
        (forward(|draft| draft.ports = "25565".into()), "port_taken"),
        (Change::ForwardRemove { ids: vec![] }, "bad_input.ids"),
        (
            Change::ForwardRemove {
                ids: vec!["x".into()],
            },
            "bad_input.ids",
        ),
        (
            Change::ForwardImport {
                peer: "attic".into(),
                text: "80 tcp\nx udp".into(),
            },
            "bad_input.text",
        ),
        (
            Change::PeerMove {
                name: "attic".into(),
                ip: "first".into(),
            },
            "bad_input.ip",
        ),
    ];
    for (change, code) in cases {
        let shown = format!("{change:?}");
        assert_eq!(refused(&stage, change).await, code, "{shown}");
    }
}

#[tokio::test]
async fn a_login_form_names_its_fields_and_hides_its_secrets() {
    let stage = Stage::empty().await;
    let add = |form| Change::VpsAdd {
        name: "nyc".into(),
        login: form,
        tunnel_network: String::new(),
        listen_port: String::new(),
        ips: vec![],
    };
    let key = Path::new("/nonexistent");
    let mut form = login("root@203.0.113.10 uptime", key);
    assert_eq!(refused(&stage, add(form.clone())).await, "bad_input.target");
    form.target = "root@203.0.113.10".into();
    form.port = "70000".into();
    assert_eq!(refused(&stage, add(form.clone())).await, "bad_input.port");
    form.port = String::new();
    form.trust = "MD5:aa".into();
    assert_eq!(refused(&stage, add(form.clone())).await, "bad_input.trust");
    form.method = LoginMethod::Password {
        password: "hunter2".to_owned().into(),
        install_key: false,
    };
    assert!(!format!("{form:?}").contains("hunter2"));
}

#[tokio::test]
async fn the_oldest_plans_are_gone() {
    let stage = Stage::empty().await;
    let first = preview_pending(&stage.desktop, vec![]).await.unwrap();
    for _ in 0..50 {
        preview_pending(&stage.desktop, vec![]).await.unwrap();
    }
    assert_eq!(
        plan(&stage.desktop, first.id).await.unwrap_err().code,
        "plan_gone"
    );
    let newest = preview_pending(&stage.desktop, vec![]).await.unwrap();
    let files = plan_files(&stage.desktop, newest.id, "nyc".into()).await;
    assert_eq!(files.unwrap_err().code, "not_found");
}
