//! `GET /admin/version/`

use crate::{
    api::{AdminVersionRetrieve, AdminVersionRetrieveResponse, Failure, Version},
    domain::token::Caller,
    operations::App,
};

impl AdminVersionRetrieve for App {
    async fn admin_version_retrieve(&self, _caller: Caller) -> Result<AdminVersionRetrieveResponse, Failure> {
        let version = self.edition.version();
        Ok(AdminVersionRetrieveResponse::Ok(Version {
            version_current: version.to_owned(),
            version_latest: version.to_owned(),
            version_latest_valid: true,
            build_hash: String::new(),
            outdated: false,
            outpost_outdated: false,
        }))
    }
}
