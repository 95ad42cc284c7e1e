//! What happens when the database is busy, slow or gone, and when writes meet.

mod locks;
mod races;
mod restarts;
mod slow;
mod standbys;
