//! The closed lists of words that reader and records share, each said once for both directions.

use api::record;

/// Two functions for one list: from the reader to a record, and back. A word that only the record has (unspecified, or of
/// a newer version) is `None` on the way back.
macro_rules! both {
    ($there:ident, $back:ident, $list:ident, $record:ident: $($word:ident)*) => {
        pub(crate) fn $there(word: text::$list) -> record::$record {
            match word {
                $(text::$list::$word => record::$record::$word,)*
            }
        }

        pub(crate) fn $back(word: record::$record) -> Option<text::$list> {
            match word {
                $(record::$record::$word => Some(text::$list::$word),)*
                record::$record::Unspecified => None,
            }
        }
    };
}

both!(kind, kind_back, Kind, MentionKind:
    Number Percent Quantity Time Duration Entity Code Citation);
both!(precision, precision_back, Precision, Precision:
    Second Minute Hour Day Week TenDays Month Quarter Half Year Decade Range);
both!(qualifier, qualifier_back, Qualifier, Qualifier:
    About Nearly Over AtLeast Under AtMost);
both!(doubt, doubt_back, Doubt, Doubt:
    BackwardRange UnitConflict NoSuchDate TooLong TranslationArtefact);
