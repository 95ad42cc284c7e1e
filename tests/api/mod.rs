mod credentials;
mod groups;
mod pages;
mod root;
mod routing;
mod schema;
mod tokens;
mod users;
