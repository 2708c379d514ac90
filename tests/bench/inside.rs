//! Small programs that run in namespaces of their own: this program starts itself there with `--inside`.
#![expect(clippy::print_stdout, reason = "what is printed is read by who started it")]

use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Where connections are accepted.
pub const SERVER_PORT: u16 = 7000;
/// The public ports that are called, one after the other, and how far apart they are.
pub const FIRST: u16 = 10_000;
pub const STEP: u16 = 10;
pub const CALLED: u16 = 1_000;

/// Runs the program of this name.
pub fn run(program: &str, arguments: &[String]) -> Result<()> {
    match program {
        "accept" => accept(),
        "connect" => connect(arguments),
        _ => bail!("there is no program {program}"),
    }
}

/// Accepts connections and closes them at once, until its input ends.
fn accept() -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, SERVER_PORT))?;
    println!("ready");
    thread::spawn(move || listener.incoming().for_each(drop));
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// `any|last ROUNDS ADDRESS...`: opens connections to each address in turn, at any of the ports or at the last; prints
/// the times in seconds as JSON, a list for each.
fn connect(arguments: &[String]) -> Result<()> {
    let [which, rounds, addresses @ ..] = arguments else {
        bail!("which port, how many rounds?")
    };
    let rounds: u16 = rounds.parse()?;
    let addresses: Vec<Ipv4Addr> = addresses
        .iter()
        .map(|text| text.parse())
        .collect::<Result<_, _>>()?;
    let mut times = vec![Vec::new(); addresses.len()];
    for round in 0..rounds {
        // 617 and 1,000 have no common divisor: every port comes, in an order that favours no list.
        let index = match which.as_str() {
            "last" => CALLED - 1,
            _ => u16::try_from(u32::from(round) * 617 % u32::from(CALLED))?,
        };
        let port = FIRST + STEP * index;
        for (address, times) in addresses.iter().zip(&mut times) {
            let server = SocketAddr::from((*address, port));
            let began = Instant::now();
            let stream = TcpStream::connect_timeout(&server, Duration::from_secs(5))
                .with_context(|| format!("cannot connect to {server}"))?;
            times.push(began.elapsed().as_secs_f64());
            drop(stream);
        }
    }
    println!("{}", serde_json::to_string(&times)?);
    Ok(())
}
