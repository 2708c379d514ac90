//! How long is waited and how much is read.

use std::time::Duration;

/// Bounds of one connection to a Proxmox host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// For one request, from its first byte to the last of its answer. An apply of the network answers at once (it is a
    /// task), a hot-plug only once QEMU has done it.
    pub request: Duration,
    /// Most bytes of one answer. 10,000 guests take about 4 MiB.
    pub answer: usize,
    /// Waits between attempts to read the same again; as many attempts more as there are waits.
    pub retries: Vec<Duration>,
    /// Between two looks at a task.
    pub poll: Duration,
    /// Age at which a ticket is renewed. Proxmox takes one for two hours.
    pub renew_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(8),
            request: Duration::from_secs(30),
            answer: 8 << 20,
            retries: vec![Duration::from_millis(300), Duration::from_millis(1000)],
            poll: Duration::from_millis(300),
            renew_after: Duration::from_secs(90 * 60),
        }
    }
}
