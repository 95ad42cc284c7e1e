//! `GET /root/config/`

use crate::{
    api::{Config, ErrorReportingConfig, Failure, RootConfigRetrieve, RootConfigRetrieveResponse},
    operations::App,
};

impl RootConfigRetrieve for App {
    async fn root_config_retrieve(&self) -> Result<RootConfigRetrieveResponse, Failure> {
        Ok(RootConfigRetrieveResponse::Ok(Config {
            error_reporting: ErrorReportingConfig {
                enabled: false,
                sentry_dsn: String::new(),
                environment: String::new(),
                send_pii: false,
                traces_sample_rate: 0.0,
            },
            capabilities: Vec::new(),
            cache_timeout: 0,
            cache_timeout_flows: 0,
            cache_timeout_policies: 0,
            cache_timeout_reputation: 0,
        }))
    }
}
