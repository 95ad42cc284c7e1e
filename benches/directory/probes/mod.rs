//! The comparisons. Nothing here uses the server's store or operations.

pub mod fixed;
pub mod pgbench;
pub mod transaction;

use crate::people::NEW_NAME;

/// The statements with which the server changes a user's name, without the transaction around them. `user` and `number`
/// are the parameters for the user's id and the number in the new name; `lock` follows the first query.
fn change(user: &str, number: &str, lock: &str) -> [String; 3] {
    [
        format!("SELECT * FROM users WHERE id = {user}{lock}"),
        format!(
            "UPDATE users SET name = '{NEW_NAME}' || {number},
             search_text = lower(username || '\n' || '{NEW_NAME}' || {number} || '\n' || email),
             last_updated = last_updated + 1
             WHERE id = {user} RETURNING *"
        ),
        format!(
            "SELECT groups.id, groups.uuid, groups.name, groups.is_superuser, groups.makes_superuser, groups.attributes,
             parent.uuid AS parent_uuid, parent.name AS parent_name
             FROM groups
             LEFT JOIN group_parents ON group_parents.group_id = groups.id AND group_parents.position = 0
             LEFT JOIN groups AS parent ON parent.id = group_parents.parent_id
             INNER JOIN user_groups ON user_groups.group_id = groups.id
             WHERE user_groups.user_id = {user} ORDER BY groups.uuid"
        ),
    ]
}
