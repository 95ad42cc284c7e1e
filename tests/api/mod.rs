mod credentials;
mod groups;
mod root;
mod routing;
mod schema;
mod tokens;
mod users;
