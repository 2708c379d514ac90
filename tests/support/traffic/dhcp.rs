//! A DHCP client, enough to see what a guest is offered: RFC 2131, options of RFC 2132.

use std::net::{Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const COOKIE: [u8; 4] = [99, 130, 83, 99];
const DISCOVER: u8 = 1;
const OFFER: u8 = 2;
const REQUEST: u8 = 3;
const ACK: u8 = 5;

const OPTION_MASK: u8 = 1;
const OPTION_ROUTER: u8 = 3;
const OPTION_DNS: u8 = 6;
const OPTION_MTU: u8 = 26;
const OPTION_ADDRESS: u8 = 50;
const OPTION_SECONDS: u8 = 51;
const OPTION_KIND: u8 = 53;
const OPTION_SERVER: u8 = 54;

/// What a server gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// The address and its network.
    pub address: Ipv4Net,
    /// The default gateway.
    pub gateway: Option<Ipv4Addr>,
    /// The first name server.
    pub dns: Option<Ipv4Addr>,
    /// The largest packet, in bytes.
    pub mtu: Option<u16>,
    /// Who gave it.
    pub server: Ipv4Addr,
    /// For how long.
    pub seconds: u32,
}

/// Asks for a lease on the only interface of this namespace, which has this Ethernet address, and confirms it.
pub fn obtain(mac: &str, limit: Duration) -> Result<Lease> {
    let mac = parse_mac(mac)?;
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 68))?;
    socket.set_broadcast(true)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    let [a, b, c, d, ..] = *Uuid::new_v4().as_bytes();
    let talk = Talk {
        socket,
        mac,
        transaction: [a, b, c, d],
    };
    let started = Instant::now();
    while started.elapsed() < limit {
        let Some(offer) = talk.exchange(DISCOVER, &[], OFFER)? else {
            continue;
        };
        let server = offer.option(OPTION_SERVER).context("an offer names no server")?;
        let wish = [
            (OPTION_ADDRESS, offer.yours().octets().to_vec()),
            (OPTION_SERVER, server.to_vec()),
        ];
        if let Some(given) = talk.exchange(REQUEST, &wish, ACK)? {
            return given.lease();
        }
    }
    bail!("nobody offered an address within {} s", limit.as_secs())
}

struct Talk {
    socket: UdpSocket,
    mac: [u8; 6],
    transaction: [u8; 4],
}

impl Talk {
    /// Sends one message and waits a second for one of the `wanted` kind.
    fn exchange(&self, kind: u8, options: &[(u8, Vec<u8>)], wanted: u8) -> Result<Option<Message>> {
        let message = self.message(kind, options);
        self.socket.send_to(&message, (Ipv4Addr::BROADCAST, 67))?;
        let mut buffer = [0; 2048];
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(1) {
            let Ok(length) = self.socket.recv(&mut buffer) else {
                return Ok(None);
            };
            let message = Message(buffer.get(..length).unwrap_or_default().to_vec());
            let ours = message.0.get(4..8) == Some(&self.transaction);
            if ours && message.option(OPTION_KIND) == Some(&[wanted]) {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    fn message(&self, kind: u8, options: &[(u8, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = vec![0; 236];
        // A request over Ethernet, to be answered by broadcast: we have no address yet.
        bytes.splice(0..4, [1, 1, 6, 0]);
        bytes.splice(4..8, self.transaction);
        bytes.splice(10..12, [0x80, 0]);
        bytes.splice(28..34, self.mac);
        bytes.extend(COOKIE);
        bytes.extend([OPTION_KIND, 1, kind]);
        bytes.extend([55, 4, OPTION_MASK, OPTION_ROUTER, OPTION_DNS, OPTION_MTU]);
        for (code, value) in options {
            bytes.push(*code);
            bytes.push(u8::try_from(value.len()).unwrap_or(0));
            bytes.extend(value);
        }
        bytes.push(255);
        bytes
    }
}

struct Message(Vec<u8>);

impl Message {
    /// The address that is offered or given.
    fn yours(&self) -> Ipv4Addr {
        self.0
            .get(16..20)
            .and_then(address)
            .unwrap_or(Ipv4Addr::UNSPECIFIED)
    }

    fn option(&self, wanted: u8) -> Option<&[u8]> {
        let mut rest = self.0.get(240..)?;
        loop {
            match rest {
                [0, tail @ ..] => rest = tail,
                [255, ..] | [] | [_] => return None,
                [code, length, tail @ ..] => {
                    let (value, next) = tail.split_at_checked(usize::from(*length))?;
                    if *code == wanted {
                        return Some(value);
                    }
                    rest = next;
                }
            }
        }
    }

    fn address_option(&self, code: u8) -> Option<Ipv4Addr> {
        self.option(code).and_then(|value| address(value.get(..4)?))
    }

    fn lease(&self) -> Result<Lease> {
        let mask = self
            .address_option(OPTION_MASK)
            .context("the lease names no netmask")?;
        let seconds = self
            .option(OPTION_SECONDS)
            .and_then(|value| value.try_into().ok());
        let mtu = self.option(OPTION_MTU).and_then(|value| value.try_into().ok());
        Ok(Lease {
            address: Ipv4Net::with_netmask(self.yours(), mask)?,
            gateway: self.address_option(OPTION_ROUTER),
            dns: self.address_option(OPTION_DNS),
            mtu: mtu.map(u16::from_be_bytes),
            server: self
                .address_option(OPTION_SERVER)
                .context("the lease names no server")?,
            seconds: seconds.map_or(0, u32::from_be_bytes),
        })
    }
}

fn address(bytes: &[u8]) -> Option<Ipv4Addr> {
    <[u8; 4]>::try_from(bytes).ok().map(Ipv4Addr::from)
}

fn parse_mac(text: &str) -> Result<[u8; 6]> {
    let bytes: Vec<u8> = text
        .split(':')
        .map(|pair| u8::from_str_radix(pair, 16))
        .collect::<Result<_, _>>()
        .with_context(|| format!("{text} is no Ethernet address"))?;
    let whole = bytes.try_into().ok();
    whole.with_context(|| format!("{text} is no Ethernet address"))
}
