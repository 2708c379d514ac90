//! wirewarp-remote
