//! Logging in with passwords: for SSH, for sudo, for both, and only once.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::secrecy::{Watch, nowhere};
use super::terminal::at_terminal;
use super::{PASSWORD, up};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("sudo_that_asks_is_given_its_password_each_time", sudo_asking),
        Case::new("of_two_passwords_sshs_comes_first", both),
        Case::new("a_key_takes_the_place_of_the_password", install_key),
        Case::new("a_wrong_password_is_told_as_such", wrong),
    ]
}

fn sudo_asking(lab: &Lab) -> Result<()> {
    up(lab, &["vps62"])?;
    let me = Operator::new(lab, "susan")?;
    let login = me.login("vps62")?;
    ensure!(login.words.contains(&"--sudo-password-stdin".to_owned()) && login.input.lines().count() == 1);
    let watch = Watch::begin(PASSWORD);
    me.add_vps("asking", "vps62", &[])?;
    lab.exec("vps62", "wg show ww0")?.ok()?;
    // Kept in the vault, so that nobody is asked again.
    let later = me.run(&["peer", "add", "phone", "--manual", "--yes", "--json"])?;
    later.ok()?;
    watch.end()?;
    nowhere(PASSWORD, &me.data_dir(), &[&later])?;
    ensure!(me.data_dir().join("vault").exists(), "there is no vault");
    let mut without = me.command(&["plan"]);
    without.env_remove("WIREWARP_VAULT_PASSPHRASE");
    let shut = wirewarp_tests::lab::process::run(without, b"")?;
    ensure!(
        shut.status == 1 && shut.stderr.contains("WIREWARP_VAULT_PASSPHRASE"),
        "{shut:?}"
    );
    let mut other = me.command(&["plan"]);
    other.env("WIREWARP_VAULT_PASSPHRASE", "wrong");
    let shut = wirewarp_tests::lab::process::run(other, b"")?;
    ensure!(
        shut.status == 1 && shut.stderr.contains("passphrase is wrong"),
        "{shut:?}"
    );
    ensure!(me.run(&["plan"])?.status == 0, "the vault was spoilt");
    Ok(())
}

fn both(lab: &Lab) -> Result<()> {
    up(lab, &["vps63"])?;
    let me = Operator::new(lab, "boris")?;
    // sudo asks for root's password here, so that the two lines differ.
    let other = "battery \"$(reboot)\" \\";
    lab.exec(
        "vps63",
        &format!(
            "printf '%s\\n' 'root:{other}' | chpasswd && echo 'Defaults rootpw' > /etc/sudoers.d/rootpw"
        ),
    )?
    .ok()?;
    let login = me.login("vps63")?;
    let mut words = vec!["vps", "add", "both"];
    words.extend(login.words.iter().map(String::as_str));
    let dry = [words.as_slice(), &["--dry-run"]].concat();
    let turned = me.run_with(&dry, &format!("{other}\n{PASSWORD}\n"))?;
    ensure!(
        turned.status == 1 && turned.stderr.contains("assword"),
        "{turned:?}"
    );
    let (ssh, sudo) = (Watch::begin(PASSWORD), Watch::begin(other));
    let added = me.run_with(
        &[words.as_slice(), &["--yes", "-vv"]].concat(),
        &format!("{PASSWORD}\n{other}\n"),
    )?;
    added.ok()?;
    let later = me.run(&["peer", "add", "phone", "--manual", "--yes", "-vv"])?;
    later.ok()?;
    ssh.end()?;
    sudo.end()?;
    for secret in [PASSWORD, other] {
        nowhere(secret, &me.data_dir(), &[&turned, &added, &later])?;
    }
    let journal = lab.exec(
        "vps63",
        "journalctl --no-pager; cat /run/wirewarp/* 2>/dev/null; true",
    )?;
    for secret in [PASSWORD, other] {
        ensure!(
            !journal.stdout.contains(secret),
            "a password stands in the host's journal"
        );
    }
    Ok(())
}

fn install_key(lab: &Lab) -> Result<()> {
    up(lab, &["vps64"])?;
    let me = Operator::new(lab, "kim")?;
    let watch = Watch::begin(PASSWORD);
    me.add_vps("keyed", "vps64", &["--install-key"])?;
    watch.end()?;
    let mode =
        |path: &std::path::Path| -> Result<u32> { Ok(fs::metadata(path)?.permissions().mode() & 0o777) };
    let keys = me.data_dir().join("keys");
    ensure!(mode(&keys)? == 0o700, "the folder of keys is open");
    let private: Vec<_> = fs::read_dir(&keys)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_none())
        .collect();
    ensure!(private.len() == 1 && mode(&private[0])? == 0o600, "{private:?}");
    nowhere(PASSWORD, &me.data_dir(), &[])?;
    ensure!(
        !me.data_dir().join("vault").exists(),
        "the password is kept after all"
    );
    // From now on no password opens the door, and nobody needs one.
    lab.exec(
        "vps64",
        "rm /etc/ssh/sshd_config.d/10-lab.conf && echo 'PasswordAuthentication no' > /etc/ssh/sshd_config.d/10-lab.conf && \
         systemctl reload ssh",
    )?
    .ok()?;
    me.change(&["peer", "add", "phone", "--manual"])?;
    ensure!(me.run(&["plan"])?.status == 0);
    Ok(())
}

fn wrong(lab: &Lab) -> Result<()> {
    up(lab, &["vps62", "vps63"])?;
    let me = Operator::new(lab, "walter")?;
    let add = |host: &str, option: &'static str| -> Result<Vec<String>> {
        let mut words = ["vps", "add", "wrong", "--dry-run", "--json"]
            .map(str::to_owned)
            .to_vec();
        words.extend(
            me.login(host)?
                .words
                .into_iter()
                .filter(|word| !word.ends_with("-stdin")),
        );
        words.push(option.to_owned());
        Ok(words)
    };
    for (host, option, input, code) in [
        ("vps63", "--password-stdin", "wrong\n", "ssh_password_wrong"),
        ("vps62", "--sudo-password-stdin", "wrong\n", "sudo_password_wrong"),
        ("vps62", "-y", "", "sudo_password_required"),
    ] {
        let words = add(host, option)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = me.run_with(&words, input)?;
        ensure!(
            output.status == 1 && output.stdout.contains(code),
            "{host}: {output:?}"
        );
        ensure!(!me.data_dir().join("vault").exists(), "a wrong password is kept");
    }
    // A person at a terminal is offered the key.
    let words = add("vps63", "--password-stdin")?;
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| *word != "--json")
        .collect();
    let offered = at_terminal(
        &me,
        &words,
        &[("SSH password:", PASSWORD), ("instead of the password", "n")],
    )?;
    ensure!(
        offered.stdout.contains("Make a key") && !offered.stdout.contains(PASSWORD),
        "{offered:?}"
    );
    Ok(())
}
