//! Which hosts a lab has and what each of them is like.

use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// A Debian release that a host can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Release {
    /// Debian 12, its network configured by ifupdown.
    Bookworm,
    /// Debian 13, its network configured by systemd-networkd.
    Trixie,
}

impl Release {
    /// The name that the archive knows it by.
    pub fn suite(self) -> &'static str {
        match self {
            Self::Bookworm => "bookworm",
            Self::Trixie => "trixie",
        }
    }
}

/// How an operator gets into a host by SSH. The lab's own key is used wherever a key is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Login {
    /// `root` with the lab's key.
    RootKey,
    /// `root` with a password and no key.
    RootPassword {
        /// The password of `root`.
        password: String,
    },
    /// A user with the lab's key who may use sudo without a password; `root` may not log in.
    SudoFree {
        /// The user's name.
        user: String,
    },
    /// A user with the lab's key whom sudo asks for the password; `root` may not log in.
    SudoAsking {
        /// The user's name.
        user: String,
        /// The user's password.
        password: String,
    },
    /// A user who logs in by password only, and whom sudo asks for it; `root` may not log in.
    Password {
        /// The user's name.
        user: String,
        /// The user's password.
        password: String,
    },
}

impl Login {
    /// The user to log in as.
    pub fn user(&self) -> &str {
        match self {
            Self::RootKey | Self::RootPassword { .. } => "root",
            Self::SudoFree { user } | Self::SudoAsking { user, .. } | Self::Password { user, .. } => user,
        }
    }

    /// The user's password, where there is one.
    pub fn password(&self) -> Option<&str> {
        match self {
            Self::RootKey | Self::SudoFree { .. } => None,
            Self::RootPassword { password }
            | Self::SudoAsking { password, .. }
            | Self::Password { password, .. } => Some(password),
        }
    }

    /// Whether the lab's key opens the door.
    pub fn by_key(&self) -> bool {
        match self {
            Self::RootKey | Self::SudoFree { .. } | Self::SudoAsking { .. } => true,
            Self::RootPassword { .. } | Self::Password { .. } => false,
        }
    }
}

/// Where a host stands in the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// On the internet with addresses of its own, all in `203.0.113.0/24`.
    Internet {
        /// The addresses, the main one first.
        addresses: Vec<Ipv4Addr>,
    },
    /// Behind a provider that maps a public address to a private one, 1:1.
    Mapped {
        /// What the internet sees.
        public: Ipv4Addr,
        /// What the host's interface has, in a /24 whose `.1` is the gateway.
        private: Ipv4Addr,
    },
    /// On the home LAN, `192.168.20.0/24`, behind a router that translates.
    Home {
        /// The address on the LAN.
        address: Ipv4Addr,
    },
}

impl Place {
    /// The address that an operator at home reaches the host by.
    pub fn reached_at(&self) -> Ipv4Addr {
        match self {
            Self::Internet { addresses } => addresses.first().copied().unwrap_or(Ipv4Addr::UNSPECIFIED),
            Self::Mapped { public, .. } => *public,
            Self::Home { address } => *address,
        }
    }
}

/// One host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostSpec {
    /// Its name: of the host, of its namespace, and to the methods of the lab. At most 9 characters.
    pub name: String,
    /// What it runs.
    pub release: Release,
    /// How one logs in.
    pub login: Login,
    /// The port of its sshd.
    pub ssh_port: u16,
    /// Where it stands.
    pub place: Place,
    /// Its virtual machines, each a namespace of this name behind a port `vmport0`, `vmport1` ...
    pub guests: Vec<String>,
    /// Whether it starts when the lab does; if not, [`super::Lab::boot`] starts it.
    pub autostart: bool,
}

impl HostSpec {
    /// A host with root's key on port 22.
    pub fn new(name: impl Into<String>, release: Release, place: Place) -> Self {
        Self {
            name: name.into(),
            release,
            login: Login::RootKey,
            ssh_port: 22,
            place,
            guests: Vec::new(),
            autostart: true,
        }
    }

    /// `vps1`: Debian 12 with 203.0.113.10 and 203.0.113.11.
    pub fn vps1() -> Self {
        let addresses = vec![Ipv4Addr::new(203, 0, 113, 10), Ipv4Addr::new(203, 0, 113, 11)];
        Self::new("vps1", Release::Bookworm, Place::Internet { addresses })
    }

    /// `vps2`: Debian 13 at 172.31.5.20, which its provider maps to 203.0.113.20.
    pub fn vps2() -> Self {
        let place = Place::Mapped {
            public: Ipv4Addr::new(203, 0, 113, 20),
            private: Ipv4Addr::new(172, 31, 5, 20),
        };
        Self::new("vps2", Release::Trixie, place)
    }

    /// `home`: Debian 12 at 192.168.20.10 on the home LAN, with the guest `vm`.
    pub fn home() -> Self {
        let address = Ipv4Addr::new(192, 168, 20, 10);
        Self::new("home", Release::Bookworm, Place::Home { address }).guest("vm")
    }

    /// `vps61` ... : small Debian 12 hosts with one address, `203.0.113.<number>`.
    pub fn fleet(number: u8) -> Self {
        let addresses = vec![Ipv4Addr::new(203, 0, 113, number)];
        let name = format!("vps{number}");
        Self::new(name, Release::Bookworm, Place::Internet { addresses })
    }

    /// The same host with another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The same host with another Debian.
    #[must_use]
    pub fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// The same host with another way in.
    #[must_use]
    pub fn login(mut self, login: Login) -> Self {
        self.login = login;
        self
    }

    /// The same host with its sshd on another port.
    #[must_use]
    pub fn ssh_port(mut self, port: u16) -> Self {
        self.ssh_port = port;
        self
    }

    /// The same host with one more guest.
    #[must_use]
    pub fn guest(mut self, name: &str) -> Self {
        self.guests.push(name.to_owned());
        self
    }

    /// The same host, wired but off until [`super::Lab::boot`] starts it.
    #[must_use]
    pub fn off(mut self) -> Self {
        self.autostart = false;
        self
    }
}

/// The hosts of a lab. The namespaces `hub`, `router`, `player`, `admin` and `lan2` are always there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabSpec {
    /// The hosts, in the order they were asked for.
    pub hosts: Vec<HostSpec>,
}

impl LabSpec {
    /// Namespaces only.
    pub fn empty() -> Self {
        Self::default()
    }

    /// `vps1`, `vps2` and `home`.
    pub fn standard() -> Self {
        Self::empty()
            .with(HostSpec::vps1())
            .with(HostSpec::vps2())
            .with(HostSpec::home())
    }

    /// One more host, or another one in place of that of the same name.
    #[must_use]
    pub fn with(mut self, host: HostSpec) -> Self {
        self.hosts.retain(|other| other.name != host.name);
        self.hosts.push(host);
        self
    }

    /// `count` (at most 8) equal small hosts, `vps61` to `vps68`.
    #[must_use]
    pub fn with_fleet(self, count: u8) -> Self {
        (61..61 + count.min(8)).fold(self, |spec, number| spec.with(HostSpec::fleet(number)))
    }

    /// The host of this name.
    pub fn host(&self, name: &str) -> Option<&HostSpec> {
        self.hosts.iter().find(|host| host.name == name)
    }
}
