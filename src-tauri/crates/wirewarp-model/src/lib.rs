//! wirewarp-model
