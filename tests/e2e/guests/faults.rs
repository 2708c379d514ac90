//! What goes wrong in the middle of an attachment ends with an error that says what to do; afterwards it can be gone on with,
//! and given back to the byte.

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::proxmox::{AnswerFault, Cluster, INTERFACES, NODE, Reach, Standin, TaskFault, Version};
use wirewarp_tests::suite::Case;

use crate::place::Place;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_guest_that_cannot_be_changed_keeps_what_it_had", at_the_guest),
        Case::new("a_node_that_fails_half_way_is_given_back", at_the_node),
        Case::new("an_answer_about_the_network_that_is_none_is_survived", answers),
    ]
}

/// One thing that goes wrong.
struct Fault {
    /// What.
    name: &'static str,
    /// Makes it so.
    arrange: fn(&Standin),
    /// The error's code.
    code: &'static str,
    /// What the person does about it.
    mend: Option<fn(&Place) -> Result<()>>,
    /// Whether the same again is to succeed then; else it is given back.
    retry: bool,
}

/// What somebody else adds to a node's network.
const VMBR7: &str = "\nauto vmbr7\niface vmbr7 inet manual\n";

const NETWORK: &str = "/nodes/pve1/network";

const CONFIG: &str = "/qemu/100/config";

fn at_the_guest(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V8)?;
    // Its peer stays, so that what follows is about the guest alone.
    place.attach("101", &["--address", "by-hand"])?;
    let faults = [
        Fault {
            name: "hot-plug",
            arrange: |standin| standin.change(|cluster| cluster.spoil_hotplug(100)),
            code: "proxmox_hotplug_failed",
            mend: None,
            retry: true,
        },
        Fault {
            name: "changed by somebody else",
            arrange: |standin| {
                before_config(standin, |cluster| cluster.set_guest_key(100, "cores", Some("2")));
            },
            code: "",
            mend: Some(|place| {
                place
                    .standin
                    .change(|cluster| cluster.set_guest_key(100, "cores", None));
                Ok(())
            }),
            retry: false,
        },
        Fault {
            name: "locked",
            arrange: |standin| before_config(standin, |cluster| cluster.lock_guest(100, Some("backup"))),
            code: "proxmox_guest_locked",
            mend: Some(|place| {
                place.standin.change(|cluster| cluster.lock_guest(100, None));
                Ok(())
            }),
            retry: true,
        },
        Fault {
            name: "token revoked",
            arrange: |standin| before_config(standin, |cluster| cluster.revoke_token("app@pve", "test")),
            code: "proxmox_token_refused",
            mend: Some(new_token),
            retry: false,
        },
        Fault {
            name: "certificate changed",
            arrange: |_| {},
            code: "proxmox_certificate_changed",
            mend: Some(|place| {
                let trust = place.standin.fingerprint();
                place
                    .me
                    .ok(&["proxmox", "trust", "pve", "--trust", &trust])
                    .map(drop)
            }),
            retry: true,
        },
        Fault {
            name: "a proxy's page",
            arrange: |standin| standin.spoil("PUT", CONFIG, AnswerFault::Html(502)),
            code: "proxmox_not_proxmox",
            mend: None,
            retry: true,
        },
        Fault {
            name: "truncated, and done all the same",
            arrange: |standin| standin.spoil("PUT", CONFIG, AnswerFault::Truncated),
            code: "proxmox_connection_lost",
            mend: None,
            retry: false,
        },
        Fault {
            name: "ten megabytes",
            arrange: |standin| standin.spoil("GET", CONFIG, AnswerFault::Huge),
            code: "proxmox_bad_answer",
            mend: None,
            retry: false,
        },
    ];
    for fault in faults {
        survives(&place, &fault, &["--nic", "new", "--address", "by-hand"]).with_context(|| fault.name)?;
    }
    deleted(&place)?;
    place.detach("101").map(drop)
}

fn at_the_node(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V9)?;
    let faults = [
        Fault {
            name: "the task fails",
            arrange: |standin| {
                standin.change(|cluster| {
                    cluster.spoil_task("srvreload", TaskFault::Fails("command failed".into()));
                });
            },
            code: "proxmox_task_failed",
            mend: None,
            retry: false,
        },
        Fault {
            name: "the task never ends",
            arrange: |standin| {
                standin.change(|cluster| cluster.spoil_task("srvreload", TaskFault::NeverEnds));
            },
            code: "proxmox_task_unfinished",
            mend: None,
            retry: true,
        },
        Fault {
            name: "somebody else's edits",
            arrange: |standin| {
                standin.change(|cluster| {
                    cluster.stage_interfaces(NODE, &format!("{INTERFACES}{VMBR7}"));
                });
            },
            code: "proxmox_others_edits",
            mend: Some(|place| {
                place.standin.change(|cluster| cluster.revert_interfaces(NODE));
                Ok(())
            }),
            retry: false,
        },
        Fault {
            name: "somebody else edits after the look",
            arrange: |standin| {
                standin.before("POST", NETWORK, |cluster| {
                    cluster.stage_interfaces(NODE, &format!("{INTERFACES}{VMBR7}"));
                });
            },
            code: "proxmox_others_edits",
            mend: Some(|place| {
                let staged = place.standin.staged_text(NODE).unwrap_or_default();
                ensure!(
                    staged.contains("vmbr7") && !staged.contains("iface ww"),
                    "{staged}"
                );
                place.standin.change(|cluster| cluster.revert_interfaces(NODE));
                Ok(())
            }),
            retry: true,
        },
        Fault {
            name: "the node reboots after the bridge",
            arrange: |standin| {
                before_config(standin, |cluster| cluster.reboot_node(NODE).unwrap_or_default());
                standin.spoil("PUT", CONFIG, AnswerFault::Html(503));
            },
            code: "proxmox_not_proxmox",
            mend: Some(|place| place.standin.change(|cluster| cluster.run_guest(100))),
            retry: true,
        },
        Fault {
            name: "the node goes out of reach",
            arrange: |standin| {
                standin.before("POST", NETWORK, |cluster| {
                    cluster.set_reach(NODE, Reach::Down);
                });
            },
            code: "proxmox_node_unreachable",
            mend: Some(|place| {
                place.standin.change(|cluster| cluster.set_reach(NODE, Reach::Up));
                Ok(())
            }),
            retry: false,
        },
    ];
    for fault in faults {
        let words = ["--nic", "replace", "--task-timeout", "5"];
        survives(&place, &fault, &place.on_home(&words)).with_context(|| fault.name)?;
    }
    Ok(())
}

fn answers(lab: &Lab) -> Result<()> {
    let place = Place::new(lab, Version::V8)?;
    let faults = [
        Fault {
            name: "a proxy's page for the bridge",
            arrange: |standin| standin.spoil("POST", NETWORK, AnswerFault::Html(502)),
            code: "proxmox_not_proxmox",
            mend: None,
            retry: true,
        },
        Fault {
            name: "the answer about the bridge is cut off",
            arrange: |standin| standin.spoil("POST", NETWORK, AnswerFault::Truncated),
            code: "proxmox_connection_lost",
            mend: None,
            retry: false,
        },
        Fault {
            name: "ten megabytes about the bridge",
            arrange: |standin| standin.spoil("POST", NETWORK, AnswerFault::Huge),
            code: "proxmox_bad_answer",
            mend: None,
            retry: true,
        },
        Fault {
            name: "a proxy's page where it comes into force",
            arrange: |standin| standin.spoil("PUT", NETWORK, AnswerFault::Html(504)),
            code: "proxmox_not_proxmox",
            mend: None,
            retry: false,
        },
        Fault {
            name: "it came into force, and the answer is cut off",
            arrange: |standin| standin.spoil("PUT", NETWORK, AnswerFault::Truncated),
            code: "proxmox_connection_lost",
            mend: None,
            retry: true,
        },
        Fault {
            name: "ten megabytes where it comes into force",
            arrange: |standin| standin.spoil("PUT", NETWORK, AnswerFault::Huge),
            code: "proxmox_bad_answer",
            mend: None,
            retry: false,
        },
    ];
    for fault in faults {
        survives(&place, &fault, &place.on_home(&["--nic", "replace"])).with_context(|| fault.name)?;
    }
    Ok(())
}

fn new_token(place: &Place) -> Result<()> {
    place.sign_in_anew()
}

fn before_config(standin: &Standin, change: fn(&mut Cluster)) {
    standin.before("PUT", CONFIG, change);
}

fn survives(place: &Place, fault: &Fault, words: &[&str]) -> Result<()> {
    let before = place.texts(100);
    (fault.arrange)(&place.standin);
    if fault.name == "certificate changed" {
        place.standin.change_certificate()?;
    }
    let said = place.try_attach("100", words)?;
    if fault.code.is_empty() {
        ensure!(said.status == 0, "{said:?}");
    } else {
        ensure!(said.status == 1, "it did not fail: {said:?}");
        let text = format!("{}{}", said.stdout, said.stderr);
        ensure!(
            text.contains(&format!("\"{}\"", fault.code)),
            "not {}: {text}",
            fault.code
        );
        ensure!(text.contains("\"hints\":[\""), "no word about what to do: {text}");
    }
    if let Some(mend) = fault.mend {
        mend(place)?;
    }
    if fault.retry {
        let again = place.try_attach("100", words)?;
        ensure!(again.status == 0, "the same again fails: {again:?}");
        ensure!(place.texts(100) != before, "nothing was done");
    }
    if place.is_recorded(100)? {
        place.detach("100")?;
    }
    ensure!(place.texts(100) == before, "{:?}\n{before:?}", place.texts(100));
    ensure!(
        place.standin.staged_text(NODE).is_none(),
        "something is staged still"
    );
    Ok(())
}

/// A guest that is deleted while it is attached: what was made for it goes all the same.
fn deleted(place: &Place) -> Result<()> {
    place.attach_here("100", &["--address", "by-hand"])?;
    place.standin.change(|cluster| cluster.delete_guest(100));
    let said = place.detach("100")?;
    ensure!(said["guest"]["notes"].to_string().contains("is gone"), "{said}");
    ensure!(!place.is_recorded(100)?);
    Ok(())
}
