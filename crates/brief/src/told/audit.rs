//! What a check found, in a line.

use api::record::{Calculation, Check, Citation, Finding, FindingKind};

use super::Teller;
use crate::parameters::Language;
use crate::words;

impl Teller<'_> {
    /// What a check found: what was calculated against what is printed or plausible, else words for what was laid beside each other. The figures
    /// are rounded to what tells them apart; the record has all digits.
    #[must_use]
    pub fn check(&self, finding: &Finding, citations: &[Citation]) -> String {
        let holds = finding.kind() == FindingKind::Holds;
        match (finding.check(), finding.calculations.as_slice()) {
            (Check::RangeBase, [sum, rest @ ..]) => self.range(sum, rest.last(), holds, citations),
            (Check::Age, [sum]) => self.age(sum, citations),
            (_, [sum, ..]) => self.sum(finding.check(), sum, holds, citations),
            (check, []) => match self.language {
                // What the record says is in English.
                Language::Chinese => words::wording(check, holds).to_owned(),
                Language::English => {
                    finding.sides.iter().map(|side| side.said.as_str()).collect::<Vec<_>>().join("; ")
                }
            },
        }
    }

    /// `5,865 tons × (1 + 32%) = 7,712–7,772 t, but «7,472 tons» is printed`.
    fn sum(&self, check: Check, sum: &Calculation, holds: bool, citations: &[Citation]) -> String {
        let unit = sum.unit.as_str();
        let beside = (!holds).then_some((sum.printed_low.as_str(), sum.printed_high.as_str()));
        let follows = self.calculated((&sum.low, &sum.high), beside, unit);
        let head = format!("{} = {follows}", sum.expression);
        // The printed result is the last operand, unless there is none but what is plausible.
        let result = sum.operands.last().and_then(|index| quote(citations, *index));
        match (result.filter(|quote| !sum.expression.contains(quote.as_str())), self.language) {
            (Some(quote), Language::English) if holds => format!("{head}, as printed: «{quote}»"),
            (Some(quote), Language::English) => format!("{head}, but «{quote}» is printed"),
            (Some(quote), Language::Chinese) if holds => format!("{head}，与文中«{quote}»相符"),
            (Some(quote), Language::Chinese) => format!("{head}，文中却写«{quote}»"),
            (None, language) => {
                let printed = self.printed(&sum.printed_low, &sum.printed_high, unit);
                match (check, language) {
                    (Check::UnitPrice, Language::English) => format!("{head}; plausible would be {printed}"),
                    (Check::UnitPrice, Language::Chinese) => format!("{head}；合理范围为{printed}"),
                    (_, Language::English) => format!("{head}; against {printed}"),
                    (_, Language::Chinese) => format!("{head}；对照{printed}"),
                }
            }
        }
    }

    fn range(
        &self,
        sum: &Calculation,
        base: Option<&Calculation>,
        holds: bool,
        citations: &[Citation],
    ) -> String {
        let unit = sum.unit.as_str();
        let lower = self.calculated((&sum.low, &sum.high), None, unit);
        let upper = self.calculated((&sum.printed_low, &sum.printed_high), None, unit);
        let printed = base.and_then(|base| quote(citations, *base.operands.last()?));
        let mut said = match (holds, self.language) {
            (true, Language::English) => format!("both ends imply one base: {lower}"),
            (true, Language::Chinese) => format!("区间两端推得同一基数：{lower}"),
            (false, Language::English) => {
                format!("the lower ends imply a base of {lower}, the upper ends one of {upper}")
            }
            (false, Language::Chinese) => format!("由低端推得基数{lower}，由高端推得{upper}"),
        };
        if let Some(printed) = printed {
            said += &match self.language {
                Language::English => format!("; printed is «{printed}»"),
                Language::Chinese => format!("；文中写«{printed}»"),
            };
        }
        said
    }

    fn age(&self, sum: &Calculation, citations: &[Citation]) -> String {
        let quotes: Vec<String> = sum.operands.iter().filter_map(|index| quote(citations, *index)).collect();
        let follows = self.calculated((&sum.low, &sum.high), None, &sum.unit);
        match (quotes.as_slice(), self.language) {
            ([from, age], Language::English) => {
                format!("from «{from}» to the day of publication it is {follows}; printed is «{age}»")
            }
            ([from, age], Language::Chinese) => format!("自«{from}»至发布日为{follows}；文中写«{age}»"),
            ([from, to, age, ..], Language::English) => {
                format!("from «{from}» to «{to}» it is {follows}; printed is «{age}»")
            }
            ([from, to, age, ..], Language::Chinese) => {
                format!("自«{from}»至«{to}»为{follows}；文中写«{age}»")
            }
            _ => format!("{} = {follows}", sum.expression),
        }
    }
}

fn quote(citations: &[Citation], index: u32) -> Option<String> {
    let span = citations.get(index as usize)?.spans.first()?;
    Some(span.quote.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use api::record::{FindingSide, Span};
    use text::Lexicon;

    use super::*;

    fn told(finding: &Finding, quotes: &[&str]) -> [String; 2] {
        let citation = |quote: &&str| Citation {
            document: "documents/a".into(),
            spans: vec![Span { quote: (*quote).into(), ..Span::default() }],
        };
        let citations: Vec<Citation> = quotes.iter().map(citation).collect();
        [Language::English, Language::Chinese]
            .map(|language| Teller::new(Lexicon::standard(), language).check(finding, &citations))
    }

    fn finding(check: Check, kind: FindingKind, sums: Vec<Calculation>) -> Finding {
        let sides = vec![FindingSide { said: "«May» is told as done".into(), ..FindingSide::default() }];
        Finding { kind: kind.into(), check: check.into(), calculations: sums, sides, ..Finding::default() }
    }

    fn sum(expression: &str, ends: [&str; 4], unit: &str, operands: &[u32]) -> Calculation {
        let [low, high, printed_low, printed_high] = ends.map(str::to_owned);
        let (expression, unit) = (expression.to_owned(), unit.to_owned());
        Calculation { expression, low, high, printed_low, printed_high, unit, operands: operands.to_vec() }
    }

    #[test]
    fn a_calculation_is_set_against_what_is_printed() {
        let ends = ["7711.818", "7771.788", "7471.5", "7472.5"];
        let fails = vec![sum("5,865 tons × (1 + 32%)", ends, "t", &[0, 1, 2])];
        let [english, chinese] = told(
            &finding(Check::ChangeBase, FindingKind::Fails, fails),
            &["5,865 tons", "32%", "7,472 tons"],
        );
        assert_eq!(english, "5,865 tons × (1 + 32%) = 7,712–7,772 t, but «7,472 tons» is printed");
        assert_eq!(chinese, "5,865 tons × (1 + 32%) = 7,712–7,772吨，文中却写«7,472 tons»");
        let holds = vec![sum("178 ÷ 87", ["2.045977", "2.045977", "2.045", "2.055"], "", &[0, 1, 2])];
        let [english, chinese] =
            told(&finding(Check::Ratio, FindingKind::Holds, holds), &["178", "87", "2.05"]);
        assert_eq!(english, "178 ÷ 87 = 2.05, as printed: «2.05»");
        assert_eq!(chinese, "178 ÷ 87 = 2.05，与文中«2.05»相符");
    }

    #[test]
    fn without_a_printed_result_it_is_set_against_what_is_plausible() {
        let ends = ["2.117202", "2.117815", "3", "60"];
        let sum = sum("107.76 billion yuan ÷ 50.89 billion shares", ends, "CNY/{share}", &[0, 1]);
        let quotes = ["107.76 billion yuan", "50.89 billion shares"];
        let [english, chinese] = told(&finding(Check::UnitPrice, FindingKind::Fails, vec![sum]), &quotes);
        assert!(english.ends_with(" = 2.12 CNY a share; plausible would be 3–60 CNY a share"), "{english}");
        assert!(chinese.ends_with(" = 2.12元/股；合理范围为3–60元/股"), "{chinese}");
    }

    #[test]
    fn ages_and_ranges_have_words_of_their_own() {
        let age =
            sum("the day of publication − July 2023", ["1.952088", "2.034223", "0.5", "1.95"], "a", &[0, 1]);
        let [english, chinese] =
            told(&finding(Check::Age, FindingKind::Fails, vec![age]), &["July 2023", "一年"]);
        assert_eq!(
            english,
            "from «July 2023» to the day of publication it is 1.952–2.034 years; printed is «一年»"
        );
        assert_eq!(chinese, "自«July 2023»至发布日为1.952–2.034年；文中写«一年»");
        let ends = ["45372010", "45445370", "45377160", "45445940"];
        let range = sum("900 million to 960 million ÷ (1 + 1882%-2014%)", ends, "CNY", &[0, 1]);
        let quotes = ["900 million to 960 million", "1882%-2014%"];
        let [english, chinese] = told(&finding(Check::RangeBase, FindingKind::Holds, vec![range]), &quotes);
        assert_eq!(english, "both ends imply one base: 45.4 million CNY");
        assert_eq!(chinese, "区间两端推得同一基数：4,540万元");
    }

    #[test]
    fn wording_is_told_in_the_readers_language() {
        let [english, chinese] = told(&finding(Check::FuturePeriod, FindingKind::Fails, Vec::new()), &[]);
        assert_eq!(
            (english.as_str(), chinese.as_str()),
            ("«May» is told as done", "把尚未结束的时期当作已成之事")
        );
    }
}
