//! Secrets in a real keychain, found by writing and reading.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::secrecy::nowhere;
use super::terminal::bash;
use super::{PASSWORD, up};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_keychain_keeps_passwords_and_gives_them_again", keychain),
        Case::new(
            "without_keychain_or_passphrase_a_password_is_not_kept_anywhere",
            nothing_to_keep_it,
        ),
    ]
}

fn keychain(lab: &Lab) -> Result<()> {
    up(lab, &["vps62"])?;
    let me = Operator::new(lab, "keira")?;
    let login = me.login("vps62")?.words.join(" ");
    let script = format!(
        "unset WIREWARP_VAULT_PASSPHRASE; mkdir -p $HOME/.run; export XDG_RUNTIME_DIR=$HOME/.run; \
         dbus-run-session -- bash -c '\
         echo -n login | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1; \
         printf \"%s\\n\" \"$1\" | wirewarp vps add kept {login} --no-apply && wirewarp plan; echo \"plan: $?\"' x \"$SECRET\""
    );
    let secret = PASSWORD.replace('\'', r"'\''");
    let said = bash(&me, &format!("SECRET='{secret}'; {script}"))?;
    ensure!(
        said.stdout.contains("Recorded") && said.stdout.contains("plan: 2"),
        "{said:?}"
    );
    ensure!(
        !me.data_dir().join("vault").exists(),
        "a vault was made beside the keychain"
    );
    nowhere(PASSWORD, &me.data_dir(), &[])
}

fn nothing_to_keep_it(lab: &Lab) -> Result<()> {
    up(lab, &["vps62"])?;
    let me = Operator::new(lab, "nora")?;
    let login = me.login("vps62")?;
    let mut words = vec!["vps", "add", "kept", "--yes"];
    words.extend(login.words.iter().map(String::as_str));
    let mut command = me.command(&words);
    command.env_remove("WIREWARP_VAULT_PASSPHRASE");
    let output = wirewarp_tests::lab::process::run(command, login.input.as_bytes())?;
    ensure!(
        output.status == 1 && output.stderr.contains("WIREWARP_VAULT_PASSPHRASE"),
        "{output:?}"
    );
    let listed = me.json(&["vps", "list"])?;
    ensure!(
        listed.as_array().is_some_and(Vec::is_empty),
        "it was recorded all the same: {listed}"
    );
    nowhere(PASSWORD, &me.data_dir(), &[&output])
}
