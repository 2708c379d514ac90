//! The disk of a host: an overlay of layers over the image, so that making, resetting and keeping copies of a
//! host costs nothing.
//!
//! The topmost layer is written to. A snapshot closes it and opens a new one; a reset opens a new one over those of
//! the snapshot. A closed layer is never written to again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::process::must;

/// A state of a disk that can be gone back to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers(Vec<u32>);

/// What is known of a disk between two runs of the program.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DiskState {
    closed: Layers,
    top: u32,
}

/// The disk of one host.
#[derive(Debug)]
pub struct Disk<'a> {
    folder: PathBuf,
    image: &'a Path,
    state: &'a mut DiskState,
}

impl<'a> Disk<'a> {
    /// The disk in `folder`, over `image`.
    pub fn new(folder: &Path, image: &'a Path, state: &'a mut DiskState) -> Self {
        Self {
            folder: folder.to_owned(),
            image,
            state,
        }
    }

    /// Where the disk is when it is mounted.
    pub fn root(&self) -> PathBuf {
        root_of(&self.folder)
    }

    /// Mounts it. The folder's file system must be able to hold the upper layer of an overlay.
    pub fn mount(&self) -> Result<()> {
        let root = self.root();
        let upper = self.layer(self.state.top);
        let work = self.folder.join("work");
        for folder in [&root, &upper, &work] {
            fs::create_dir_all(folder)?;
        }
        let closed = self.state.closed.0.iter().rev().map(|n| self.layer(*n));
        let lower: Vec<String> = closed
            .chain([self.image.to_owned()])
            .map(|path| path.display().to_string())
            .collect();
        let options = format!(
            "lowerdir={},upperdir={},workdir={}",
            lower.join(":"),
            upper.display(),
            work.display()
        );
        must(&[
            "mount",
            "-t",
            "overlay",
            "overlay",
            "-o",
            &options,
            &root.display().to_string(),
        ])
        .context("cannot mount an overlay; set WIREWARP_LAB_DIR to a folder on ext4, xfs or tmpfs")?;
        Ok(())
    }

    /// Unmounts it.
    pub fn unmount(&self) -> Result<()> {
        unmount_below(&self.folder)
    }

    /// Closes the topmost layer and opens a new one. The disk must not be mounted.
    pub fn close_layer(&mut self) -> Layers {
        self.state.closed.0.push(self.state.top);
        self.state.top += 1;
        self.state.closed.clone()
    }

    /// Throws away what was written since the layers were closed. The disk must not be mounted.
    pub fn go_back_to(&mut self, layers: &Layers) -> Result<()> {
        let dropped = self.layer(self.state.top);
        self.state.closed = layers.clone();
        self.state.top += 1;
        if dropped.exists() {
            fs::remove_dir_all(dropped)?;
        }
        Ok(())
    }

    fn layer(&self, number: u32) -> PathBuf {
        self.folder.join(format!("layers/{number}"))
    }
}

/// Where the disk in this folder is when it is mounted.
pub fn root_of(folder: &Path) -> PathBuf {
    folder.join("root")
}

/// Unmounts everything in a folder, the last mounted first.
pub fn unmount_below(folder: &Path) -> Result<()> {
    let mounts = fs::read_to_string("/proc/self/mounts")?;
    let points = mounts.lines().rev().filter_map(|line| line.split(' ').nth(1));
    for point in points.filter(|point| Path::new(point).starts_with(folder)) {
        // A process that is just being killed may hold it for a moment longer: take it away from view at once.
        must(&["umount", point]).or_else(|_| must(&["umount", "--lazy", point]))?;
    }
    Ok(())
}
