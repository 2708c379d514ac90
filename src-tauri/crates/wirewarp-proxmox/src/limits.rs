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
    /// The same for one that only reads, where somebody waits for a page: the slowest is a guest's agent, which
    /// qemu-server gives some seconds.
    pub read: Duration,
    /// Most bytes of one answer. 10,000 guests take about 4 MiB.
    pub answer: usize,
    /// Waits between attempts to read the same again; as many attempts more as there are waits.
    pub retries: Vec<Duration>,
    /// No further attempt begins later than this after the first. What fails at once, a service that restarts or a node
    /// that is not reached for a moment, may go better soon; what hung this long would hang again, and the person has
    /// waited long enough.
    pub retry_within: Duration,
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
            read: Duration::from_secs(15),
            answer: 8 << 20,
            retries: vec![Duration::from_millis(300), Duration::from_millis(1000)],
            retry_within: Duration::from_secs(5),
            poll: Duration::from_millis(300),
            renew_after: Duration::from_secs(90 * 60),
        }
    }
}

impl Limits {
    /// How long the whole answer to a request may take.
    pub(crate) fn of_answer(&self, changing: bool) -> Duration {
        if changing {
            self.request
        } else {
            self.read.min(self.request)
        }
    }
}
