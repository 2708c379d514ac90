//! wirewarp-store
