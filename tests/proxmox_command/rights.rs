//! Rights that are missing are named, with the commands that grant them.

use wirewarp_tests::proxmox::{RIGHTS_8, RIGHTS_9, Standin, Version};

use crate::{Laptop, add};

const ROLE_8: &str = "pveum role add WireWarp -privs 'Sys.Audit Sys.Modify VM.Audit VM.Config.Network VM.Config.Cloudinit \
     SDN.Use SDN.Audit VM.Monitor' 2>/dev/null || pveum role modify WireWarp -privs 'Sys.Audit Sys.Modify VM.Audit \
     VM.Config.Network VM.Config.Cloudinit SDN.Use SDN.Audit VM.Monitor'";

const ROLE_9: &str = "pveum role add WireWarp -privs 'Sys.Audit Sys.Modify VM.Audit VM.Config.Network VM.Config.Cloudinit \
     SDN.Use SDN.Audit VM.GuestAgent.Audit VM.GuestAgent.Unrestricted' 2>/dev/null || pveum role modify WireWarp -privs \
     'Sys.Audit Sys.Modify VM.Audit VM.Config.Network VM.Config.Cloudinit SDN.Use SDN.Audit VM.GuestAgent.Audit \
     VM.GuestAgent.Unrestricted'";

#[test]
fn a_token_that_lacks_rights_is_refused_with_the_lines_that_grant_them() {
    for (version, rights, role) in [(Version::V8, RIGHTS_8, ROLE_8), (Version::V9, RIGHTS_9, ROLE_9)] {
        let standin = Standin::start(version).unwrap();
        let lacks = ["SDN.Use", "VM.Config.Network"];
        let held: Vec<&str> = rights
            .iter()
            .copied()
            .filter(|right| !lacks.contains(right))
            .collect();
        let token = standin.make_token("app@pve", "test", &held).unwrap();
        let laptop = Laptop::new();
        let error = laptop.error(&add(&standin, &["--token-stdin"]), &[&token]);
        let lines = [
            role,
            "pveum acl modify / -user 'app@pve' -role WireWarp",
            "pveum acl modify / -token 'app@pve!test' -role WireWarp",
        ];
        error.says(
            "proxmox_rights_missing",
            &["SDN.Use on /sdn", "VM.Config.Network on /vms"],
        );
        for line in lines {
            assert!(
                error.hints.iter().any(|hint| hint == line),
                "no line {line}: {error:?}"
            );
        }
        assert!(
            !error.message.contains("SDN.Audit"),
            "it is not missing: {error:?}"
        );
        assert_eq!(standin.change(|cluster| cluster.tokens_of("app@pve")).len(), 1);
    }
}

#[test]
fn a_token_apart_from_its_users_rights_has_none_and_is_told_so() {
    let standin = Standin::start(Version::V9).unwrap();
    let token = standin
        .change(|cluster| cluster.add_token("root@pam", "bare", true))
        .unwrap();
    let error = Laptop::new().error(&add(&standin, &["--token-stdin"]), &[&token]);
    error.says(
        "proxmox_rights_missing",
        &["pveum acl modify / -token 'root@pam!bare' -role WireWarp"],
    );
    for right in RIGHTS_9 {
        assert!(error.message.contains(right), "{right}: {error:?}");
    }
    assert!(
        !error.hints.concat().contains("-user"),
        "root may everything already: {error:?}"
    );
}

#[test]
fn a_user_who_lacks_rights_is_told_the_lines_for_a_user() {
    let standin = Standin::start(Version::V9).unwrap();
    standin.change(|cluster| {
        cluster.add_user("anna@pve", "anna-password");
        cluster.grant("anna@pve", "/", &["VM.Audit"]);
    });
    let words = ["--user", "anna@pve", "--password-stdin", "--keep-password"];
    let error = Laptop::new().error(&add(&standin, &words), &["anna-password"]);
    error.says(
        "proxmox_rights_missing",
        &[
            "Sys.Modify on /nodes",
            ROLE_9,
            "pveum acl modify / -user 'anna@pve' -role WireWarp",
        ],
    );
    assert!(!error.hints.concat().contains("-token"), "{error:?}");
}

#[test]
fn the_lines_do_not_let_a_user_name_into_the_shell() {
    let standin = Standin::start(Version::V9).unwrap();
    let user = "x$(reboot)'y@pve";
    let token = standin.make_token(user, "test", &["VM.Audit"]).unwrap();
    let error = Laptop::new().error(&add(&standin, &["--token-stdin"]), &[&token]);
    error.says("proxmox_rights_missing", &[r"-user 'x$(reboot)'\''y@pve' -role"]);
}

#[test]
fn rights_on_the_guests_alone_are_not_enough_and_those_on_each_place_are() {
    let standin = Standin::start(Version::V9).unwrap();
    let token = standin.make_token("app@pve", "test", &[]).unwrap();
    standin.change(|cluster| {
        cluster.withdraw("app@pve");
        cluster.grant("app@pve", "/vms", RIGHTS_9);
    });
    let laptop = Laptop::new();
    let error = laptop.error(&add(&standin, &["--token-stdin"]), &[&token]);
    error.says(
        "proxmox_rights_missing",
        &["SDN.Audit on /sdn (seeing bridges at all)"],
    );
    assert!(!error.message.contains("/vms"), "{error:?}");
    standin.change(|cluster| {
        cluster.grant("app@pve", "/sdn", RIGHTS_9);
        cluster.grant("app@pve", "/nodes", RIGHTS_9);
    });
    laptop.json(&add(&standin, &["--token-stdin"]), &[&token]);
}
