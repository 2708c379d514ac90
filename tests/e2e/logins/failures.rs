//! What is said when there is no way in.

use anyhow::{Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use super::terminal::bash;
use super::up;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_host_that_is_not_reached_is_told_apart_by_how", not_reached),
        Case::new("a_user_who_cannot_become_root_is_told_why", no_sudo),
        Case::new("too_many_keys_are_told_as_such", too_many_keys),
    ]
}

fn refused(me: &Operator, words: &[&str], code: &str) -> Result<()> {
    let said = me.refused(1, &[words, &["--json"]].concat(), &[code])?;
    ensure!(
        said.contains("hints") && !said.contains("\"hints\":[]"),
        "no hint: {said}"
    );
    Ok(())
}

fn not_reached(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "norma")?;
    let key = lab.key().display().to_string();
    let add = |host: &'static str, port: &'static str| ["vps", "add", "x", "--host", host, "--port", port];
    let with_key = |words: [&'static str; 7]| [&words[..], &["--key", &key]].concat();
    refused(&me, &with_key(add("root@203.0.113.65", "23")), "ssh_refused")?;
    refused(
        &me,
        &with_key(add("root@nowhere.invalid", "22")),
        "ssh_name_not_found",
    )?;
    lab.exec(
        "vps65",
        "cat > /run/mail <<'E'\n$l = IO::Socket::INET->new(LocalPort => 2525, Listen => 1, ReuseAddr => 1) or die;\n\
         while ($c = $l->accept) { print $c \"220 mail ESMTP\\r\\n\" x 500; sleep 20 }\nE\n\
         systemd-run --quiet --unit=mail perl -MIO::Socket::INET /run/mail",
    )?
    .ok()?;
    lab.wait_until(
        "vps65",
        "ss -Hltn | grep -q :2525",
        std::time::Duration::from_secs(10),
    )?;
    refused(&me, &with_key(add("root@203.0.113.65", "2525")), "ssh_not_ssh")?;
    lab.block("vps65", "tcp dport 22")?;
    let started = std::time::Instant::now();
    let silent = refused(&me, &with_key(add("root@203.0.113.65", "22")), "ssh_timed_out");
    lab.unblock("vps65")?;
    silent?;
    ensure!(
        started.elapsed().as_secs() < 30,
        "it took {:?}",
        started.elapsed()
    );
    // Another user's key.
    let fingerprint = me.fingerprint("vps65")?;
    let other = me.home().join("other").display().to_string();
    lab.exec_in(
        "admin",
        &["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", &other],
    )?
    .ok()?;
    let words = [
        "vps",
        "add",
        "x",
        "--host",
        "root@203.0.113.65",
        "--trust",
        &fingerprint,
        "--key",
        &other,
    ];
    refused(&me, &words, "ssh_keys_refused")
}

fn no_sudo(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "nina")?;
    let key = lab.key().display().to_string();
    let fingerprint = me.fingerprint("vps65")?;
    lab.exec(
        "vps65",
        "useradd --create-home --shell /bin/bash plain && mkdir -m 700 /home/plain/.ssh && \
         cp /root/.ssh/authorized_keys /home/plain/.ssh/ && chown -R plain: /home/plain/.ssh && \
         echo 'plain:some word' | chpasswd",
    )?
    .ok()?;
    let words = [
        "vps",
        "add",
        "x",
        "--host",
        "plain@203.0.113.65",
        "--trust",
        &fingerprint,
        "--key",
        &key,
    ];
    refused(&me, &words, "sudo_password_required")?;
    let denied = [&words[..], &["--sudo-password-stdin", "--json"]].concat();
    let said = me.run_with(&denied, "some word\n")?;
    ensure!(
        said.status == 1 && said.stdout.contains("sudo_denied"),
        "{said:?}"
    );
    lab.exec("vps65", "mv /usr/bin/sudo /usr/bin/sudo.away")?.ok()?;
    let outcome = refused(&me, &words, "sudo_missing");
    lab.exec("vps65", "mv /usr/bin/sudo.away /usr/bin/sudo")?.ok()?;
    outcome
}

fn too_many_keys(lab: &Lab) -> Result<()> {
    up(lab, &["vps65"])?;
    let me = Operator::new(lab, "tom")?;
    let fingerprint = me.fingerprint("vps65")?;
    let script = format!(
        "eval $(ssh-agent) >&2; trap 'kill $SSH_AGENT_PID' EXIT; \
         for i in 1 2 3 4 5 6 7 8; do ssh-keygen -q -t ed25519 -N '' -f $HOME/k$i </dev/null; ssh-add -q $HOME/k$i; done; \
         wirewarp vps add x --host root@203.0.113.65 --trust {fingerprint} --agent --json"
    );
    let said = bash(&me, &script)?;
    ensure!(
        said.status == 1 && said.stdout.contains("ssh_too_many_attempts"),
        "{said:?}"
    );
    ensure!(said.stdout.contains("IdentitiesOnly"), "{said:?}");
    Ok(())
}
