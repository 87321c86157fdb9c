//! Bounds, pairs of comparisons and intervals, read in sentences of our own.

mod common;

use common::check;
use text::{Context, Kind, Kinds, Reader};

const NUMBER: &[Kind] = &[Kind::Number];

#[test]
fn two_comparisons_make_one_range() {
    check(
        "",
        NUMBER,
        &[
            ("scores above 12 and below 40", &["12 and below 40 | 12..40 | Both"]),
            ("at least 3 but no more than 9 bids", &["3 but no more than 9 | 3..9 | Neither"]),
            ("more than 3 and less than or equal to 9", &["3 and less than or equal to 9 | 3..9 | Low"]),
            ("no more than 90 and more than 20", &["90 and more than 20 | 20..90 | Low"]),
            ("over 7 but under 8", &["7 but under 8 | 7..8 | Both"]),
            ("the third but lower than the ninth", &["ninth | 9 | Under"]),
            (
                "higher than the third but lower than the ninth",
                &["third but lower than the ninth | 3..9 | Both"],
            ),
            ("得分大于七十且小于等于九十", &["七十且小于等于九十 | 70..90 | Low"]),
            ("不少于12且不超过15的样本", &["12且不超过15 | 12..15 | Neither"]),
            ("人数多于5个少于10个", &["5个少于10 | 5..10 | Both"]),
            ("在300以上，500以下", &["300以上，500 | 300..500 | Neither"]),
            ("比六高，比九低", &["六高，比九 | 6..9 | Both"]),
        ],
    );
}

#[test]
fn two_comparisons_that_do_not_go_together_stay_two() {
    check(
        "",
        NUMBER,
        &[
            ("more than 80 and less than 20", &["80 | 80 | Over", "20 | 20 | Under"]),
            ("more than 80 and more than 90", &["80 | 80 | Over", "90 | 90 | Over"]),
            ("大于80小于20", &["80 | 80 | Over", "20 | 20 | Under"]),
            ("甲大于3且乙小于9", &["3 | 3 | Over", "9 | 9 | Under"]),
            ("less than 5, more than 9", &["5 | 5 | Under", "9 | 9 | Over"]),
        ],
    );
}

#[test]
fn bounds_on_either_side() {
    check(
        "",
        NUMBER,
        &[
            ("40 or fewer", &["40 | 40 | AtMost"]),
            ("40 or above", &["40 | 40 | AtLeast"]),
            ("less than 40 or equal to it", &["40 | 40 | AtMost"]),
            ("less than 40 or equal to 50", &["40 | 40 | Under", "50 | 50"]),
            ("not exceeding 40", &["40 | 40 | AtMost"]),
            ("in excess of 40", &["40 | 40 | Over"]),
            ("a minimum of 40", &["40 | 40 | AtLeast"]),
            ("八十或更少", &["八十 | 80 | AtMost"]),
            ("八十之上", &["八十 | 80 | Over"]),
            ("比八十低", &["八十 | 80 | Under"]),
            ("未满八十，逼近八十", &["八十 | 80 | Under", "八十 | 80 | Nearly"]),
            ("80多。", &["80多 | 80 | Over"]),
            ("八十来人", &["八十来 | 80 | About"]),
        ],
    );
}

#[test]
fn words_of_equality_belong_to_the_scope() {
    let context = Context { published: None, kinds: Kinds::of(NUMBER) };
    for (text, scope) in [
        ("x is equal to 40", "equal to 40"),
        ("x equals 40", "equals 40"),
        ("面积等于40的", "等于40"),
        ("it is equal to 40 or less", "equal to 40 or less"),
        ("between 30 and 40", "between 30 and 40"),
        ("介于30和40之间", "介于30和40之间"),
    ] {
        let mentions = Reader::standard().read(text, &context);
        let scopes: Vec<&str> = mentions.iter().map(|mention| &text[mention.scope.clone()]).collect();
        assert_eq!(scopes, [scope], "{text}");
    }
}

#[test]
fn intervals_are_no_citations() {
    check(
        "",
        &[Kind::Number, Kind::Citation],
        &[
            ("取值区间[20,35]", &["[20,35] | 20..35 | Neither"]),
            ("in the interval (20, 35)", &["(20, 35) | 20..35 | Both"]),
            ("x in (20,35]", &["(20,35] | 20..35 | Low"]),
            ("as was shown [3,5] and [7]", &["[3,5]", "[7]"]),
        ],
    );
}

#[test]
fn ranges_in_words() {
    check(
        "",
        NUMBER,
        &[
            ("between two thirds and one", &["two thirds and one | 0.666666666666667..1"]),
            ("values ranging from 4 to 6", &["4 to 6 | 4..6"]),
            ("it rose from 4 to 6", &["4 | 4", "6 | 6"]),
            ("范围从4到6", &["4到6 | 4..6"]),
            ("由4增至6", &["4 | 4", "6 | 6"]),
            ("4跟6之间", &["4跟6 | 4..6"]),
            ("at 7-Eleven", &["7 | 7", "Eleven | 11"]),
            ("dialled three-nought-four", &["three | 3", "nought | 0", "four | 4"]),
            (
                "a lens of 75 -300 and a change of 4450 -50",
                &["75 | 75", "300 | 300", "4450 | 4450", "-50 | -50"],
            ),
        ],
    );
}
