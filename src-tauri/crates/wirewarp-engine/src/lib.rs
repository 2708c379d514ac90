//! wirewarp-engine
