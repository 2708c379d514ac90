//! `wirewarp-lab`: a lab by hand, and the traffic programs that run in its namespaces.
#![expect(clippy::print_stdout, reason = "this is a command")]

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use wirewarp_tests::lab::{HostSpec, Lab, LabSpec, image, state, teardown};
use wirewarp_tests::traffic::stream::{self, Pace};
use wirewarp_tests::traffic::{Protocol, client, dhcp, server};

#[derive(Parser)]
#[command(about = "Real Debian hosts on one machine, to try WireWarp on", version)]
struct Cli {
    #[command(subcommand)]
    command: Sub,
}

#[derive(Subcommand)]
enum Sub {
    /// Make a lab and boot its hosts; it ends with this command unless --keep is given.
    Up {
        /// The hosts, of vps1, vps2, home and vps61 to vps68.
        #[arg(long, value_delimiter = ',', default_value = "vps1,vps2,home")]
        hosts: Vec<String>,
        /// Leave the lab running until `wirewarp-lab down`.
        #[arg(long)]
        keep: bool,
    },
    /// Take a lab down, or all of them.
    Down {
        /// Only this one.
        #[arg(long)]
        id: Option<String>,
    },
    /// List the labs and their hosts.
    List,
    /// Make the images now, which `up` does when they are missing.
    Images,
    /// Open a root shell in a host, without SSH.
    Shell {
        host: String,
        #[arg(long)]
        id: Option<String>,
    },
    /// Run a command in the namespace of a node: admin, player, vm, lan2, hub, router or a host.
    In {
        node: String,
        #[arg(long)]
        id: Option<String>,
        #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Do something with a host's power or disk.
    Host {
        #[arg(value_enum)]
        action: Action,
        host: String,
        #[arg(long)]
        id: Option<String>,
    },
    /// Put a guest, such as the `vm` of `home`, on a bridge of its host.
    Attach {
        guest: String,
        bridge: String,
        /// Its address and network, as in 10.99.5.2/24; the gateway is the network's first.
        address: Option<ipnet::Ipv4Net>,
        #[arg(long)]
        id: Option<String>,
    },
    /// Answer each client with its own address.
    EchoServer {
        #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::UNSPECIFIED))]
        bind: IpAddr,
        /// TCP ports and ranges: 80,27000-27050.
        #[arg(long, default_value = "")]
        tcp: String,
        /// UDP ports and ranges.
        #[arg(long, default_value = "")]
        udp: String,
    },
    /// Ask an echo server once and print its answer.
    EchoClient {
        protocol: Protocol,
        server: SocketAddr,
        #[arg(long, default_value_t = 5)]
        seconds: u64,
    },
    /// Ask an echo server over UDP at an even pace and count.
    UdpStream(StreamArgs),
    /// Ask an echo server over one TCP connection at an even pace and count.
    TcpStream(StreamArgs),
    /// Ask for an address by DHCP on the only interface of this namespace and print what is given.
    DhcpClient {
        mac: String,
        #[arg(long, default_value_t = 10)]
        seconds: u64,
    },
    /// Wait until something accepts connections.
    WaitTcp {
        address: IpAddr,
        port: u16,
        /// What it has to say first.
        #[arg(long)]
        greeting: Option<String>,
        #[arg(long, default_value_t = 30)]
        seconds: u64,
    },
    /// Take the lab down when standard input ends.
    #[command(hide = true)]
    Keep {
        #[arg(long)]
        id: String,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Action {
    Start,
    Reboot,
    PowerOff,
    PowerLoss,
    Reset,
    Reinstall,
    Cut,
    Restore,
}

#[derive(Args)]
struct StreamArgs {
    server: SocketAddr,
    /// Questions per second.
    #[arg(long, default_value_t = 100)]
    rate: u32,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Bytes in each question, besides some 50.
    #[arg(long, default_value_t = 32)]
    size: usize,
    /// End earlier when standard input does.
    #[arg(long)]
    until_input_ends: bool,
}

impl StreamArgs {
    fn pace(&self) -> Pace {
        Pace {
            rate: self.rate,
            limit: Duration::from_secs(self.seconds),
            size: self.size,
            until_input_ends: self.until_input_ends,
        }
    }
}

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
    std::io::stdin().read_to_end(&mut Vec::new())?;
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
