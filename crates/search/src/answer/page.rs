//! Page tokens: where the next page begins, bound to the question.

use std::cmp::Reverse;

use super::Order;
use super::order::TimeKey;

/// Why a page token cannot be used.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum PageError {
    /// It is none of ours.
    #[error("the page token is not one that was given out; ask for the first page without a token")]
    Malformed,
    /// It belongs to another query, other filters, or another order.
    #[error(
        "the page token belongs to another question; give it with the query, filters and order it came from"
    )]
    OtherQuestion,
    /// The state of the index that it was given for is no longer held.
    #[error(
        "the index has moved on since the page before; ask for the first page again, or order by time, where pages do not expire"
    )]
    Expired,
}

const VERSION: u8 = 1;
const RANKED: u8 = 0;
const AFTER: u8 = 1;
const UNDATED: u8 = 2;
/// Version, form, question, at most three numbers, checksum.
const LENGTH: usize = 2 + 16 + 24 + 4;

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Behind so many records of one state of the index, in the order of relevance.
    Ranked { epoch: u64, generation: u64, offset: u32 },
    /// Behind this one, in the order of time.
    After(TimeKey),
}

/// A page token.
pub(super) struct Page {
    pub(super) question: [u8; 16],
    pub(super) place: Place,
}

impl Page {
    /// The place that a token of this question and order speaks of; `None` of an empty token.
    pub(super) fn read(token: &str, question: &[u8; 16], order: Order) -> Result<Option<Place>, PageError> {
        if token.is_empty() {
            return Ok(None);
        }
        let page = Page::decode(token).ok_or(PageError::Malformed)?;
        let fits = matches!(
            (&page.place, order),
            (Place::Ranked { .. }, Order::Relevance) | (Place::After(_), Order::Time)
        );
        match fits && page.question == *question {
            true => Ok(Some(page.place)),
            false => Err(PageError::OtherQuestion),
        }
    }

    /// As hexadecimal digits.
    pub(super) fn write(&self) -> String {
        let (form, numbers) = match self.place {
            Place::Ranked { epoch, generation, offset } => (RANKED, [epoch, generation, u64::from(offset)]),
            Place::After(TimeKey { published, sequence, key }) => {
                let form = if published.is_some() { AFTER } else { UNDATED };
                (form, [published.unwrap_or_default().cast_unsigned(), sequence.cast_unsigned(), key.0])
            }
        };
        let mut bytes = vec![VERSION, form];
        bytes.extend(self.question);
        bytes.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
        bytes.extend(check(&bytes));
        let digit = |four: u8| char::from(b"0123456789abcdef"[usize::from(four)]);
        bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    fn decode(token: &str) -> Option<Page> {
        let mut bytes = [0; LENGTH];
        if token.len() != 2 * LENGTH || !token.is_ascii() {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(token.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        let (said, sum) = bytes.split_at(LENGTH - 4);
        if check(said) != *sum || said[0] != VERSION {
            return None;
        }
        let question = said[2..18].try_into().ok()?;
        let number = |index: usize| {
            let at = 18 + 8 * index;
            Some(u64::from_le_bytes(said[at..at + 8].try_into().ok()?))
        };
        let (first, second, third) = (number(0)?, number(1)?, number(2)?);
        let after = |published| {
            Place::After(TimeKey { published, sequence: second.cast_signed(), key: Reverse(third) })
        };
        let place = match said[1] {
            RANKED => Place::Ranked { epoch: first, generation: second, offset: u32::try_from(third).ok()? },
            AFTER => after(Some(first.cast_signed())),
            UNDATED => after(None),
            _ => return None,
        };
        Some(Page { question, place })
    }
}

fn check(bytes: &[u8]) -> [u8; 4] {
    let hash = blake3::hash(bytes);
    let mut sum = [0; 4];
    sum.copy_from_slice(&hash.as_bytes()[..4]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back_and_changed_ones_do_not() {
        let question = [7; 16];
        let key = |published| TimeKey { published, sequence: -3, key: Reverse(u64::MAX) };
        let places = [
            (Place::Ranked { epoch: u64::MAX, generation: 2, offset: 20 }, Order::Relevance),
            (Place::After(key(Some(-1))), Order::Time),
            (Place::After(key(None)), Order::Time),
        ];
        for (place, order) in places {
            let token = Page { question, place }.write();
            assert_eq!(Page::read(&token, &question, order), Ok(Some(place)));
            assert_eq!(Page::read(&token, &[8; 16], order), Err(PageError::OtherQuestion));
            let other = if order == Order::Time { Order::Relevance } else { Order::Time };
            assert_eq!(Page::read(&token, &question, other), Err(PageError::OtherQuestion));
            for index in 0..token.len() {
                let mut changed = token.clone().into_bytes();
                changed[index] = if changed[index] == b'0' { b'1' } else { b'0' };
                let changed = String::from_utf8_lossy(&changed).into_owned();
                assert_eq!(Page::read(&changed, &question, order), Err(PageError::Malformed));
            }
        }
        for token in ["x", "00", "锑", &"é".repeat(LENGTH)] {
            assert_eq!(Page::read(token, &question, Order::Time), Err(PageError::Malformed));
        }
        assert_eq!(Page::read("", &question, Order::Time), Ok(None));
    }
}
