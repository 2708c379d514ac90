//! Tables `vpses` and `public_ips`.

use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;
use wirewarp_model::{Port, PublicIp, Vps, VpsId};

use crate::{
    StoreError,
    object::Object,
    row::{as_word, number, parse, parse_some, word},
};

pub(crate) async fn all(db: &mut SqliteConnection) -> Result<Vec<Vps>, StoreError> {
    let ips = sqlx::query("SELECT * FROM public_ips ORDER BY vps_id, position")
        .fetch_all(&mut *db)
        .await?;
    let ips: Vec<(VpsId, PublicIp)> = ips.iter().map(read_ip).collect::<Result<_, _>>()?;
    let rows = sqlx::query("SELECT * FROM vpses ORDER BY name_key")
        .fetch_all(db)
        .await?;
    rows.iter().map(|row| read(row, &ips)).collect()
}

fn read(row: &SqliteRow, ips: &[(VpsId, PublicIp)]) -> Result<Vps, StoreError> {
    let id: VpsId = parse("vpses.id", row.try_get("id")?)?;
    let port = number("vpses.listen_port", row.try_get("listen_port")?)?;
    Ok(Vps {
        id,
        name: parse("vpses.name", row.try_get("name")?)?,
        host: parse("vpses.host_id", row.try_get("host_id")?)?,
        tunnel_network: parse("vpses.tunnel_network", row.try_get("tunnel_network")?)?,
        listen_port: Port::new(port).ok_or_else(|| StoreError::Value("vpses.listen_port: 0".into()))?,
        endpoint: parse("vpses.endpoint", row.try_get("endpoint")?)?,
        public_key: parse_some("vpses.public_key", row.try_get("public_key")?)?,
        ips: ips
            .iter()
            .filter(|(vps, _)| *vps == id)
            .map(|(_, ip)| ip.clone())
            .collect(),
    })
}

fn read_ip(row: &SqliteRow) -> Result<(VpsId, PublicIp), StoreError> {
    let ip = PublicIp {
        id: parse("public_ips.id", row.try_get("id")?)?,
        address: parse("public_ips.address", row.try_get("address")?)?,
        on_host: parse("public_ips.on_host", row.try_get("on_host")?)?,
        interface: parse("public_ips.interface", row.try_get("interface")?)?,
        state: word("public_ips.state", row.try_get("state")?)?,
    };
    Ok((parse("public_ips.vps_id", row.try_get("vps_id")?)?, ip))
}

impl Object for Vps {
    const KIND: &'static str = "vps";
    const DELETE: &'static str = "DELETE FROM vpses WHERE id = ?";

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Writes a VPS and its pool.
    async fn put(&self, db: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO vpses (id, name, name_key, host_id, tunnel_network, listen_port, endpoint, public_key) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, \
             name_key = excluded.name_key, host_id = excluded.host_id, tunnel_network = excluded.tunnel_network, \
             listen_port = excluded.listen_port, endpoint = excluded.endpoint, public_key = excluded.public_key",
        )
        .bind(self.id.to_string())
        .bind(self.name.as_str())
        .bind(self.name.key())
        .bind(self.host.to_string())
        .bind(self.tunnel_network.to_string())
        .bind(i64::from(self.listen_port.number()))
        .bind(self.endpoint.to_string())
        .bind(self.public_key.map(|key| key.to_string()))
        .execute(&mut *db)
        .await?;
        for (position, ip) in (0_i64..).zip(&self.ips) {
            put_ip(db, self.id, position, ip).await?;
        }
        Ok(())
    }
}

async fn put_ip(
    db: &mut SqliteConnection,
    vps: VpsId,
    position: i64,
    ip: &PublicIp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO public_ips (id, vps_id, position, address, on_host, interface, state) VALUES (?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO UPDATE SET position = excluded.position, address = excluded.address, \
         on_host = excluded.on_host, interface = excluded.interface, state = excluded.state",
    )
    .bind(ip.id.to_string())
    .bind(vps.to_string())
    .bind(position)
    .bind(ip.address.to_string())
    .bind(ip.on_host.to_string())
    .bind(ip.interface.as_str())
    .bind(as_word(&ip.state)?)
    .execute(db)
    .await?;
    Ok(())
}
