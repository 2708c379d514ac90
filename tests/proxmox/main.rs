//! The stand-in Proxmox VE server, asked as a client would ask it.
#![expect(clippy::unwrap_used, reason = "what is not as expected fails the test")]

mod client;
mod guests;
mod node;
mod people;
mod reference;
mod replay;
mod schema;
mod wire;

use client::{Auth, Client};
use wirewarp_tests::proxmox::Standin;

/// A virtual machine with cloud-init and an agent.
const VM: &str = "\
agent: 1
cores: 1
ide2: local-lvm:vm-100-cloudinit,media=cdrom
ipconfig0: ip=dhcp
memory: 512
name: web
net0: virtio=BC:24:11:00:00:64,bridge=vmbr0,firewall=1
ostype: l26
scsi0: local-lvm:vm-100-disk-0,size=8G
";

/// A container.
const CONTAINER: &str = "\
arch: amd64
cores: 1
hostname: ct1
memory: 256
net0: name=eth0,bridge=vmbr0,firewall=1,hwaddr=BC:24:11:00:00:65,ip=dhcp,type=veth
ostype: debian
rootfs: local:101/vm-101-disk-0.raw,size=1G
swap: 256
unprivileged: 1
";

/// A client with a token that may what the program needs.
fn logged_in(standin: &Standin) -> Client {
    let token = standin
        .make_token("app@pve", "test", standin.version().rights())
        .unwrap();
    Client::new(standin, Auth::Token(token))
}

/// A client with a ticket, and the ticket.
fn signed_in(standin: &Standin, user: &str, password: &str) -> (Client, String) {
    let mut client = Client::new(standin, Auth::Nobody);
    let answer = client
        .post("/access/ticket", &[("username", user), ("password", password)])
        .data();
    let text = |key: &str| answer[key].as_str().unwrap().to_owned();
    client.auth = Auth::TicketAndCsrf(text("ticket"), text("CSRFPreventionToken"));
    (client, text("ticket"))
}
