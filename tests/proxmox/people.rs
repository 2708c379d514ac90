//! Logins, tokens and rights.

use std::time::Duration;

use serde_json::json;
use wirewarp_tests::proxmox::{Kind, NODE, ROOT_PASSWORD, Ran, Standin, Version};

use crate::client::{Auth, Client};
use crate::{VM, logged_in, signed_in};

#[test]
fn a_ticket_ends_after_two_hours_and_is_renewed_by_itself() {
    let standin = Standin::start(Version::V9).unwrap();
    let (mut client, ticket) = signed_in(&standin, "root@pam", ROOT_PASSWORD);
    standin.change(|cluster| cluster.advance(Duration::from_secs(7190)));
    let renewed = client.post(
        "/access/ticket",
        &[("username", "root@pam"), ("password", &ticket)],
    );
    assert_eq!(renewed.status, 200);
    standin.change(|cluster| cluster.advance(Duration::from_secs(20)));
    let late = client.get("/nodes");
    assert_eq!(
        (late.status, late.reason.as_str()),
        (401, "permission denied - invalid PVE ticket")
    );
    assert_eq!(late.body, "");
    client.auth = Auth::Ticket(renewed.data()["ticket"].as_str().unwrap().to_owned());
    assert_eq!(client.get("/nodes").status, 200);
}

#[test]
fn a_second_factor_is_asked_for_and_needed() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| {
        cluster.add_user("anna@pve", "secret-password");
        cluster.set_totp("anna@pve", b"a secret of twenty b");
    });
    let mut client = Client::new(&standin, Auth::Nobody);
    let name = ("username", "anna@pve");
    let first = client
        .post("/access/ticket", &[name, ("password", "secret-password")])
        .data();
    assert_eq!(first["NeedTFA"], 1);
    let challenge = first["ticket"].as_str().unwrap().to_owned();
    client.auth = Auth::Ticket(challenge.clone());
    assert_eq!(client.get("/nodes").status, 401, "half a login is none");
    client.auth = Auth::Nobody;
    let code = standin.totp("anna@pve").unwrap();
    let wrong = if code == "123456" {
        "totp:654321"
    } else {
        "totp:123456"
    };
    let answer = |client: &mut Client, code: &str| {
        client.post(
            "/access/ticket",
            &[name, ("password", code), ("tfa-challenge", &challenge)],
        )
    };
    let refused = answer(&mut client, wrong);
    assert_eq!(
        (refused.status, refused.reason.as_str()),
        (401, "authentication failure")
    );
    let done = answer(
        &mut client,
        &format!("totp:{}", standin.totp("anna@pve").unwrap()),
    )
    .data();
    client.auth = Auth::Ticket(done["ticket"].as_str().unwrap().to_owned());
    assert_eq!(client.get("/nodes").status, 200);
}

#[test]
fn a_revoked_token_is_refused_at_once_with_the_reason_in_the_status_line() {
    let standin = Standin::start(Version::V9).unwrap();
    let mut client = logged_in(&standin);
    assert_eq!(client.get("/version").data()["version"], "9.2.11");
    standin.change(|cluster| cluster.revoke_token("app@pve", "test"));
    let refused = client.get("/version");
    assert_eq!(
        (refused.status, refused.reason.as_str()),
        (401, "Authentication failed!")
    );
    assert_eq!(refused.body, "");
}

#[test]
fn rights_over_agents_have_their_names_by_version() {
    for (version, right) in [
        (Version::V8, "VM.Monitor"),
        (Version::V9, "VM.GuestAgent.Unrestricted"),
    ] {
        let standin = Standin::start(version).unwrap();
        standin.change(|cluster| {
            cluster.add_guest(100, Kind::Qemu, NODE, VM);
            cluster.run_guest(100).unwrap();
            cluster.set_agent(100, true);
            cluster.set_macs(&[]);
        });
        let with = standin.make_token("app@pve", "with", version.rights()).unwrap();
        let less: Vec<&str> = version
            .rights()
            .iter()
            .copied()
            .filter(|known| *known != right)
            .collect();
        let without = standin.make_token("less@pve", "without", &less).unwrap();
        let path = format!("/nodes/{NODE}/qemu/100/agent/exec");
        standin.change(|cluster| cluster.add_program(100, &["true"], Ran::default()));
        let mut client = Client::new(&standin, Auth::Token(with));
        assert_eq!(
            client.post(&path, &[("command", "true")]).status,
            200,
            "{version:?}"
        );
        client.auth = Auth::Token(without);
        let refused = client.post(&path, &[("command", "true")]);
        assert_eq!(refused.status, 403);
        assert_eq!(
            refused.reason,
            format!("Permission check failed (/vms/100, {right})")
        );
    }
}

#[test]
fn bridges_are_not_listed_for_who_has_no_right_over_them() {
    let standin = Standin::start(Version::V9).unwrap();
    let token = standin
        .make_token("app@pve", "blind", &["Sys.Audit", "Sys.Modify"])
        .unwrap();
    let mut client = Client::new(&standin, Auth::Token(token));
    let listed = client.get(&format!("/nodes/{NODE}/network"));
    let names: Vec<_> = listed
        .data()
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["iface"].clone())
        .collect();
    assert_eq!(names, [json!("eno1")]);
}

#[test]
fn root_makes_role_user_and_token_and_the_token_has_what_it_was_given() {
    let standin = Standin::start(Version::V9).unwrap();
    let (mut root, _) = signed_in(&standin, "root@pam", ROOT_PASSWORD);
    let rights = Version::V9.rights().join(",");
    let user = ("userid", "wirewarp@pve");
    assert_eq!(
        root.post("/access/roles", &[("roleid", "WireWarp"), ("privs", &rights)])
            .status,
        200
    );
    assert_eq!(root.post("/access/users", &[user]).status, 200);
    let made = root
        .post("/access/users/wirewarp@pve/token/app", &[("privsep", "1")])
        .data();
    let token = format!(
        "{}={}",
        made["full-tokenid"].as_str().unwrap(),
        made["value"].as_str().unwrap()
    );
    let mut app = Client::new(&standin, Auth::Token(token));
    assert_eq!(
        app.get("/access/permissions").data(),
        json!({}),
        "a separated token begins with nothing"
    );
    let grant = |holder: (&'static str, &'static str)| [("path", "/"), ("roles", "WireWarp"), holder];
    assert_eq!(
        root.put("/access/acl", &grant(("users", "wirewarp@pve"))).status,
        200
    );
    assert_eq!(app.get("/access/permissions").data(), json!({}));
    assert_eq!(
        root.put("/access/acl", &grant(("tokens", "wirewarp@pve!app")))
            .status,
        200
    );
    let held = app.get("/access/permissions").data();
    assert_eq!(held["/"].as_object().unwrap().len(), Version::V9.rights().len());
    let refused = app.post("/access/users", &[("userid", "more@pve")]);
    assert_eq!(
        refused.reason,
        "Permission check failed (/access/groups, User.Modify)"
    );
}

#[test]
fn only_privileges_of_the_version_can_be_in_a_role() {
    let standin = Standin::start(Version::V8).unwrap();
    let (mut root, _) = signed_in(&standin, "root@pam", ROOT_PASSWORD);
    let refused = root.post(
        "/access/roles",
        &[("roleid", "New"), ("privs", "VM.GuestAgent.Audit")],
    );
    assert_eq!(refused.status, 500);
    assert!(
        refused.reason.contains("VM.GuestAgent.Audit"),
        "{}",
        refused.reason
    );
}
