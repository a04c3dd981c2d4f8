//! Variables of the environment that a program does not get from the command that starts it.

/// Variables that are for another way to run the program: RoadRunner, a description, or TLS, which commands do not speak.
pub(crate) const REMOVED_VARIABLES: [&str; 7] = [
    "RR_MODE",
    "RR_RELAY",
    "RR_RPC",
    "WORKER_DESCRIBE",
    "WORKER_TLS_CERT",
    "WORKER_TLS_KEY",
    "WORKER_TLS_CLIENT_CA",
];
