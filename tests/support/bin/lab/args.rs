//! The command line of `wirewarp-lab`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use wirewarp_tests::traffic::Protocol;
use wirewarp_tests::traffic::stream::Pace;

#[derive(Parser)]
#[command(about = "Real Debian hosts on one machine, to try WireWarp on", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Sub,
}

#[derive(Subcommand)]
pub enum Sub {
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
    /// Answer the queries of Minecraft Java, Source and Minecraft Bedrock.
    GameServer {
        /// TCP port of Minecraft Java.
        #[arg(long, default_value_t = 25565)]
        minecraft: u16,
        /// UDP port of Source.
        #[arg(long, default_value_t = 27015)]
        source: u16,
        /// UDP port of Minecraft Bedrock.
        #[arg(long, default_value_t = 19132)]
        bedrock: u16,
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
pub enum Action {
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
pub struct StreamArgs {
    pub server: SocketAddr,
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
    pub fn pace(&self) -> Pace {
        Pace {
            rate: self.rate,
            limit: Duration::from_secs(self.seconds),
            size: self.size,
            until_input_ends: self.until_input_ends,
        }
    }
}
