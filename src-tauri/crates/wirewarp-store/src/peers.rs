//! Table `peers`.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use wirewarp_model::Peer;

use crate::{
    StoreError,
    object::Object,
    row::{as_word, number, parse, parse_some, word},
};

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<Peer>, StoreError> {
    let rows = sqlx::query("SELECT * FROM peers ORDER BY name_key")
        .fetch_all(db)
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &SqliteRow) -> Result<Peer, StoreError> {
    let mode: Option<String> = row.try_get("manual_mode")?;
    Ok(Peer {
        id: parse("peers.id", row.try_get("id")?)?,
        name: parse("peers.name", row.try_get("name")?)?,
        vps: parse("peers.vps_id", row.try_get("vps_id")?)?,
        kind: word("peers.kind", row.try_get("kind")?)?,
        host: parse_some("peers.host_id", row.try_get("host_id")?)?,
        number: number("peers.number", row.try_get("number")?)?,
        tunnel_index: number("peers.tunnel_index", row.try_get("tunnel_index")?)?,
        tunnel_ip: parse("peers.tunnel_ip", row.try_get("tunnel_ip")?)?,
        vm_network: parse("peers.vm_network", row.try_get("vm_network")?)?,
        vm_interface: parse_some("peers.vm_interface", row.try_get("vm_interface")?)?,
        public_ip: parse("peers.public_ip_id", row.try_get("public_ip_id")?)?,
        state: word("peers.state", row.try_get("state")?)?,
        public_key: parse_some("peers.public_key", row.try_get("public_key")?)?,
        key_serial: number("peers.key_serial", row.try_get("key_serial")?)?,
        manual_mode: mode.map(|mode| word("peers.manual_mode", &mode)).transpose()?,
        mtu: number("peers.mtu", row.try_get("mtu")?)?,
        mtu_origin: word("peers.mtu_origin", row.try_get("mtu_origin")?)?,
        route: parse("peers.route", row.try_get("route")?)?,
        leases: serde_json::from_str(row.try_get("leases")?)
            .map_err(|error| StoreError::Value(format!("peers.leases: {error}")))?,
    })
}

impl Object for Peer {
    const KIND: &'static str = "peer";
    const DELETE: &'static str = "DELETE FROM peers WHERE id = ?";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }

    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO peers (id, name, name_key, vps_id, kind, host_id, number, tunnel_index, tunnel_ip, vm_network, \
             vm_interface, public_ip_id, state, public_key, key_serial, manual_mode, mtu, mtu_origin, route, leases) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, vps_id = excluded.vps_id, \
             kind = excluded.kind, host_id = excluded.host_id, \
             number = excluded.number, tunnel_index = excluded.tunnel_index, tunnel_ip = excluded.tunnel_ip, \
             vm_network = excluded.vm_network, vm_interface = excluded.vm_interface, \
             public_ip_id = excluded.public_ip_id, state = excluded.state, public_key = excluded.public_key, \
             key_serial = excluded.key_serial, manual_mode = excluded.manual_mode, mtu = excluded.mtu, \
             mtu_origin = excluded.mtu_origin, route = excluded.route, leases = excluded.leases",
        )
        .bind(self.id.to_string())
        .bind(self.name.as_str())
        .bind(self.name.key())
        .bind(self.vps.to_string())
        .bind(self.kind.as_str())
        .bind(self.host.map(|host| host.to_string()))
        .bind(i64::from(self.number))
        .bind(i64::from(self.tunnel_index))
        .bind(self.tunnel_ip.to_string())
        .bind(self.vm_network.to_string())
        .bind(self.vm_interface.as_ref().map(ToString::to_string))
        .bind(self.public_ip.to_string())
        .bind(as_word(&self.state)?)
        .bind(self.public_key.map(|key| key.to_string()))
        .bind(i64::from(self.key_serial))
        .bind(self.manual_mode.as_ref().map(as_word).transpose()?)
        .bind(i64::from(self.mtu))
        .bind(as_word(&self.mtu_origin)?)
        .bind(self.route.to_string())
        .bind(serde_json::to_string(&self.leases)?)
        .execute(db)
        .await?;
        Ok(())
    }
}
