//! wirewarp-plan
