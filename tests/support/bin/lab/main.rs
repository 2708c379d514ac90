//! `wirewarp-lab`: a lab by hand, and the traffic programs that run in its namespaces.
#![expect(clippy::print_stdout, reason = "this is a command")]

mod args;

use std::net::SocketAddr;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, image, state, teardown};
use wirewarp_tests::traffic::{client, dhcp, games, server, stream};

use args::{Action, Cli, Sub};

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Sub) -> Result<ExitCode> {
    match command {
        Sub::Up { hosts, keep } => up(&hosts, keep)?,
        Sub::Down { id } => down(id)?,
        Sub::List => list(),
        Sub::Images => images()?,
        Sub::Shell { host, id } => return shell(&open(id)?, &host),
        Sub::In { node, id, command } => return run_in(&open(id)?, &node, &command),
        Sub::Host { action, host, id } => act(&open(id)?, action, &host)?,
        Sub::Attach {
            guest,
            bridge,
            address,
            id,
        } => open(id)?.attach(&guest, &bridge, address)?,
        Sub::EchoServer { bind, tcp, udp } => server::serve(bind, &ports(&tcp)?, &ports(&udp)?)?,
        Sub::GameServer {
            minecraft,
            source,
            bedrock,
        } => games::serve(minecraft, source, bedrock)?,
        Sub::EchoClient {
            protocol,
            server,
            seconds,
        } => {
            print_json(&client::ask(protocol, server, Duration::from_secs(seconds))?)?;
        }
        Sub::UdpStream(args) => print_json(&stream::udp(args.server, args.pace())?)?,
        Sub::TcpStream(args) => print_json(&stream::tcp(args.server, args.pace())?)?,
        Sub::WaitTcp {
            address,
            port,
            greeting,
            seconds,
        } => {
            let server = SocketAddr::new(address, port);
            client::wait_tcp(server, greeting.as_deref(), Duration::from_secs(seconds))?;
        }
        Sub::DhcpClient { mac, seconds } => {
            print_json(&dhcp::obtain(&mac, Duration::from_secs(seconds))?)?;
        }
        Sub::Keep { id } => teardown::keep(&id)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn up(hosts: &[String], keep: bool) -> Result<()> {
    let mut spec = LabSpec::empty();
    for host in hosts {
        spec = spec.with(known_host(host)?);
    }
    let lab = if keep {
        Lab::wire_to_stay(spec)?
    } else {
        Lab::wire(spec)?
    };
    if let Err(error) = lab.boot_all() {
        teardown::take_down(lab.id())?;
        return Err(error);
    }
    explain(&lab)?;
    if keep {
        println!("It stays until `wirewarp-lab down --id {}`.", lab.id());
        return Ok(());
    }
    println!("It ends with Ctrl-C or the end of input.");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    lab.down()
}

fn known_host(name: &str) -> Result<HostSpec> {
    Ok(match name {
        "vps1" => HostSpec::vps1(),
        "vps2" => HostSpec::vps2(),
        "home" => HostSpec::home(),
        other => {
            let number = other.strip_prefix("vps").and_then(|number| number.parse().ok());
            match number {
                Some(number @ 61..=68) => HostSpec::fleet(number),
                _ => bail!("there is no host {other}: choose of vps1, vps2, home, vps61 to vps68"),
            }
        }
    })
}

fn explain(lab: &Lab) -> Result<()> {
    let admin = lab.nets().name("admin");
    println!(
        "Lab {} is up. Its operator's laptop is the namespace {admin}:",
        lab.id()
    );
    println!("  ip netns exec {admin} bash");
    println!("Hosts, by SSH from there with the key {}:", lab.key().display());
    for host in &lab.spec().hosts {
        let access = lab.access(&host.name)?;
        println!(
            "  {:<6} ssh -i {} -p {} {}@{}",
            host.name,
            lab.key().display(),
            access.port,
            access.user,
            access.address
        );
    }
    println!("A stranger on the internet, the VM and another machine at home: player, vm, lan2, as in");
    println!(
        "  wirewarp-lab in --id {} player wirewarp-lab echo-client tcp 203.0.113.10:25565",
        lab.id()
    );
    Ok(())
}

fn down(id: Option<String>) -> Result<()> {
    let ids = id.map_or_else(state::ids, |id| vec![id]);
    ids.iter().try_for_each(|id| teardown::take_down(id))
}

fn list() {
    for id in state::ids() {
        if let Ok(lab) = Lab::existing(&id) {
            let hosts = lab.spec().hosts.iter().map(|host| {
                let power = if lab.is_on(&host.name) { "on" } else { "off" };
                format!("{} {power}", host.name)
            });
            println!("{id}  {}", hosts.collect::<Vec<_>>().join(", "));
        }
    }
}

fn images() -> Result<()> {
    use wirewarp_tests::lab::Release::{Bookworm, Trixie};
    for release in [Bookworm, Trixie] {
        println!("{}", image::ensure(release)?.root.display());
    }
    Ok(())
}

/// The lab that is meant: the named one, or the only one.
fn open(id: Option<String>) -> Result<Lab> {
    let id = match (id, state::ids().as_slice()) {
        (Some(id), _) => id,
        (None, [only]) => only.clone(),
        (None, []) => bail!("no lab is up; run `wirewarp-lab up --keep`"),
        (None, _) => bail!("several labs are up; choose with --id, see `wirewarp-lab list`"),
    };
    Lab::existing(&id)
}

fn act(lab: &Lab, action: Action, host: &str) -> Result<()> {
    match action {
        Action::Start => lab.start(host),
        Action::Reboot => lab.reboot(host),
        Action::PowerOff => lab.power_off(host),
        Action::PowerLoss => lab.power_loss(host),
        Action::Reset => lab.reset(host),
        Action::Reinstall => lab.reinstall(host),
        Action::Cut => lab.cut_link(host),
        Action::Restore => lab.restore_link(host),
    }
}

fn shell(lab: &Lab, host: &str) -> Result<ExitCode> {
    let words = lab.entry(host)?;
    interactive(&words, &["bash".to_owned(), "-l".to_owned()])
}

fn run_in(lab: &Lab, node: &str, command: &[String]) -> Result<ExitCode> {
    let net = format!("--net=/run/netns/{}", lab.nets().name(node));
    interactive(&["nsenter".to_owned(), net, "--".to_owned()], command)
}

fn interactive(entry: &[String], command: &[String]) -> Result<ExitCode> {
    let (program, rest) = entry.split_first().context("nothing to run")?;
    let status = Command::new(program).args(rest).args(command).status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn ports(text: &str) -> Result<Vec<u16>> {
    let mut all = Vec::new();
    for item in text.split(',').filter(|item| !item.is_empty()) {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let (first, last): (u16, u16) = (first.parse()?, last.parse()?);
        all.extend(first..=last);
    }
    Ok(all)
}

fn print_json(value: &impl serde::Serialize) -> Result<()> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}
