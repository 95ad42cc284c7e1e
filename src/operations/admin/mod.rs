//! `/admin/`

mod version;
