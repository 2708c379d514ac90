//! A manual peer's configuration, and its QR code.

use qrcode::{EcLevel, QrCode, render};
use wirewarp_model::{Name, PeerKind, Secret};
use wirewarp_plan::render::{ClientKey, client_config};
use wirewarp_store::secrets::SecretKey;

use crate::{Engine, edit, error::EngineError};

/// Pixels a module of the PNG.
const MODULE: u32 = 8;

/// A configuration in wg-quick(8) form, private key included.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// The text.
    pub text: Secret,
}

impl ClientConfig {
    /// For a terminal: two modules a character, light on dark as phones expect it.
    pub fn qr_text(&self) -> Result<String, EngineError> {
        Ok(self
            .code()?
            .render::<render::unicode::Dense1x2>()
            .dark_color(render::unicode::Dense1x2::Light)
            .light_color(render::unicode::Dense1x2::Dark)
            .build())
    }

    /// As SVG.
    pub fn qr_svg(&self) -> Result<String, EngineError> {
        Ok(self
            .code()?
            .render::<render::svg::Color>()
            .min_dimensions(400, 400)
            .build())
    }

    /// As PNG.
    pub fn qr_png(&self) -> Result<Vec<u8>, EngineError> {
        let picture = self
            .code()?
            .render::<image::Luma<u8>>()
            .module_dimensions(MODULE, MODULE)
            .build();
        let mut bytes = std::io::Cursor::new(Vec::new());
        let written = picture.write_to(&mut bytes, image::ImageFormat::Png);
        written.map_err(|error| {
            EngineError::refused("qr", format!("The QR code could not be drawn: {error}"), &[])
        })?;
        Ok(bytes.into_inner())
    }

    fn code(&self) -> Result<QrCode, EngineError> {
        let made = QrCode::with_error_correction_level(self.text.expose(), EcLevel::M);
        made.map_err(|error| {
            EngineError::refused("qr", format!("The QR code could not be made: {error}"), &[])
        })
    }
}

impl Engine {
    /// The configuration of a manual peer with this private key, which is kept in the keychain only if asked for.
    pub async fn client_config(
        &self,
        name: &Name,
        key: &Secret,
        keep: bool,
    ) -> Result<ClientConfig, EngineError> {
        let inventory = self.inventory().await?;
        let peer = edit::peer(&inventory, name)?;
        let secret_key = SecretKey::peer_key(peer.id);
        if keep {
            self.secrets.set(&secret_key, key).await?;
        } else {
            self.secrets.delete(&secret_key).await.ok();
        }
        self.config(name, key).await
    }

    /// Forgets the kept private key of a manual peer.
    pub async fn forget_client_key(&self, name: &Name) -> Result<(), EngineError> {
        let inventory = self.inventory().await?;
        let peer = edit::peer(&inventory, name)?;
        Ok(self.secrets.delete(&SecretKey::peer_key(peer.id)).await?)
    }

    /// The configuration of a manual peer whose private key was kept.
    pub async fn kept_client_config(&self, name: &Name) -> Result<Option<ClientConfig>, EngineError> {
        let inventory = self.inventory().await?;
        let peer = edit::peer(&inventory, name)?;
        if peer.kind != PeerKind::Manual {
            let message = format!("“{name}” is set up by WireWarp; it needs no configuration file.");
            return Err(EngineError::refused(
                "not_manual",
                message,
                &["Its private key never leaves it."],
            ));
        }
        match self.secrets.get(&SecretKey::peer_key(peer.id)).await {
            Ok(Some(key)) => Ok(Some(self.config(name, &key).await?)),
            // Where no keychain answers nothing was kept either.
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// The configuration of a manual peer with this private key, which is not kept anywhere.
    pub async fn config(&self, name: &Name, key: &Secret) -> Result<ClientConfig, EngineError> {
        let inventory = self.inventory().await?;
        let peer = edit::peer(&inventory, name)?;
        let vps = inventory
            .vps(peer.vps)
            .filter(|vps| vps.public_key.is_some())
            .ok_or_else(|| {
                let message = "The VPS has no key yet, so there is no configuration to give.";
                EngineError::refused(
                    "vps_not_applied",
                    message,
                    &[
                        "Set it up first: wirewarp apply",
                        "Then: wirewarp peer config NAME",
                    ],
                )
            })?;
        Ok(ClientConfig {
            text: client_config(vps, peer, ClientKey::Shown(key)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_becomes_codes_of_all_kinds() {
        let config = ClientConfig {
            text: Secret::new("[Interface]\nPrivateKey = AAAA\n".repeat(8)),
        };
        assert!(config.qr_text().unwrap().lines().count() > 15);
        assert!(config.qr_svg().unwrap().starts_with("<?xml"));
        assert_eq!(&config.qr_png().unwrap()[1..4], b"PNG");
    }
}
