//! Pagination, as in Django REST framework.

/// The default page size.
const DEFAULT_SIZE: i64 = 100;

/// The maximum page size.
const MAX_SIZE: i64 = 1_000;

/// The page a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Starts at 1.
    pub number: u64,
    /// At least 1.
    pub size: u64,
}

impl PageRequest {
    /// Applies defaults and limits; `None` if no such page can exist.
    pub fn new(number: Option<i64>, size: Option<i64>) -> Option<Self> {
        let size = size.filter(|size| *size > 0).unwrap_or(DEFAULT_SIZE).min(MAX_SIZE);
        let number = Some(number.unwrap_or(1)).filter(|number| *number > 0)?;
        // The offset must fit.
        (number - 1).checked_mul(size)?;
        Some(Self { number: number.unsigned_abs(), size: size.unsigned_abs() })
    }

    /// The number of objects before the page.
    pub fn offset(&self) -> u64 {
        (self.number - 1) * self.size
    }

    /// The number of objects in the whole list, if a page with so many objects can only be its last.
    pub fn count_if_last(&self, length: usize) -> Option<u64> {
        let length = length as u64;
        let is_last = length < self.size && (length > 0 || self.offset() == 0);
        is_last.then(|| self.offset() + length)
    }

    /// Whether a list of `count` objects has this page. The first page always exists.
    pub fn exists(&self, count: u64) -> bool {
        self.number == 1 || self.offset() < count
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    pub request: PageRequest,
    /// The number of objects in the whole list.
    pub count: u64,
    pub items: Vec<T>,
}

impl<T> Page<T> {
    /// The number of pages; at least one.
    pub fn total_pages(&self) -> u64 {
        self.count.div_ceil(self.request.size).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bounded_and_pages_start_at_one() {
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
