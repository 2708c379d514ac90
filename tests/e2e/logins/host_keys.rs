//! Is it the right host? Unknown keys are shown and asked about once; changed ones stop everything.

use std::fs;

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::terminal::at_terminal;
use super::up;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("an_unknown_key_is_shown_and_refused_with_nobody_to_ask", unknown),
        Case::new("a_person_is_asked_once_about_an_unknown_key", asked_once),
        Case::new("known_hosts_is_honoured", known_hosts),
        Case::new("a_changed_key_stops_everything_until_it_is_trusted_anew", changed),
    ]
}

const HOST: &str = "root@203.0.113.65";

fn unknown(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "ulla")?;
    let key = lab.key().display().to_string();
    let right = me.fingerprint("vps65")?;
    let add = ["vps", "add", "x", "--host", HOST, "--key", &key];
    me.refused(1, &add, &["ssh-ed25519", &right, "--trust"])?;
    let as_json = me.refused(1, &[&add[..], &["--json"]].concat(), &["host_key_unknown"])?;
    ensure!(as_json.contains(&right), "{as_json}");
    let wrong = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    me.refused(
        1,
        &[&add[..], &["--trust", wrong]].concat(),
        &["ssh-ed25519", &right],
    )?;
    // Neither refusal is remembered as a yes.
    me.refused(1, &add, &[&right])?;
    let listed = me.json(&["vps", "list"])?;
    ensure!(listed.as_array().is_some_and(Vec::is_empty), "{listed}");
    me.ok(&[&add[..], &["--trust", &right, "--dry-run"]].concat())
        .map(drop)
}

fn asked_once(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "oscar")?;
    let key = lab.key().display().to_string();
    let right = me.fingerprint("vps65")?;
    let add = ["vps", "add", "x", "--host", HOST, "--key", &key, "--dry-run"];
    let no = at_terminal(&me, &add, &[("[y/N]", "n")])?;
    ensure!(
        no.status == 1 && no.stdout.contains(&right) && no.stdout.contains("ssh-ed25519"),
        "{no:?}"
    );
    let yes = at_terminal(&me, &add, &[("[y/N]", "y")])?;
    ensure!(yes.succeeded() && yes.stdout.contains("Dry run"), "{yes:?}");
    let again = me.ok(&add)?;
    ensure!(again.contains("Dry run"), "{again}");
    Ok(())
}

fn known_hosts(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "karl")?;
    let key = lab.key().display().to_string();
    let add = ["vps", "add", "x", "--host", HOST, "--key", &key, "--dry-run"];
    let file = me.home().join(".ssh/known_hosts");
    fs::create_dir_all(me.home().join(".ssh"))?;
    let line = |host: &str| -> Result<String> {
        let key = lab.exec(host, "cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub")?;
        Ok(format!("203.0.113.65 {}\n", key.ok()?))
    };
    fs::write(&file, line("vps65")?)?;
    let known = me.ok(&add)?;
    ensure!(known.contains("Dry run"), "{known}");
    fs::write(&file, line("vps1")?)?;
    let (old, new) = (me.fingerprint("vps1")?, me.fingerprint("vps65")?);
    me.refused(1, &add, &["changed", &old, &new])?;
    // Naming the right fingerprint does not talk it away either.
    me.refused(1, &[&add[..], &["--trust", &new]].concat(), &["changed"])?;
    fs::write(&file, format!("@revoked {}", line("vps65")?))?;
    me.refused(1, &[&add[..], &["--trust", &new]].concat(), &["withdrawn"])?;
    // Hashed, as OpenSSH writes it where HashKnownHosts is on.
    fs::write(&file, line("vps65")?)?;
    let path = file.display().to_string();
    lab.exec_in("admin", &["ssh-keygen", "-q", "-H", "-f", &path])?
        .ok()?;
    ensure!(
        !fs::read_to_string(&file)?.contains("203.0.113.65"),
        "it is not hashed"
    );
    me.ok(&add).map(drop)
}

fn changed(lab: &Lab) -> Result<()> {
    let me = super::keys::anna(lab)?;
    let old = me.fingerprint("vps1")?;
    let keys = "/etc/ssh/ssh_host_";
    lab.exec(
        "vps1",
        &format!("mkdir /root/keys && mv {keys}* /root/keys/ && ssh-keygen -q -A && systemctl restart ssh"),
    )?
    .ok()?;
    let outcome = refused_until_trusted(&me, &old);
    lab.exec(
        "vps1",
        &format!("rm {keys}* && mv /root/keys/* /etc/ssh/ && rmdir /root/keys && systemctl restart ssh"),
    )?
    .ok()?;
    outcome?;
    me.change(&["vps", "trust", "nyc", "--trust", &old])?;
    ensure!(me.run(&["plan", "nyc"])?.status == 0);
    Ok(())
}

fn refused_until_trusted(me: &Operator, old: &str) -> Result<()> {
    let new = me.fingerprint("vps1")?;
    ensure!(new != old);
    for words in [
        &["plan", "nyc"][..],
        &["port", "add", "attic", "8080"],
        &["rollback", "nyc"],
    ] {
        me.refused(1, words, &["changed", old, &new, "wirewarp vps trust"])?;
    }
    let forwards = me.json(&["port", "list"])?;
    ensure!(
        forwards.as_array().is_some_and(Vec::is_empty),
        "it was recorded: {forwards}"
    );
    let wrong = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    me.refused(1, &["vps", "trust", "nyc", "--trust", wrong], &[&new])?;
    me.refused(1, &["plan", "nyc"], &["changed"])?;
    me.change(&["vps", "trust", "nyc", "--trust", &new])?;
    ensure!(
        me.run(&["plan", "nyc"])?.status == 0,
        "it is not trusted after all"
    );
    Ok(())
}
