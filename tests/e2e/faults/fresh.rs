//! Faults at a server as the provider delivers it: while packages are installed, in its first generation, and when
//! everything is taken away again.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wirewarp_tests::lab::Lab;
use wirewarp_tests::suite::Case;
use wirewarp_tests::wirewarp::Operator;

use crate::program::Program;
use wirewarp_tests::hold;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("a_package_manager_in_use_is_waited_for", lock_held),
        Case::new(
            "a_full_disk_while_packages_are_installed_changes_nothing",
            no_room_for_packages,
        ),
        Case::new("a_first_setup_and_a_removal_survive_faults", first_and_last),
    ]
}

const LIMIT: Duration = Duration::from_mins(2);

/// A fresh host and somebody who knows nothing of it yet.
pub fn fresh<'lab>(lab: &'lab Lab, host: &str, who: &str) -> Result<Operator<'lab>> {
    if lab.exec(host, "ls /usr/local/sbin/ww-hold")?.succeeded() {
        lab.reset(host)?;
    }
    hold::install(lab, host)?;
    Operator::new(lab, who)
}

/// `vps add` of a host under its own name, as words.
pub fn add(me: &Operator, host: &str) -> Result<Vec<String>> {
    let words = ["vps", "add", host, "--yes"].map(str::to_owned);
    Ok(words.into_iter().chain(me.login(host)?.words).collect())
}

fn start(me: &Operator, words: &[String]) -> Result<Program> {
    Program::start(me, &words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// dpkg's locks are fcntl locks; perl is what a small Debian has to take one.
const HOLD_LOCK: &str = r#"setsid perl -e 'use Fcntl; open(my $f, "+>", "/var/lib/dpkg/lock-frontend");
    my $l = pack("s s x4 q q i x4", F_WRLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $l) or die; sleep 10' < /dev/null > /dev/null 2>&1 & sleep 0.5"#;

fn lock_held(lab: &Lab) -> Result<()> {
    let me = fresh(lab, "vps61", "lock")?;
    let words = add(&me, "vps61")?;
    lab.exec("vps61", HOLD_LOCK)?.ok()?;
    let began = Instant::now();
    let ended = start(&me, &words)?.end(LIMIT)?;
    ensure!(ended.status == Some(0), "{ended:?}");
    ensure!(
        ended
            .said
            .contains("waiting for perl to finish with the packages"),
        "{ended:?}"
    );
    ensure!(began.elapsed() > Duration::from_secs(8), "it did not wait");
    complete(&me, "vps61")
}

/// The lab's hosts share this machine's disk, which must not be filled: dpkg's folder gets a small one of its own.
const FULL_DPKG: &str = "mkdir /run/ww-small && mount -t tmpfs -o size=60m tmpfs /run/ww-small && \
    cp -a /var/lib/dpkg/. /run/ww-small && mount --bind /run/ww-small /var/lib/dpkg && \
    { head -c 99999999 /dev/zero > /var/lib/dpkg/filler; true; }";

fn no_room_for_packages(lab: &Lab) -> Result<()> {
    let me = fresh(lab, "vps61", "no-room")?;
    let words = add(&me, "vps61")?;
    lab.exec("vps61", FULL_DPKG)?.ok()?;
    start(&me, &words)?
        .end(LIMIT)?
        .failed(&["packages could not be installed", "No space left on device"])?;
    let there = lab.exec(
        "vps61",
        "ls -d /etc/wirewarp/current /sys/class/net/ww0 2> /dev/null; command -v wg",
    )?;
    ensure!(there.stdout.is_empty(), "something was changed: {there:?}");
    lab.exec("vps61", "rm /var/lib/dpkg/filler")?.ok()?;
    complete(&me, "vps61")
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    Cut,
    Kill,
    PowerLoss,
}

/// The host, what happens to it, and where.
const FIRST: [(&str, Fault, &str); 6] = [
    ("vps61", Fault::Cut, "packages dpkg-deb"),
    ("vps61", Fault::PowerLoss, "packages dpkg-deb"),
    ("vps61", Fault::PowerLoss, "load systemctl"),
    ("vps62", Fault::Kill, "packages dpkg-deb"),
    ("vps62", Fault::Kill, "keys sync"),
    ("vps62", Fault::PowerLoss, "switch mv"),
];

fn first_and_last(lab: &Lab) -> Result<()> {
    lab.at_once(&["vps61", "vps62"], |host| {
        let mine = FIRST.iter().filter(|(at, ..)| *at == host);
        for (number, (_, fault, point)) in mine.enumerate() {
            let me = fresh(lab, host, &format!("{host}-{number}"))?;
            let words = add(&me, host)?;
            let outcome = faulty(&me, lab, host, (*fault, point), &words).and_then(|()| complete(&me, host));
            outcome.with_context(|| format!("{fault:?} at “{point}”"))?;
            if number == 2 {
                removed(&me, lab, host)?;
            }
        }
        Ok(())
    })
}

/// Runs a command that is stopped at a point, has the fault there, and waits for its end.
fn faulty(
    me: &Operator,
    lab: &Lab,
    host: &str,
    (fault, point): (Fault, &str),
    words: &[String],
) -> Result<()> {
    hold::order(lab, host, point)?;
    let mut program = start(me, words)?;
    hold::wait(lab, host, point)?;
    match fault {
        Fault::Cut => lab.cut_ssh(host)?,
        Fault::Kill => program.kill().map(drop)?,
        Fault::PowerLoss => {
            lab.power_loss(host)?;
            lab.start(host)?;
        }
    }
    hold::release(lab, host)?;
    program.end(LIMIT).map(drop)
}

/// The next apply sets it up, whatever was there.
fn complete(me: &Operator, host: &str) -> Result<()> {
    me.ok(&["apply", "--yes"])?;
    me.ok(&["plan", host])?;
    me.ok(&["drift", host]).map(drop)
}

/// Power is lost in the middle of the removal: it is whole again, and the next apply takes the rest away.
fn removed(me: &Operator, lab: &Lab, host: &str) -> Result<()> {
    hold::install(lab, host)?;
    let remove = ["vps", "remove", host, "--yes"].map(str::to_owned);
    faulty(me, lab, host, (Fault::PowerLoss, "load nft delete"), &remove)?;
    let check = lab.exec(host, "sh /etc/wirewarp/current/load check")?;
    ensure!(check.ok()?.is_empty(), "half removed: {check:?}");
    me.ok(&["apply", "--yes"])?;
    let left = "ls -d /etc/wirewarp /run/wirewarp /etc/systemd/system/*wirewarp* /etc/systemd/system/ww-guard.service \
                /sys/class/net/ww0 2> /dev/null; nft list tables | grep wirewarp; ip rule | grep 77";
    let left = lab.exec(host, left)?.stdout;
    ensure!(left.is_empty(), "left behind: {left}");
    Ok(())
}
