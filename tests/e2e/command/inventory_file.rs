//! The inventory's folder and file: where it is, and what is said when it is not what it should be.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::site::{bash, code, operator, says};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("the_folder_is_named_by_option_variable_or_home", folders),
        Case::new("the_folder_is_its_owners_alone", private),
        Case::new("commands_at_once_each_record_their_change", at_once),
        Case::new("a_damaged_file_is_told_and_left_alone", damaged),
        Case::new("a_newer_inventory_is_told_and_left_alone", newer),
        Case::new("a_folder_that_cannot_be_written_is_told", read_only),
    ]
}

fn folders(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "folders")?;
    let there = |path: &str| me.home().join(path).join("inventory.db").exists();
    me.ok(&["vps", "list"])?;
    ensure!(
        me.data_dir().join("inventory.db").exists(),
        "WIREWARP_DATA_DIR is ignored"
    );
    let option = me.home().join("by option");
    me.ok(&["vps", "list", "--data-dir", &option.display().to_string()])?;
    ensure!(there("by option"), "--data-dir does not go before the variable");
    bash(&me, "unset WIREWARP_DATA_DIR; wirewarp vps list")?.ok()?;
    ensure!(
        there(".local/share/wirewarp"),
        "without both it is not in the home directory"
    );
    bash(
        &me,
        "unset WIREWARP_DATA_DIR; XDG_DATA_HOME=$HOME/xdg wirewarp vps list",
    )?
    .ok()?;
    ensure!(there("xdg/wirewarp"), "XDG_DATA_HOME is ignored");
    Ok(())
}

fn private(lab: &Lab) -> Result<()> {
    let me = operator(lab)?;
    let mode =
        |path: &std::path::Path| -> Result<u32> { Ok(fs::metadata(path)?.permissions().mode() & 0o777) };
    ensure!(mode(&me.data_dir())? == 0o700, "the folder is open");
    for file in fs::read_dir(me.data_dir())? {
        let file = file?.path();
        let expected = if file.is_dir() { 0o700 } else { 0o600 };
        ensure!(
            mode(&file)? == expected,
            "{} is {:o}",
            file.display(),
            mode(&file)?
        );
    }
    Ok(())
}

fn at_once(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "at-once")?;
    // The first of them also make the file.
    let add = |number: u16| -> Result<Child> {
        let (name, ports) = (format!("mine{number}"), format!("{} tcp", 7000 + number));
        me.command(&["template", "add", &name, &ports])
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start it")
    };
    let children: Vec<Child> = (0..8).map(add).collect::<Result<_>>()?;
    for child in children {
        let ended = child.wait_with_output()?;
        ensure!(ended.status.success(), "{ended:?}");
    }
    let templates = me.json(&["template", "list"])?;
    let own = templates
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| entry["own"] == true);
    ensure!(own.count() == 8, "{templates}");
    two_changes_of_one_inventory(&operator(lab)?)
}

/// Both are recorded, or one is told that the other was quicker: never is one lost.
fn two_changes_of_one_inventory(me: &Operator) -> Result<()> {
    let add = |port: &str| {
        let mut command = me.command(&["port", "add", "phone", port, "--label", port, "--no-apply"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    };
    let children = [add("8101")?, add("8102")?, add("8103")?, add("8104")?];
    let mut recorded = 0;
    for child in children {
        let status = child.wait_with_output()?.status.code();
        ensure!(status == Some(0) || status == Some(1), "it ended with {status:?}");
        recorded += usize::from(status == Some(0));
    }
    ensure!(recorded > 0, "none was recorded");
    let listed = me.json(&["port", "list"])?;
    let labels: Vec<&str> = listed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|forward| forward["label"].as_str())
        .filter(|label| label.starts_with("810"))
        .collect();
    ensure!(
        labels.len() == recorded,
        "{recorded} said that they recorded: {labels:?}"
    );
    let remove = [&["port", "remove", "--no-apply"], labels.as_slice()].concat();
    me.ok(&remove).map(drop)
}

fn damaged(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "damaged")?;
    me.ok(&["template", "add", "mine", "7000 tcp"])?;
    let path = me.data_dir().join("inventory.db");
    for log in ["inventory.db-wal", "inventory.db-shm"] {
        drop(fs::remove_file(me.data_dir().join(log)));
    }
    let garbage = "not a database ".repeat(1000);
    fs::write(&path, &garbage)?;
    let output = me.run(&["vps", "list", "--json"])?;
    ensure!(
        output.status == 1 && code(&output)? == "inventory_corrupt",
        "{output:?}"
    );
    let text = me.run(&["port", "add", "x", "80"])?;
    says(&text.stderr, &["inventory.db", "damaged", "→"])?;
    ensure!(!text.stderr.contains("panicked"), "{text:?}");
    ensure!(
        fs::read_to_string(&path)? == garbage,
        "the damaged file was changed"
    );
    Ok(())
}

fn newer(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "newer")?;
    me.ok(&["template", "add", "mine", "7000 tcp"])?;
    let path = me.data_dir().join("inventory.db").display().to_string();
    let future = "import sqlite3, sys\n\
         db = sqlite3.connect(sys.argv[1])\n\
         db.execute(\"INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', 1, x'00', 0)\")\n\
         db.commit()\n";
    lab.exec_in("admin", &["python3", "-c", future, &path])?.ok()?;
    let output = me.run(&["vps", "list", "--json"])?;
    ensure!(
        output.status == 1 && code(&output)? == "inventory_newer",
        "{output:?}"
    );
    says(&me.run(&["vps", "list"])?.stderr, &["newer version", "Update"])
}

fn read_only(lab: &Lab) -> Result<()> {
    let me = Operator::new(lab, "read-only")?;
    me.ok(&["template", "add", "mine", "7000 tcp"])?;
    // Root may write anywhere, but not on what is mounted read-only.
    let mounted = "mount --bind $WIREWARP_DATA_DIR $WIREWARP_DATA_DIR && \
         mount -o remount,ro,bind $WIREWARP_DATA_DIR $WIREWARP_DATA_DIR && ";
    for command in ["template add other '7001 tcp'", "vps list"] {
        let line = format!(
            "unshare --mount bash -c '{mounted} wirewarp {}'",
            command.replace('\'', "\"")
        );
        let output = bash(&me, &line)?;
        ensure!(output.status == 1, "{output:?}");
        says(&output.stderr, &["inventory", "ead-only", "→"])?;
        ensure!(!output.stderr.contains("panicked"), "{output:?}");
    }
    let missing = me.run(&["vps", "list", "--data-dir", "/proc/nowhere"])?;
    ensure!(missing.status == 1, "{missing:?}");
    says(&missing.stderr, &["/proc/nowhere", "--data-dir"])
}
