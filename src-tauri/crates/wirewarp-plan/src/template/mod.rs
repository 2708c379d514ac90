//! Named sets of ports.
