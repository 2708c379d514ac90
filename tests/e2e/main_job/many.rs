//! Many forwards in one go.

use std::fs;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::site::{FIRST, Site};
use wirewarp_tests::suite::Case;
use wirewarp_tests::traffic::Protocol::{Tcp, Udp};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a_file_of_forwards_is_put_in_force_whole_or_not_at_all",
            from_a_file,
        ),
        Case::new("a_template_opens_the_ports_of_its_game", template),
    ]
}

fn from_a_file(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _vm = lab.serve("vm", &[10000, 10499], &[20000])?;
    let _home = lab.serve("home", &[30000], &[])?;
    let mut lines: Vec<String> = (10000..10500).map(|port| format!("{port} tcp")).collect();
    lines.push("# the voice server".to_owned());
    lines.push("20000-20010 udp - voice".to_owned());
    lines.push("30000 tcp peer panel".to_owned());
    let file = site.me.home().join("forwards.txt");
    let path = file.display().to_string();

    fs::write(&file, format!("{}\n70000 tcp\n", lines.join("\n")))?;
    let words = ["port", "add", "attic", "--from", &path];
    site.me.refused(64, &words, &["Line 504"])?;
    ensure!(site.me.json(&["port", "list"])? == serde_json::json!([]));

    fs::write(&file, lines.join("\n"))?;
    let open = site.open(&["attic", "--from", &path])?;
    ensure!(open.ids.len() == 502, "{}", open.ids.len());
    for (protocol, port) in [(Tcp, 10000), (Tcp, 10499), (Udp, 20000), (Tcp, 30000)] {
        site.player_is_seen(protocol, FIRST, port)?;
    }
    site.me.change(&["port", "disable", "--of", "attic"])?;
    site.silent("player", &[(Tcp, (FIRST, 10000).into())])?;
    site.me.change(&["port", "enable", "voice"])?;
    site.player_is_seen(Udp, FIRST, 20000)?;
    open.close()?;
    site.nothing_to_do()
}

fn template(lab: &Lab) -> Result<()> {
    let site = Site::ready(lab)?;
    let _server = lab.serve("vm", &[27015, 8123], &[27015, 27020])?;
    let source = site.open(&["attic", "--template", "cs2"])?;
    for (protocol, port) in [(Tcp, 27015), (Udp, 27015), (Udp, 27020)] {
        site.player_is_seen(protocol, FIRST, port)?;
    }
    source.close()?;
    site.me
        .change(&["template", "add", "mymap", "27015 tcp+udp, 8123 tcp"])?;
    let own = site.open(&["attic", "--template", "mymap"])?;
    for (protocol, port) in [(Tcp, 27015), (Udp, 27015), (Tcp, 8123)] {
        site.player_is_seen(protocol, FIRST, port)?;
    }
    site.me.change(&["template", "remove", "mymap"])?;
    own.close()
}
