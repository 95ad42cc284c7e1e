mod groups;
mod routing;
mod schema;
mod users;
