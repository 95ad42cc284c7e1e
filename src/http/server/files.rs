//! The files that the process may have open, of which each connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for the database, its connections, and the listener.
const RESERVED: u64 = 128;

/// Raises the limit so that there is room for this many connections, as far as the system lets it. Returns how many
/// there is room for.
pub fn make_room(connections: usize) -> usize {
    let wanted = (connections as u64).saturating_add(RESERVED);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let Some(mut available) = current else { return connections };
    if available < wanted {
        let raised = maximum.map_or(wanted, |maximum| maximum.min(wanted)).max(available);
        if setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum }).is_ok() {
            available = raised;
        }
    }
    // With very few files it is better to serve one connection than none.
    let room = usize::try_from(available.saturating_sub(RESERVED)).unwrap_or(usize::MAX).max(1);
    if room < connections {
        tracing::warn!(room, connections, "the system allows too few open files for all connections (ulimit -n)");
    }
    room.min(connections)
}
