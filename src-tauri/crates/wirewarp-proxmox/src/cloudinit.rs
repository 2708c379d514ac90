//! Addresses by cloud-init.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use proxmox_api::{nodes::NodesClient, types::VmId};
use wirewarp_model::ParseError;

use crate::{Api, ProxmoxError, guests::GuestRef, names::Digest, nic::NicIndex};

/// What cloud-init gives a NIC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloudAddress {
    /// The guest asks on its own.
    Dhcp,
    /// A fixed one.
    Fixed {
        /// Address and network.
        address: Ipv4Net,
        /// Where everything else goes; none leaves the guest's other way out in place.
        gateway: Option<Ipv4Addr>,
    },
}

impl CloudAddress {
    /// The value of `ipconfigN`.
    fn text(self) -> String {
        match self {
            Self::Dhcp => "ip=dhcp".to_owned(),
            Self::Fixed {
                address,
                gateway: None,
            } => format!("ip={address}"),
            Self::Fixed {
                address,
                gateway: Some(gateway),
            } => format!("ip={address},gw={gateway}"),
        }
    }
}

impl Api {
    /// Notes what cloud-init gives a NIC; the guest reads it at its next boot, once the drive has been made anew.
    pub async fn set_cloud_address(
        &self,
        guest: &GuestRef,
        index: NicIndex,
        address: CloudAddress,
        digest: Option<&Digest>,
    ) -> Result<(), ProxmoxError> {
        let key = format!("ipconfig{}", index.get());
        self.set(guest, vec![(key, address.text())], digest).await
    }

    /// Puts back what was there, or takes away what was not.
    pub async fn restore_cloud_address(
        &self,
        guest: &GuestRef,
        index: NicIndex,
        before: Option<&str>,
    ) -> Result<(), ProxmoxError> {
        let key = format!("ipconfig{}", index.get());
        let param = match before {
            Some(before) => (key, before.to_owned()),
            None => ("delete".to_owned(), key),
        };
        self.set(guest, vec![param], None).await
    }

    /// Makes the cloud-init drive anew from the configuration.
    pub async fn regenerate_cloudinit(&self, guest: &GuestRef) -> Result<(), ProxmoxError> {
        let vmid = VmId::try_from(i128::from(guest.vmid.get()));
        let vmid = vmid.map_err(|_| self.error(ParseError::new("guest", "its number is out of range")))?;
        let node = NodesClient::new(self).node(guest.node.as_str());
        node.qemu().vmid(vmid).cloudinit().put().await
    }
}
