//! Pages of lists, numbered as Django REST framework numbers them.

/// Objects of a page unless the client asks for another number.
const DEFAULT_SIZE: i64 = 100;

/// The most objects of a page.
const MAX_SIZE: i64 = 1_000;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// From 1.
    pub number: u64,
    /// At least 1.
    pub size: u64,
}

impl PageRequest {
    /// Reads what a client asks for; `None` when there can be no such page.
    pub fn new(number: Option<i64>, size: Option<i64>) -> Option<Self> {
        let size = size.filter(|size| *size > 0).unwrap_or(DEFAULT_SIZE).min(MAX_SIZE);
        let number = Some(number.unwrap_or(1)).filter(|number| *number > 0)?;
        // No list is so long that what comes before the page could not be counted.
        (number - 1).checked_mul(size)?;
        Some(Self { number: number.unsigned_abs(), size: size.unsigned_abs() })
    }

    /// How many objects come before the page.
    pub fn offset(&self) -> u64 {
        (self.number - 1) * self.size
    }

    /// Whether a list of `count` objects has this page. The first page is always there.
    pub fn exists(&self, count: u64) -> bool {
        self.number == 1 || self.offset() < count
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    pub request: PageRequest,
    /// Objects in the whole list.
    pub count: u64,
    pub items: Vec<T>,
}

impl<T> Page<T> {
    /// How many pages the list has; an empty one has one.
    pub fn total_pages(&self) -> u64 {
        self.count.div_ceil(self.request.size).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bounded_and_pages_count_from_one() {
        let page = |number, size| PageRequest::new(number, size);
        assert_eq!(page(None, None), Some(PageRequest { number: 1, size: 100 }));
        assert_eq!(page(Some(2), Some(0)), Some(PageRequest { number: 2, size: 100 }));
        assert_eq!(page(Some(3), Some(-5)).map(|page| page.offset()), Some(200));
        assert_eq!(page(None, Some(1_000_000)).map(|page| page.size), Some(1_000));
        assert_eq!(page(Some(0), None), None);
        assert_eq!(page(Some(-1), None), None);
        assert_eq!(page(Some(i64::MAX), Some(1_000)), None);
        let last = page(Some(i64::MAX), Some(1)).unwrap();
        assert!(!last.exists(u64::from(u32::MAX)));
        assert!(page(Some(1), None).unwrap().exists(0));
        let empty = Page { request: page(None, None).unwrap(), count: 0, items: Vec::<u8>::new() };
        assert_eq!(empty.total_pages(), 1);
    }
}
