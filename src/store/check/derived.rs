//! Columns and tables that follow from others: the numbers of users, and what groups get from their parents.

use std::collections::HashMap;

use sea_orm::{DbErr, Statement};

use super::{Examined, Finding, Wrong};

/// The counters of users: PostgreSQL has several, so that transactions needn't wait for each other.
const COUNTERS: (i64, i64) = (1, 64);

/// Groups whose parents don't have the places 0, 1 and so on.
const GAPS: &str = r#"SELECT "name" FROM "groups" WHERE "id" IN (
    SELECT "group_id" FROM "group_parents" GROUP BY "group_id"
    HAVING min("position") <> 0 OR max("position") <> count(*) - 1 OR count(DISTINCT "position") <> count(*))"#;

/// Groups that should make their members superusers and don't, or the other way round.
const NOT_INHERITED: &str = r#"WITH RECURSIVE "below"("id") AS (
    SELECT "id" FROM "groups" WHERE "is_superuser" = TRUE
    UNION SELECT "group_id" FROM "group_parents" JOIN "below" ON "parent_id" = "below"."id")
    SELECT "name" FROM "groups" WHERE "makes_superuser" <> ("id" IN (SELECT "id" FROM "below"))"#;

impl Examined<'_> {
    /// Checks the counters that the number of all users is read from.
    pub(super) async fn check_counters(&mut self) -> Result<Finding, DbErr> {
        self.progress.begin("counting users", None);
        // One statement, because users may be created meanwhile.
        let sql = r#"SELECT (SELECT CAST(count(*) AS bigint) FROM "users"), CAST(coalesce(sum("users"), 0) AS bigint),
            CAST(count(*) AS bigint) FROM "user_counts""#;
        let found: Vec<(i64, i64, i64)> = self.rows(sql).await?;
        let expected = if self.is_sqlite() { COUNTERS.0 } else { COUNTERS.1 };
        Ok(match found.first() {
            Some((users, counted, counters)) if users == counted && *counters == expected => {
                Finding::good("the number of users is counted correctly")
            }
            Some((users, counted, counters)) => Finding::Bad(format!(
                "there are {users} users, but the counters say {counted} ({counters} counters of {expected})"
            )),
            None => Finding::bad("the number of users can't be read"),
        })
    }

    /// Checks the order of groups' parents.
    pub(super) async fn check_parents(&mut self) -> Result<Finding, DbErr> {
        let wrong = self.named(GAPS).await?;
        Ok(Finding::of(&wrong, "the parents of groups are in order", "the order of these groups' parents has gaps"))
    }

    /// Checks which groups make their members superusers.
    pub(super) async fn check_inheritance(&mut self) -> Result<Finding, DbErr> {
        let wrong = self.named(NOT_INHERITED).await?;
        let bad = "what these groups say about superusers doesn't follow from their parents";
        Ok(Finding::of(&wrong, "groups inherit superuser rights from their parents", bad))
    }

    /// Checks that no group is its own ancestor. Reads two numbers for each parent of a group.
    pub(super) async fn check_circles(&mut self) -> Result<Finding, DbErr> {
        self.progress.begin("checking groups", None);
        let sql = r#"SELECT "group_id", "parent_id" FROM "group_parents""#;
        let mut parents: HashMap<i32, Vec<i32>> = HashMap::new();
        let statement = Statement::from_string(self.backend(), sql);
        let add = |(group, parent): (i32, i32)| parents.entry(group).or_default().push(parent);
        self.connection.visit(statement, add).await?;
        let wrong: Wrong = in_circles(&parents).into_iter().map(|id| format!("id {id}")).collect();
        Ok(Finding::of(&wrong, "no group is its own ancestor", "these groups are their own ancestors, or below such"))
    }

    async fn named(&mut self, sql: &str) -> Result<Wrong, DbErr> {
        let mut wrong = Wrong::default();
        let statement = Statement::from_string(self.backend(), sql);
        self.connection.visit(statement, |name: String| wrong.add(format!("{name:?}"))).await?;
        Ok(wrong)
    }
}

/// The groups that are in a circle, or below one: what is left when groups without parents are removed again and again.
fn in_circles(parents: &HashMap<i32, Vec<i32>>) -> Vec<i32> {
    let mut missing: HashMap<i32, usize> = parents.iter().map(|(group, parents)| (*group, parents.len())).collect();
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for (group, parents) in parents {
        parents.iter().for_each(|parent| children.entry(*parent).or_default().push(*group));
    }
    let mut done: Vec<i32> = children.keys().filter(|group| !parents.contains_key(group)).copied().collect();
    while let Some(group) = done.pop() {
        for child in children.get(&group).into_iter().flatten() {
            if let Some(number) = missing.get_mut(child) {
                *number -= 1;
                if *number == 0 {
                    missing.remove(child);
                    done.push(*child);
                }
            }
        }
    }
    let mut left: Vec<i32> = missing.into_keys().collect();
    left.sort_unstable();
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_in_and_below_circles_are_found() {
        let found = |edges: &[(i32, i32)]| {
            let mut parents: HashMap<i32, Vec<i32>> = HashMap::new();
            edges.iter().for_each(|(group, parent)| parents.entry(*group).or_default().push(*parent));
            in_circles(&parents)
        };
        assert!(found(&[]).is_empty());
        assert!(found(&[(2, 1), (3, 1), (4, 2), (4, 3), (5, 4), (5, 1)]).is_empty(), "several ways up");
        assert_eq!(found(&[(1, 1)]), [1]);
        assert_eq!(found(&[(2, 1), (3, 2), (4, 3), (2, 4), (5, 4), (6, 1)]), [2, 3, 4, 5]);
    }
}
